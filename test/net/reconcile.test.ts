import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer, begin, proceed, RECONCILE_BYTES_MAX } from '../../src/net/reconcile.ts'
import { RECONCILE_BYTES_MIN } from '../../src/net/reconcile-writer.ts'
import { mutate, mutation } from '../property/mutate.ts'
import { seededWords } from '../store/cases.ts'
import { bytesPerDifference, chanceItems, run, runWith, setOf, type Item } from './reconcile-run.ts'

const hexOf = (items: readonly Item[]) => items.map(([, id]) => Buffer.from(id).toString('hex')).sort()

/** Two sides: what both hold, what only we do, what only they do. */
interface Sides {
  readonly common: readonly Item[]
  readonly ours: readonly Item[]
  readonly theirs: readonly Item[]
}

/** Ids that differ early or late, at times many of which are the same. */
const items: fc.Arbitrary<Item[]> = fc
  .record({
    seed: fc.integer(),
    count: fc.nat(250),
    span: fc.constantFrom(1, 3, 100, 1e9),
    alike: fc.constantFrom(0, 1, 28),
  })
  .map(({ seed, count, span, alike }) => {
    const made = chanceItems(seededWords(seed), count, 1_700_000_000_000, span)
    for (const [, id] of made) id.fill(seed, 0, alike)
    return made
  })

const sides: fc.Arbitrary<Sides> = fc
  .tuple(items, items, items, fc.constantFrom(0, 1, 2, 3))
  .map(([common, ours, theirs, empty]) => ({
    common: empty === 1 ? [] : common,
    ours: empty === 2 ? [] : ours,
    theirs: empty === 3 ? [] : theirs,
  }))
  .filter(({ common, ours, theirs }) => {
    const ids = hexOf([...common, ...ours, ...theirs])
    return new Set(ids).size === ids.length
  })

const bytesMax = fc.constantFrom(RECONCILE_BYTES_MIN, 300, 1000, 4096, RECONCILE_BYTES_MAX)

const DAY_MS = 24 * 3600_000
const START_MS = 1_700_000_000_000

describe('two sides', () => {
  it('find out what only one of them has, whoever begins, however short the messages', () => {
    fc.assert(
      fc.property(sides, bytesMax, bytesMax, ({ common, ours, theirs }, limit, theirLimit) => {
        const left = setOf([...common, ...ours])
        const right = setOf([...common, ...theirs])
        const forth = runWith(left, (message) => answer(right, message, theirLimit), limit)
        const back = run(right, left, limit)
        if (forth === 'endless') throw new Error('no end')
        expect([...forth.have].sort()).toEqual(hexOf(ours))
        expect([...forth.need].sort()).toEqual(hexOf(theirs))
        expect([...back.have].sort()).toEqual(hexOf(theirs))
        expect([...back.need].sort()).toEqual(hexOf(ours))
        for (const message of back.messages) expect(message.length).toBeLessThanOrEqual(limit)
      }),
      { seed: 4, numRuns: 150 },
    )
  })

  it('need a round or two where one lacks the newest, and few where one has nothing', () => {
    const words = seededWords(2)
    const old = chanceItems(words, 5000, START_MS, DAY_MS)
    const late = chanceItems(words, 1500, START_MS + DAY_MS, DAY_MS)
    const behind = run(setOf(old), setOf([...old, ...late]))
    expect(behind.need.size).toBe(1500)
    expect(behind.rounds).toBe(1)
    expect(run(setOf([...old, ...late]), setOf(old)).rounds).toBeLessThanOrEqual(3)
    expect(run(setOf([]), setOf(late))).toMatchObject({ rounds: 1 })
    expect(run(setOf(late), setOf([]))).toMatchObject({ rounds: 1 })
  })

  it('agree in one round on nothing', () => {
    const { rounds, messages } = run(setOf([]), setOf([]))
    expect(rounds).toBe(1)
    expect(messages.map((message) => Buffer.from(message).toString('hex'))).toEqual([
      '6100000200',
      '6100000200',
    ])
  })

  it('may have issued blocks at the last time there is', () => {
    const last: Item = [Number.MAX_SAFE_INTEGER, new Uint8Array(32).fill(7)]
    const first: Item = [0, new Uint8Array(32)]
    expect([...run(setOf([last]), setOf([first])).need]).toEqual(hexOf([first]))
    expect([...run(setOf([first]), setOf([last])).need]).toEqual(hexOf([last]))
  })
})

