import { describe, expect, it } from 'vitest'
import { screenAskedFor, showScreen } from '../../src/app/notification-click.ts'

const SCREEN = '#/thing/a:b'

/** A browser with these pages open, and what was done to them. */
function browser(...visible: readonly boolean[]) {
  const done: string[] = []
  const shown: (string | undefined)[] = []
  let mayFocus = true
  const pages = {
    matchAll: async () =>
      visible.map((isVisible, i) => ({
        visibilityState: isVisible ? 'visible' : 'hidden',
        focus: async () => {
          if (!mayFocus) throw new DOMException('not by a click', 'InvalidAccessError')
          done.push(`focus ${i}`)
        },
        postMessage: (message: unknown) => {
          done.push(`tell ${i}`)
          shown.push(screenAskedFor(message))
        },
      })),
    openWindow: async (url: string) => void done.push(`open ${url}`),
  }
  return { pages, done, shown, forbidFocus: () => (mayFocus = false) }
}

describe('Whoever taps a notification', () => {
  it('is brought to the page in sight, on the screen of the thing', async () => {
    const { pages, done, shown } = browser(false, true)
    await showScreen(pages, SCREEN)
    expect([done, shown]).toEqual([['tell 1', 'focus 1'], [SCREEN]])
  })

  it('is brought to one out of sight where there is no other, and sees the screen though it may not come forward', async () => {
    const { pages, done, shown, forbidFocus } = browser(false)
    await showScreen(pages, SCREEN)
    forbidFocus()
    await showScreen(pages, SCREEN)
    expect([done, shown]).toEqual([
      ['tell 0', 'focus 0', 'tell 0'],
      [SCREEN, SCREEN],
    ])
  })

  it('has the app opened on it where it is closed', async () => {
    const { pages, done } = browser()
    await showScreen(pages, SCREEN)
    await showScreen(pages, undefined)
    expect(done).toEqual([`open /${SCREEN}`, 'open /#/'])
  })
})

describe('A message of the service worker', () => {
  it('leads to screens of the app and nowhere else', async () => {
    const { pages, done } = browser()
    await showScreen(pages, 'https://elsewhere.example/')
    expect(done).toEqual(['open /#/'])
    const asked = [
      null,
      'show',
      { type: 'show' },
      { type: 'hide', screen: SCREEN },
      { type: 'show', screen: '#join=x' },
    ]
    expect(asked.map(screenAskedFor)).toEqual(asked.map(() => undefined))
  })
})
