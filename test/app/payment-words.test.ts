import { describe, expect, it } from 'vitest'
import type { PaymentViewState } from '../../src/node/api.ts'
import {
  directionWords,
  divergedWords,
  hintWords,
  listed,
  mayTakeBack,
  noteWords,
  signOf,
  stateWords,
  waitsForValidators,
} from '../../src/app/payment-words.ts'
import { ANN, BEN, DEVICE, paymentWith, snapshotWith } from './views.ts'

type Reason<Type> =
  Extract<PaymentViewState, { readonly type: Type }> extends { readonly reason: infer R extends string }
    ? R
    : never

/** Every reason there is: the compiler sees to that. */
const REJECTED: { readonly [reason in Reason<'rejected'>]: true } = {
  duplicate: true,
  'missing-input': true,
  'spent-input': true,
  'time-locked': true,
  'not-unlocked': true,
  unbalanced: true,
  dust: true,
}
const FAILED: { readonly [reason in Reason<'failed'>]: true } = {
  'already-spent': true,
  'built-on-failed': true,
}

/** What there is to do, or that nothing is. */
const TO_DO = /(?:pay again|tried again|Take it back|Ask|nothing to do|claim)[^.]*\.$/

describe('a payment on its way', () => {
  it('is worked at, sent, and final', () => {
    const states: readonly PaymentViewState[] = [
      { type: 'working', done: 0.409 },
      { type: 'working', done: 0.409, leftMs: 400 },
      { type: 'working', done: 0.409, leftMs: 3100 },
      { type: 'pending', heldBy: 0 },
      { type: 'pending', heldBy: 1 },
      { type: 'pending', heldBy: 3 },
      { type: 'final', commit: 12 },
    ]
    expect(states.map(stateWords)).toEqual([
      'working (PoW 40 %)',
      'working (PoW 40 %)',
      'working (PoW 40 %, about 4 s left)',
      'on this phone only',
      'sent to 1 peer',
      'sent to 3 peers',
      'final',
    ])
  })

  it('is rejected or fails for a reason, and each says what it means', () => {
    const rejected = Object.keys(REJECTED) as (keyof typeof REJECTED)[]
    const failed = Object.keys(FAILED) as (keyof typeof FAILED)[]
    const states: readonly PaymentViewState[] = [
      ...rejected.map((reason) => ({ type: 'rejected', reason }) as const),
      ...failed.map((reason) => ({ type: 'failed', reason }) as const),
    ]
    for (const state of states) {
      expect(stateWords(state)).toMatch(/^(?:rejected|failed): [a-z]/)
      expect(hintWords(state, false)).toMatch(TO_DO)
    }
    expect(new Set(states.map((state) => hintWords(state, false))).size).toBe(states.length)
    expect(stateWords({ type: 'failed', reason: 'already-spent' })).toBe('failed: already spent')
    expect(hintWords({ type: 'failed', reason: 'already-spent' }, false)).toMatch(/Nothing was paid/)
  })

  it('can be taken back until it is final, and only by whoever sent it', () => {
    const may = (state: PaymentViewState, direction: 'sent' | 'received' = 'sent') =>
      mayTakeBack({ direction, state })
    expect(may({ type: 'pending', heldBy: 3 })).toBe(true)
    expect(may({ type: 'rejected', reason: 'not-unlocked' })).toBe(true)
    expect(may({ type: 'final', commit: 1 })).toBe(false)
    expect(may({ type: 'failed', reason: 'already-spent' })).toBe(false)
    expect(may({ type: 'pending', heldBy: 3 }, 'received')).toBe(false)
  })
})

