import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnsolidBuffer, type Parked } from '../../src/core/dag/unsolid-buffer.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import {
  PARKED_BYTES_MAX,
  PARKED_BYTES_PER_PEER_MAX,
  PARKED_MAX,
  PARKED_PER_PEER_MAX,
} from '../../src/core/model/limits.ts'
import { CREATED_AT_MS, at, idOf, makeBlock } from './make.ts'

const NOWHERE = idOf(1)

/** Made once: only its parents and time matter here, and its length. */
const SAMPLE = makeBlock({ issuedAtMs: CREATED_AT_MS })

/** A block that lacks a parent, without the cost of hashing it. */
function lacking(
  number: number,
  issuedAtMs: number,
  parents: readonly BlockId[] = [NOWHERE],
  size = 200,
): CheckedBlock {
  return { id: idOf(number), block: { ...SAMPLE.block, issuedAtMs, parents }, bytes: new Uint8Array(size) }
}

const parked = (checked: CheckedBlock, from: string): Parked => ({
  checked,
  from,
  waiting: { reason: 'missing-parents', parents: checked.block.parents },
})

const goneIds = (gone: readonly Parked[]) => gone.map(({ checked }) => checked.id)

describe('the unsolid buffer', () => {
  it('gives back what was parked, once', () => {
    const buffer = new UnsolidBuffer()
    const entry = parked(lacking(2, 10), 'a')
    expect(buffer.park(entry)).toEqual([])
    expect(buffer.has(idOf(2))).toBe(true)
    expect(buffer.childrenOf(NOWHERE)).toEqual([idOf(2)])
    expect(buffer.take(idOf(2))).toBe(entry)
    expect(buffer.take(idOf(2))).toBeUndefined()
    expect(buffer.size).toBe(0)
    expect(buffer.childrenOf(NOWHERE)).toEqual([])
  })

  it('lets the block of a peer that was issued last go first, be it the one that came', () => {
    const buffer = new UnsolidBuffer()
    for (let i = 0; i < PARKED_PER_PEER_MAX; i++) buffer.park(parked(lacking(2 + i, 1000 + i), 'a'))
    expect(goneIds(buffer.park(parked(lacking(900, 500), 'a')))).toEqual([idOf(1 + PARKED_PER_PEER_MAX)])
    expect(goneIds(buffer.park(parked(lacking(901, 9999), 'a')))).toEqual([idOf(901)])
    expect(buffer.size).toBe(PARKED_PER_PEER_MAX)
  })

  it('breaks a tie in time by id', () => {
    const buffer = new UnsolidBuffer()
    for (let i = 0; i <= PARKED_PER_PEER_MAX; i++) buffer.park(parked(lacking(1000 - i, 7), 'a'))
    expect(buffer.has(idOf(1000))).toBe(false)
    expect(buffer.has(idOf(999))).toBe(true)
  })

  it('bounds the bytes of a peer too', () => {
    const buffer = new UnsolidBuffer()
    const size = PARKED_BYTES_PER_PEER_MAX / 4
    for (let i = 0; i < 4; i++)
      expect(buffer.park(parked(lacking(2 + i, i, [NOWHERE], size), 'a'))).toEqual([])
    expect(goneIds(buffer.park(parked(lacking(9, 99, [NOWHERE], 1), 'a')))).toEqual([idOf(9)])
    expect(goneIds(buffer.park(parked(lacking(8, -1, [NOWHERE], 1), 'a')))).toEqual([idOf(5)])
  })

  it('gives each peer its own bounds', () => {
    const buffer = new UnsolidBuffer()
    for (let i = 0; i < 2 * PARKED_PER_PEER_MAX; i++) buffer.park(parked(lacking(1000 + i, i), 'flood'))
    expect(buffer.park(parked(lacking(2, 1e9), 'b'))).toEqual([])
    expect(buffer.has(idOf(2))).toBe(true)
    expect(buffer.size).toBe(PARKED_PER_PEER_MAX + 1)
  })

  it('lets the fullest peer give way where the whole is full, so that nobody shuts the others out', () => {
    const buffer = new UnsolidBuffer()
    for (let i = 0; i < PARKED_MAX; i++) buffer.park(parked(lacking(1000 + i, i), `ghost ${i % 16}`))
    expect(buffer.size).toBe(PARKED_MAX)
    const gone = buffer.park(parked(lacking(2, 1e9), 'late'))
    expect(gone).toHaveLength(1)
    expect(at(gone, 0).from).toMatch(/^ghost/)
    expect(buffer.has(idOf(2))).toBe(true)
    expect(buffer.size).toBe(PARKED_MAX)
  })

  it('bounds the bytes of all', () => {
    const buffer = new UnsolidBuffer()
    const size = PARKED_BYTES_PER_PEER_MAX / 2
    const inAll = PARKED_BYTES_MAX / size
    for (let i = 0; i < inAll; i++)
      expect(buffer.park(parked(lacking(100 + i, i, [NOWHERE], size), `${i}`))).toEqual([])
    expect(buffer.park(parked(lacking(2, 1e9, [NOWHERE], size), '0'))).toHaveLength(1)
    expect(buffer.size).toBe(inAll)
  })

  it('wants the parents that are not parked themselves, each once', () => {
    const buffer = new UnsolidBuffer()
    buffer.park(parked(lacking(3, 10, [idOf(1), idOf(2)]), 'a'))
    buffer.park(parked(lacking(4, 11, [idOf(2), idOf(3)]), 'b'))
    const wanted = buffer.wanted()
    expect(wanted.map(({ id }) => id).sort()).toEqual([idOf(1), idOf(2)])
    buffer.take(idOf(3))
    expect(buffer.wanted().map(({ id }) => id)).toEqual([idOf(2), idOf(3)])
  })

  it('knows what has become ripe, earliest first', () => {
    const buffer = new UnsolidBuffer()
    const wait = (number: number, ripeAtMs: number) =>
      buffer.park({ checked: lacking(number, 0), from: 'a', waiting: { reason: 'unripe', ripeAtMs } })
    wait(2, 30)
    wait(3, 10)
    wait(4, 20)
    buffer.park({
      checked: lacking(5, 0),
      from: 'a',
      waiting: { reason: 'missing-parents', parents: [NOWHERE] },
    })
    expect(buffer.ripe(9)).toEqual([])
    expect(buffer.ripe(20)).toEqual([idOf(3), idOf(4)])
    expect(buffer.ripeAtMs()).toBe(10)
    for (const number of [2, 3, 4]) buffer.take(idOf(number))
    expect(buffer.ripeAtMs()).toBe(Infinity)
  })

  it('keeps its index of children true through whatever comes and goes', () => {
    const step = fc.record({
      number: fc.integer({ min: 1, max: 12 }),
      parents: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
      from: fc.constantFrom('a', 'b'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new UnsolidBuffer()
        const model = new Map<BlockId, readonly BlockId[]>()
        for (const { number, parents, from } of steps) {
          const id = idOf(number)
          if (model.delete(id)) buffer.take(id)
          else {
            const checked = lacking(number, number, parents.map(idOf).sort())
            model.set(id, checked.block.parents)
            expect(buffer.park(parked(checked, from))).toEqual([])
          }
          expect(buffer.size).toBe(model.size)
          for (let parent = 1; parent <= 12; parent++) {
            const children = [...model].filter(([, of]) => of.includes(idOf(parent))).map(([child]) => child)
            expect(buffer.childrenOf(idOf(parent)).sort()).toEqual(children.sort())
          }
        }
      }),
      { seed: 4, numRuns: 100 },
    )
  })
})
