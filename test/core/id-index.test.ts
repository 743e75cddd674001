import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdIndex } from '../../src/core/dag/id-index.ts'

const SLOTS = 16

/**
 * Ids whose first bytes are few, so that most share a home or have neighbouring ones, at both ends of the table:
 * searches cross one another and wrap around. The last byte makes them distinct.
 */
const homes = [0, 1, 2, 2 * SLOTS - 2, 2 * SLOTS - 1]

function idWith(home: number, last: number): Uint8Array {
  const id = new Uint8Array(32)
  id[0] = home
  id[31] = last
  return id
}

describe('the index of ids', () => {
  it('agrees with a plain map, however ids collide, come and go', () => {
    const step = fc.record({ slot: fc.nat(SLOTS - 1), home: fc.constantFrom(...homes), last: fc.nat(7) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const ids = new Uint8Array(SLOTS * 32)
        const index = new IdIndex(ids, SLOTS)
        const model = new Map<number, Uint8Array>()
        const slotIn = (id: Uint8Array) =>
          [...model].find(([, held]) => held.every((byte, i) => byte === id[i]))?.[0] ?? -1
        for (const { slot, home, last } of steps) {
          const id = idWith(home, last)
          if (model.delete(slot)) index.remove(slot)
          else if (slotIn(id) < 0) {
            ids.set(id, slot * 32)
            model.set(slot, id)
            index.insert(slot)
          }
          for (const candidateHome of homes)
            for (let other = 0; other < 8; other++) {
              const candidate = idWith(candidateHome, other)
              expect(index.find(candidate)).toBe(slotIn(candidate))
            }
        }
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it('finds every id of a full table', () => {
    const ids = new Uint8Array(SLOTS * 32)
    const index = new IdIndex(ids, SLOTS)
    for (let slot = 0; slot < SLOTS; slot++) {
      ids.set(idWith(2 * SLOTS - 1, slot), slot * 32)
      index.insert(slot)
    }
    for (let slot = 0; slot < SLOTS; slot++) expect(index.find(idWith(2 * SLOTS - 1, slot))).toBe(slot)
    expect(index.find(idWith(2 * SLOTS - 1, SLOTS))).toBe(-1)
  })
})
