import { describe, expect, it } from 'vitest'
import {
  HREFS,
  parseInvitation,
  parseRoute,
  RouterState,
  thingHref,
} from '../../src/app/state/router.svelte.ts'
import { keyOf } from './views.ts'

/** As much of a window as a router looks at. */
function pageAt(hash: string) {
  const listeners: (() => void)[] = []
  const location = { hash, pathname: '/', search: '' }
  const page = {
    location,
    history: {
      replaceState: (_: unknown, __: string, url: string) => (location.hash = url.slice(url.indexOf('#'))),
    },
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
  }
  const goTo = (next: string) => {
    location.hash = next
    listeners.forEach((listener) => listener())
  }
  return { page, goTo }
}

describe('addresses', () => {
  it('leads from a thing to its address and back', () => {
    expect(parseRoute(thingHref(keyOf(7)))).toEqual({ screen: 'thing', key: keyOf(7) })
  })

  it('has one for the wallet', () => {
    expect(parseRoute(HREFS.wallet)).toEqual({ screen: 'wallet' })
    expect(parseRoute(HREFS.things)).toEqual({ screen: 'things' })
  })

  it('shows the things for every address it does not know', () => {
    for (const hash of [
      '',
      '#',
      '#/',
      '#/thing/',
      '#/thing/zz',
      '#/wallets',
      `#/thing/${keyOf(1)}0`,
      '#join=x',
    ]) {
      expect(parseRoute(hash)).toEqual({ screen: 'things' })
    }
  })

  it('finds an invitation only where one is', () => {
    expect(parseInvitation('#join=abc-_9')).toBe('abc-_9')
    expect(parseInvitation('#join=')).toBeUndefined()
    expect(parseInvitation('#/thing/join=abc')).toBeUndefined()
  })
})

describe('an invitation in the address', () => {
  it('is taken out, so that a reload does not ask again', () => {
    const { page } = pageAt('#join=abc')
    const router = new RouterState(page)
    expect(router.takeInvitation()).toBe('abc')
    expect(page.location.hash).toBe('#/')
    expect(router.takeInvitation()).toBeUndefined()
  })

  it('is handed on when a link is opened in a tab that runs', () => {
    const { page, goTo } = pageAt('#/')
    const router = new RouterState(page)
    const invitations: string[] = []
    router.follow((invitation) => invitations.push(invitation))
    goTo(thingHref(keyOf(1)))
    expect(router.route).toEqual({ screen: 'thing', key: keyOf(1) })
    goTo('#join=abc')
    expect(invitations).toEqual(['abc'])
    expect(router.route).toEqual({ screen: 'things' })
  })
})