describe('a list of payments', () => {
  it('has those on their way first and a failed one where its time puts it', () => {
    const final = { type: 'final', commit: 1 } as const
    const shown = listed([
      paymentWith({ id: 1, atMs: 10, state: { type: 'failed', reason: 'already-spent' } }),
      paymentWith({ id: 2, atMs: 20, state: { type: 'pending', heldBy: 0 } }),
      paymentWith({ id: 3, atMs: 40, state: final }),
      paymentWith({ id: 4, atMs: 30, state: { type: 'working', done: 0 } }),
      paymentWith({ id: 5, atMs: 5, state: final }),
    ])
    expect(shown.map(({ id }) => Number(id))).toEqual([4, 2, 3, 1, 5])
  })

  it('tells what came from what went', () => {
    expect(directionWords('came-back')).toBe('Came back from')
    expect((['sent', 'went-back', 'self', 'claimed', 'received', 'came-back'] as const).map(signOf)).toEqual([
      -1, -1, 0, 0, 1, 1,
    ])
  })
})

describe('a stranger’s note', () => {
  it('is one line of bounded length', () => {
    expect(noteWords('Eggs\n\r\tand\u0000 milk ')).toBe('Eggs and milk')
    expect(noteWords('W'.repeat(256))).toHaveLength(140)
    expect(noteWords(' \u2028 ')).toBe('')
  })

  it('cannot turn the direction of what stands after it', () => {
    expect(noteWords('a\u202eb\u2066c\u200f')).toBe('a b c')
  })

  it('is no markup: what looks like it stays text', () => {
    expect(noteWords('<b>hi</b>')).toBe('<b>hi</b>')
  })
})

describe('validators who have signed another order', () => {
  it('are counted, and it is said what happened, what is kept and what to do', () => {
    const [what, kept, todo] = divergedWords({ index: 12, validators: 2 }, 4)
    expect(what).toMatch(
      /^Payments are stopped on this device\. 2 of 4 validators, .* have signed another order/,
    )
    expect(kept).toMatch(/^Nothing here is lost\./)
    expect(todo).toMatch(/^Update Weft .* invitation/)
    expect(divergedWords({ index: 12, validators: 1 }, 1)[0]).toMatch(/ 1 of 1 validator, .* has signed/)
  })

  it('are not waited for: payments are stopped', () => {
    const order = { committee: [{ key: ANN, weight: 1 }], diverged: { index: 12, validators: 1 } }
    expect(waitsForValidators(paymentWith(), snapshotWith({ order }), 1e6)).toBe(false)
  })
})

describe('validators who are not there', () => {
  const pending = paymentWith({ atMs: 0 })
  const peers = [{ id: 'a', direct: true }]
  const four = [DEVICE, ANN, BEN, `${BEN.slice(0, -1)}C`].map((key) => ({ key, weight: 1 }))

  it('are waited for where nobody is connected', () => {
    expect(waitsForValidators(pending, snapshotWith({ order: { committee: four } }), 0)).toBe(true)
    expect(waitsForValidators(pending, snapshotWith({ peers, order: { committee: four } }), 0)).toBe(false)
  })

  it('are waited for where a payment takes much longer than agreeing does', () => {
    const snapshot = snapshotWith({ peers, order: { committee: four, atMs: 5000 } })
    expect(waitsForValidators(pending, snapshot, 25_000)).toBe(false)
    expect(waitsForValidators(pending, snapshot, 25_001)).toBe(true)
  })

  it('are this device itself where no quorum is without it and it takes no part', () => {
    const alone = snapshotWith({ peers, order: { validator: { type: 'alone' } } })
    expect(waitsForValidators(pending, alone, 0)).toBe(true)
    const listening = snapshotWith({ peers, order: { committee: four, validator: { type: 'listening' } } })
    expect(waitsForValidators(pending, listening, 0)).toBe(false)
  })

  it('are never waited for where this device agrees alone, nor for what is not on its way', () => {
    expect(waitsForValidators(pending, snapshotWith({}), 1e9)).toBe(false)
    const final = paymentWith({ state: { type: 'final', commit: 1 } })
    expect(waitsForValidators(final, snapshotWith({ order: { committee: four } }), 1e9)).toBe(false)
    expect(hintWords(final.state, false)).toBeUndefined()
    expect(hintWords(pending.state, true)).toBe('Waiting for the network’s validators.')
  })
})
