import { describe, expect, it } from 'vitest'
import { DIGEST_SEED, simulateDigest } from './digest.ts'
import { EventQueue } from './queue.ts'
import { simulate } from './run.ts'

/** Short enough for every verification; `npm run sim` runs thousands. */
const SEEDS = [1, 2, 4]

/** A bound on a test that works for seconds, on a machine that does other things too. */
const TEST_MS_MAX = 60_000

describe('a simulated network', { timeout: TEST_MS_MAX }, () => {
  it.each(SEEDS)('commits everything in one order in a short run with all faults: seed %i', (seed) => {
    const outcome = simulate({ seed, others: 5, validators: seed % 2 === 0 ? 4 : 7, activeMs: 60_000 })
    expect(outcome).toMatchObject({ type: 'summary' })
    if (outcome.type === 'summary') expect(outcome.commits).toBeGreaterThan(0)
  })

  it('with one validator commits by itself', () => {
    const outcome = simulate({ seed: 5, validators: 1, others: 2, activeMs: 30_000 })
    expect(outcome).toMatchObject({ type: 'summary', validators: 1 })
  })

  it('is the same run for the same seed, and another for another', () => {
    const digest = simulateDigest(DIGEST_SEED)
    expect(simulateDigest(DIGEST_SEED)).toBe(digest)
    expect(simulateDigest(DIGEST_SEED + 1)).not.toBe(digest)
  })
})

describe('the simulator notices', { timeout: TEST_MS_MAX }, () => {
  it('the disagreement that twins of more than a third bring about', () => {
    const outcomes = [1, 2, 3].map((seed) => simulate({ seed, mode: 'twins', validators: 4, others: 2 }))
    expect(outcomes.some((outcome) => outcome.type === 'violation' && outcome.kind === 'disagreement')).toBe(
      true,
    )
  })

  it('a validator that forgets with its store what it has proposed', () => {
    const kindOf = (seed: number, isForgetful: boolean) => {
      const outcome = simulate({
        seed,
        validators: 4,
        others: 0,
        byzantine: 1,
        failing: 'loses-store',
        isForgetful,
      })
      return outcome.type === 'violation' ? outcome.kind : 'none'
    }
    const seeds = [1, 2, 3, 4]
    expect(seeds.map((seed) => kindOf(seed, true))).toContain('honest-equivocation')
    expect(new Set(seeds.map((seed) => kindOf(seed, false)))).toEqual(new Set(['none']))
  })
})

describe('virtual time', () => {
  it('runs events by time, and those of one time in the order they were asked for', () => {
    const queue = new EventQueue()
    const ran: string[] = []
    const note = (name: string, delayMs: number) =>
      queue.after(delayMs, () => ran.push(`${name}@${queue.nowMs}`))
    note('c', 5)
    note('a', 3)
    note('d', 5)
    note('b', 3)
    queue.after(4, () => note('e', 0))
    while (queue.step(5));
    note('late', 10)
    expect(queue.step(12)).toBe(false)
    expect(queue.nowMs).toBe(12)
    expect(ran).toEqual(['a@3', 'b@3', 'e@4', 'c@5', 'd@5'])
  })
})
