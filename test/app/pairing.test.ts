import { describe, expect, it } from 'vitest'
import { codeLifeWords } from '../../src/app/pairing-words.ts'
import { PairingState } from '../../src/app/state/pairing.svelte.ts'
import { ApiError } from '../../src/node/api.ts'

const SHOWN = { pairing: 'c0ffee', code: 'EAAA', expiresAtMs: 300_000 }

const refusal = (words: string) => Promise.reject(new ApiError('cannot-pair', words))

/** A peer that makes codes, refuses what is `bad`, and is connected or not when the test says so. */
function pairing(made: () => Promise<typeof SHOWN> = () => Promise.resolve(SHOWN)) {
  const cancelled: string[] = []
  const outcome = Promise.withResolvers<void>()
  const state = new PairingState({
    offerPairing: made,
    answerPairing: ({ offer }) => (offer === 'bad' ? refusal('It is cut short.') : made()),
    acceptPairing: ({ answer }) => (answer === 'bad' ? refusal('It is mistyped.') : Promise.resolve()),
    awaitPairing: () => outcome.promise,
    cancelPairing: ({ pairing: name }) => {
      cancelled.push(name)
      return Promise.resolve()
    },
  })
  return { state, cancelled, outcome }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('connecting by codes, on the screen', () => {
  it('shows a code, takes the answer, and says when it is done', async () => {
    const { state, outcome, cancelled } = pairing()
    const offered = state.offer()
    expect(state.step.type).toBe('making')
    await settled()
    expect(state.step).toEqual({ type: 'offering', shown: SHOWN, taken: false })
    await state.accept('bad')
    expect(state.fault).toBe('It is mistyped.')
    expect(state.step).toMatchObject({ type: 'offering', taken: false })
    await state.accept('good')
    expect(state.fault).toBeUndefined()
    expect(state.step).toMatchObject({ taken: true })
    outcome.resolve()
    await offered
    expect(state.step.type).toBe('connected')
    state.cancel()
    expect(cancelled).toEqual([])
  })

  it('takes a code and shows the answer', async () => {
    const { state, outcome } = pairing()
    state.enter()
    await state.answer('bad')
    expect(state.step.type).toBe('entering')
    expect(state.fault).toBe('It is cut short.')
    const answered = state.answer('good')
    await settled()
    expect(state.step).toEqual({ type: 'answering', shown: SHOWN })
    outcome.resolve()
    await answered
    expect(state.step.type).toBe('connected')
  })

  it('goes back to the choice when it came to nothing, and says why', async () => {
    const { state, outcome } = pairing()
    const offered = state.offer()
    await settled()
    outcome.reject(new ApiError('cannot-pair', 'They do not reach each other.'))
    await offered
    expect(state.step.type).toBe('choosing')
    expect(state.failure).toBe('They do not reach each other.')
    state.enter()
    expect(state.failure).toBeUndefined()
  })

  it('gives up what its person leaves, also a code that is made too late', async () => {
    const { state, cancelled, outcome } = pairing()
    void state.offer()
    await settled()
    state.cancel()
    expect(cancelled).toEqual(['c0ffee'])
    outcome.reject(new ApiError('cancelled', 'Cancelled.'))
    await settled()
    expect([state.step.type, state.failure]).toEqual(['choosing', undefined])
    const late = state.offer()
    state.cancel()
    await late
    expect(cancelled).toEqual(['c0ffee', 'c0ffee'])
    expect(state.step.type).toBe('choosing')
  })

  it('says how long a code works, to the minute', () => {
    expect(codeLifeWords(300_000, 0)).toMatch(/5 more minutes/)
    // the screen's clock is up to a second behind
    expect(codeLifeWords(300_000, -999)).toMatch(/5 more minutes/)
    expect(codeLifeWords(300_000, 240_000)).toMatch(/1 more minute\./)
    expect(codeLifeWords(300_000, 240_001)).toMatch(/less than a minute/)
    expect(codeLifeWords(300_000, 300_000)).toMatch(/expired/)
  })
})
