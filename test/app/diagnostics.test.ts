import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diagnosticsText, type DiagnosticFacts } from '../../src/app/diagnostics.ts'
import { FaultsState, faultOf } from '../../src/app/state/faults.ts'
import type { Snapshot } from '../../src/node/api.ts'
import { paymentWith, snapshotWith, thingWith } from './views.ts'

const FACTS: DiagnosticFacts = {
  version: '1.2.3',
  built: '2026-01-01T00:00:00.000Z',
  nowMs: 1_800_000_000_000,
  userAgent: 'Browser/1',
  browser: { 'Secure page': true, 'Runs as an app': false },
  capabilities: [{ kind: 'serial', available: 'no', words: 'Use another browser' }],
  screen: { widthPx: 360, heightPx: 740, pixelRatio: 2 },
  storage: { usedBytes: 1000, quotaBytes: 2000, persisted: true },
  snapshot: undefined,
  faults: [],
}

/** Something nobody may read, found again wherever it turns up. */
const secret = fc.integer({ min: 0, max: 2 ** 30 }).map((n) => `SECRET${n.toString(36)}`)

/** A reading's value that no count and no time is. */
const measured = fc.integer({ min: 1, max: 2 ** 20 }).map((n) => n + 0.123456789)

/** Snapshots with a secret in every text that a person or a stranger has put there, and in every id. */
const snapshots = fc
  .record({ word: secret, value: measured, foreign: fc.boolean() })
  .map(({ word, value, foreign }): Snapshot => {
    const reading = { quantity: word, unit: word, value, atMs: value }
    const thing = thingWith({
      key: word,
      owner: word,
      name: word,
      mine: !foreign,
      source: word,
      latest: [reading, { ...reading, value: word }],
      spark: [value],
      settings: { saveEveryMs: 5000, alerts: [], shaping: {}, recording: {} } as never,
      alerts: [{ rule: { type: 'over', quantity: word, limit: value } as never, sinceMs: value }],
    })
    const base = snapshotWith({
      things: [thing],
      peers: [{ id: word, direct: true }],
      order: { committee: [{ key: word, weight: 1 }] },
    })
    return {
      ...base,
      device: word,
      network: {
        ...base.network,
        id: word as never,
        name: word,
        stranger: { type: 'other-network', network: word, atMs: 0 } as never,
      },
      wallet: {
        ...base.wallet,
        balance: { ...base.wallet.balance, spendable: value },
        payments: [paymentWith({ who: [word], memo: word, amount: value })],
      },
    }
  })

describe('what is told of this device', () => {
  it('has no name, note, id, reading or amount in it', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const text = diagnosticsText({ ...FACTS, snapshot })
        expect(text).not.toContain('SECRET')
        expect(text).not.toContain('123456789')
      }),
      { seed: 7 },
    )
  })

  it('says of an error only what it is and where, whatever it says itself', () => {
    fc.assert(
      fc.property(secret, fc.boolean(), (word, isNamed) => {
        const error = new TypeError(`${word} at https://${word}.example/${word}.js:1:1\n at /${word}.js:2:2`)
        if (isNamed) error.name = word
        error.stack = `${error.name}: ${error.message}\n    at f (https://weft.example/assets/a-b.js:1:23)`
        const text = diagnosticsText({ ...FACTS, faults: [faultOf(error, 0), faultOf(word, 0)] })
        expect(text).not.toContain('SECRET')
        expect(text).toContain('a-b.js:1:23')
      }),
      { seed: 7 },
    )
  })

  it('says what a helper asks first', () => {
    const text = diagnosticsText({ ...FACTS, snapshot: snapshotWith({ things: [thingWith()] }) })
    for (const line of [
      'Weft 1.2.3, built 2026-01-01T00:00:00.000Z',
      'Secure page: yes',
      'Sensor serial: no',
      'Storage: 1000 of 2000 bytes, kept',
      'Relay: none',
      'Own things: 1, by kind: 1 simulated',
      'Faults since this page was loaded: 0',
    ])
      expect(text.split('\n')).toContain(line)
  })

  it('says so where the peer has not answered', () => {
    expect(diagnosticsText(FACTS)).toContain('Peer: has not answered')
  })
})

describe('the faults of a page', () => {
  it('are remembered, the newest of them', () => {
    const page = new EventTarget()
    const faults = new FaultsState(page as never, () => 5)
    for (let i = 0; i < 30; i++)
      page.dispatchEvent(Object.assign(new Event('error'), { error: new RangeError(`${i}`) }))
    page.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'no error at all' }))
    expect(faults.list).toHaveLength(20)
    expect(faults.list[0]).toMatchObject({ atMs: 5, name: 'RangeError' })
    expect(faults.list.at(-1)).toEqual({ atMs: 5, name: 'unknown', where: '' })
  })
})
