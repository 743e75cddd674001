import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRequest, writeRequest } from '../../src/app/payment-link.ts'
import { followLaunches, parseShare, type Shared } from '../../src/app/share.ts'
import { parseRoute, payHref, RouterState } from '../../src/app/state/router.svelte.ts'
import { ANN } from './views.ts'

const search = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`

describe('what other apps share', () => {
  it('is an invitation, wherever in it the link stands', () => {
    const link = 'https://weft.example/app/#join=abc-_9'
    for (const fields of [{ url: link }, { text: `Come: ${link}\nSee you` }, { title: link }])
      expect(parseShare(search(fields))).toEqual({ type: 'join', invitation: 'abc-_9' })
  })

  it('is somebody to pay', () => {
    expect(parseShare(search({ text: `My id is ${ANN}.` }))).toEqual({ type: 'pay', payee: ANN })
  })

  it('is a request to be paid, with its amount and note, wherever in a text its link stands', () => {
    const link = writeRequest('https://weft.example/', {
      to: ANN,
      amount: 2_500_000,
      memo: 'Two eggs & milk',
    })
    const shared = parseShare(search({ text: `Please: ${link}. Thanks!` }))
    if (shared?.type !== 'pay') return expect.unreachable(shared?.type)
    expect(readRequest(shared.payee)).toEqual({ to: ANN, amount: 2_500_000, memo: 'Two eggs & milk' })
    expect(parseRoute(payHref(shared.payee))).toEqual({ screen: 'wallet', payee: shared.payee })
  })

  it('is nothing that is known, and that is no reason to fail', () => {
    for (const text of ['', 'Hello', '#join=', 'did:key:z6Mk', `${ANN}111`])
      expect(parseShare(search({ text }))).toEqual({ type: 'unknown' })
    expect(parseShare('')).toBeUndefined()
    expect(parseShare('?utm=1')).toBeUndefined()
  })

  it('gives on nothing but an invitation’s or an id’s own characters', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(`#join=a"><script>`, `${ANN}<img src=x>`),
    )
    fc.assert(
      fc.property(fc.array(text), (parts) => {
        const shared = parseShare(search({ text: parts.join('') }))
        if (shared?.type === 'join') expect(shared.invitation).toMatch(/^[\w-]+$/)
        if (shared?.type === 'pay')
          expect(shared.payee).toMatch(/^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}(?:\?[\w.*%&=+-]+)?$/)
      }),
      { seed: 7 },
    )
  })

  it('takes no time where it is huge', () => {
    expect(parseShare(`?text=${'#join'.repeat(500_000)}`)).toEqual({ type: 'unknown' })
  })

  it('is taken out of the address, which leads to the screen it named', () => {
    const location = { hash: '#/', pathname: '/', search: search({ text: ANN }) }
    let shown = ''
    const history = { replaceState: (_: unknown, __: string, url: string) => (shown = url) }
    const router = new RouterState({ location, history, addEventListener: () => undefined })
    expect(router.takeShared()).toEqual({ type: 'pay', payee: ANN })
    expect(shown).toBe('/#/')
  })

  it('leads to a payment that is filled in and not made', () => {
    expect(parseRoute(payHref(ANN))).toEqual({ screen: 'wallet', payee: ANN })
    expect(parseRoute(payHref('did:key:z6Mk/../x'))).toEqual({ screen: 'things' })
  })
})

describe('a launch of the app that is open', () => {
  function launched(...urls: readonly (string | undefined)[]) {
    const shared: Shared[] = []
    const location = { href: 'https://weft.example/?text=x', origin: 'https://weft.example', hash: '#/' }
    const launchQueue = {
      setConsumer: (consumer: (launch: { targetURL?: string | undefined }) => void) =>
        urls.forEach((targetURL) => consumer({ targetURL })),
    }
    followLaunches({ location, launchQueue }, (one) => shared.push(one))
    return { shared, hash: location.hash }
  }

  it('leads to the screen of its shortcut', () => {
    expect(launched('https://weft.example/#/wallet').hash).toBe('#/wallet')
  })

  it('hands on what is shared', () => {
    expect(launched('https://weft.example/?text=%23join%3Dabc').shared).toEqual([
      { type: 'join', invitation: 'abc' },
    ])
  })

  it('is passed over where it opened this page, for the address says it already', () => {
    const opened = 'https://weft.example/?text=x'
    expect(launched(opened).shared).toEqual([])
    expect(launched(opened, opened).shared).toEqual([{ type: 'unknown' }])
  })

  it('is passed over where it is of another origin, or none', () => {
    expect(launched('https://else.example/#/wallet', 'nonsense', undefined)).toEqual({
      shared: [],
      hash: '#/',
    })
  })

  it('is nothing where the browser has no such thing', () => {
    const location = { href: '', origin: '', hash: '' }
    expect(() => followLaunches({ location }, () => undefined)).not.toThrow()
  })
})
