import { describe, expect, it } from 'vitest'
import type { PaymentView, Snapshot, ThingView } from '../../src/node/api.ts'
import { isPaired, ReceivedState } from '../../src/app/state/received.ts'
import {
  countUnseen,
  looksAt,
  parseSeen,
  seenWith,
  type Look,
  type Seen,
} from '../../src/app/state/unseen.ts'
import { paymentWith, snapshotWith, thingWith } from './views.ts'

const received = (id: number, commit: number) =>
  paymentWith({ id, direction: 'received', state: { type: 'final', commit } })

const rule = { type: 'silent', forMs: 60_000 } as unknown as NonNullable<ThingView['alerts']>[number]['rule']
const firing = (sinceMs: number) => thingWith({ alerts: [{ rule, sinceMs }] })

function snapshotOf(payments: readonly PaymentView[], things: readonly ThingView[] = []): Snapshot {
  const snapshot = snapshotWith({ things })
  return { ...snapshot, wallet: { ...snapshot.wallet, payments } }
}

/** Goes through snapshots as one person: what the icon says after each. */
function counts(...steps: readonly (readonly [Snapshot, Look?])[]): readonly number[] {
  let seen: Seen | undefined
  return steps.map(([snapshot, look]) => {
    // as it is after a reload
    seen = seenWith(parseSeen(seen === undefined ? null : JSON.stringify(seen)), snapshot, look)
    return countUnseen(seen, snapshot)
  })
}

describe('the number on the icon', () => {
  it('is what came since the wallet was looked at', () => {
    const one = snapshotOf([received(1, 5)])
    const two = snapshotOf([received(2, 7), received(1, 5)])
    expect(counts([one], [two], [two, 'alerts'], [two, 'payments'], [two])).toEqual([0, 1, 1, 0, 0])
  })

  it('counts no payment that is not for good, and none of one’s own', () => {
    const others = [
      paymentWith({ id: 1, direction: 'received' }),
      paymentWith({ id: 2, direction: 'sent', state: { type: 'final', commit: 9 } }),
      paymentWith({ id: 3, direction: 'self', state: { type: 'final', commit: 9 } }),
    ]
    expect(counts([snapshotOf([])], [snapshotOf(others)])).toEqual([0, 0])
  })

  it('is the alerts that hold until one looks at the things; one that comes again is another', () => {
    const holds = snapshotOf([], [firing(1)])
    const ended = snapshotOf([], [thingWith()])
    const again = snapshotOf([], [firing(2)])
    expect(counts([holds], [holds, 'payments'], [holds, 'alerts'], [holds], [ended], [again])).toEqual([
      1, 1, 0, 0, 0, 1,
    ])
  })

  it('begins anew in another network', () => {
    const here = snapshotOf([received(1, 50)])
    const there = { ...here, network: { ...here.network, id: 'f'.repeat(64) as never } }
    expect(counts([here], [there], [here])).toEqual([0, 0, 0])
  })

  it('goes by what each screen shows', () => {
    expect(looksAt({ screen: 'wallet' })).toBe('payments')
    expect(looksAt({ screen: 'thing', key: '' })).toBe('alerts')
    expect(looksAt({ screen: 'settings' })).toBeUndefined()
  })

  it('is not misled by what was stored', () => {
    for (const text of [null, '', '[]', '{"network":1}', '{"network":"a","commit":0.5,"alerts":[]}', 'null'])
      expect(parseSeen(text)).toBeUndefined()
    expect(parseSeen('{"network":"a","commit":1,"alerts":["x",2]}')).toEqual({
      network: 'a',
      commit: 1,
      alerts: ['x'],
    })
  })
})

describe('a payment that came', () => {
  it('is told once, when it is for good', () => {
    const state = new ReceivedState(() => 1000)
    const pending = paymentWith({ id: 2, direction: 'received' })
    expect(state.follow([received(1, 1)])).toEqual([])
    expect(state.follow([pending, received(1, 1)])).toEqual([])
    const final = { ...received(2, 2), atMs: 900 }
    expect(state.follow([final, received(1, 1)])).toEqual([final])
    expect(state.follow([final, received(1, 1)])).toEqual([])
  })

  it('is no news after a while', () => {
    const state = new ReceivedState(() => 3_600_000)
    state.follow([])
    expect(state.follow([received(1, 1)])).toEqual([])
  })
})

it('a sensor that was paired is none that the app gave by itself', () => {
  expect(isPaired(thingWith({ kind: 'simulated' }))).toBe(false)
  expect(isPaired(thingWith({ kind: 'motion' }))).toBe(false)
  expect(isPaired(thingWith({ kind: 'heart-rate' }))).toBe(true)
  expect(isPaired(thingWith({ kind: 'heart-rate', mine: false }))).toBe(false)
})