describe('a hundred thousand blocks in common', () => {
  const words = seededWords(1)
  const common = chanceItems(words, 100_000, START_MS, DAY_MS)

  it('and a thousand newer ones on each side take three rounds at most, and 45 bytes for each', () => {
    const newest = () => chanceItems(words, 1000, START_MS + DAY_MS, 3600_000)
    const result = run(setOf([...common, ...newest()]), setOf([...common, ...newest()]))
    expect([result.have.size, result.need.size]).toEqual([1000, 1000])
    expect(result.rounds).toBeLessThanOrEqual(3)
    expect(bytesPerDifference(result)).toBeLessThanOrEqual(45)
  })

  it('and nothing else take one round and less than a kilobyte', () => {
    const set = setOf(common)
    const { rounds, bytes } = run(set, set)
    expect(rounds).toBe(1)
    expect(bytes).toBeLessThan(1000)
  })

  it('and one more in the middle take four rounds at most, and two kilobytes', () => {
    const [more] = chanceItems(words, 1, START_MS + DAY_MS / 3, 1)
    if (more === undefined) throw new Error('one')
    const { rounds, bytes, need } = run(setOf(common), setOf([...common, more]))
    expect([...need]).toEqual(hexOf([more]))
    expect(rounds).toBeLessThanOrEqual(4)
    expect(bytes).toBeLessThan(2048)
  })
})

describe('a peer that means ill', () => {
  const words = seededWords(3)
  const set = setOf(chanceItems(words, 2000, START_MS, 1000))

  it('whose fingerprints never agree comes to an end', () => {
    const lies = Uint8Array.of(0x61, 0, 0, 1, ...new Uint8Array(16).fill(9))
    expect(runWith(set, () => lies)).toBe('endless')
  })

  it('which denies everything is told no more than this side has', () => {
    const found = proceed(set, Uint8Array.of(0x61, 0, 0, 2, 0))
    expect('need' in found && found.need.size).toBe(0)
    expect('have' in found && found.have.length).toBe(2000)
  })

  it('which sends as many fingerprints as fit gets one message of bounded length', () => {
    const range = [2, 0, 1, ...new Uint8Array(16)]
    const ranges = Array.from({ length: 3000 }, () => range).flat()
    const many = Uint8Array.of(0x61, ...ranges)
    const reply = answer(set, many)
    expect(reply).toBeInstanceOf(Uint8Array)
    expect((reply as Uint8Array).length).toBeLessThanOrEqual(RECONCILE_BYTES_MAX)
  })

  it('which spoils its messages is answered with a fault or a message, and never more than that', () => {
    const other = setOf([...chanceItems(seededWords(3), 1500, START_MS, 1000), [5, new Uint8Array(32)]])
    const messages = [...run(set, other).messages, ...run(other, set, 500).messages, begin(set)]
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (message, changes) => {
          const spoilt = changes.reduce(mutate, message)
          for (const limit of [RECONCILE_BYTES_MIN, RECONCILE_BYTES_MAX]) {
            const reply = answer(set, spoilt, limit)
            if (!('reason' in reply)) expect(reply.length).toBeLessThanOrEqual(limit)
            const found = proceed(set, spoilt, limit)
            if ('reason' in found) continue
            expect(found.have.length).toBeLessThanOrEqual(set.size)
            expect(found.need.size).toBeLessThanOrEqual(spoilt.length / 32)
            expect(found.next?.length ?? 0).toBeLessThanOrEqual(limit)
          }
        },
      ),
      { seed: 5, numRuns: 2000 },
    )
  })
})
