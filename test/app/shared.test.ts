import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shared } from '../../src/app/state/shared.ts'
import { keyOf, snapshotWith, thingWith } from './views.ts'

describe('what a snapshot shares with the one before', () => {
  it('is all of it where nothing changed, though it came by another message', () => {
    const before = snapshotWith({ things: [thingWith(), thingWith({ key: keyOf(2) })] })
    expect(shared(before, structuredClone(before))).toBe(before)
  })

  it('is every thing but the one that spoke', () => {
    const before = snapshotWith({ things: [thingWith(), thingWith({ key: keyOf(2) })] })
    const spoke = thingWith({ key: keyOf(2), waiting: 1 })
    const after = shared(before, structuredClone({ ...before, things: [thingWith(), spoke] }))
    expect(after).not.toBe(before)
    expect(after.things[0]).toBe(before.things[0])
    expect(after.things[1]).toEqual(spoke)
    expect(after.network).toBe(before.network)
    expect(after.wallet).toBe(before.wallet)
  })

  it('is not a list that has grown or shrunk, or a part that has gone', () => {
    const one = { list: [1, 2], part: { a: 1, b: undefined } }
    for (const other of [
      { list: [1, 2, 3], part: one.part },
      { list: [1], part: one.part },
      { list: one.list, part: { a: 1 } },
      { list: one.list, part: { a: 1, c: undefined } },
      { list: { 0: 1, 1: 2, length: 2 }, part: one.part },
    ]) {
      expect(shared<object>(one, structuredClone(other))).toStrictEqual(other)
    }
  })

  it('is nothing that is more than its parts', () => {
    const before = { at: new Date(1), bytes: Uint8Array.of(1) }
    const after = { at: new Date(2), bytes: Uint8Array.of(2) }
    expect(shared(before, after)).toBe(after)
    expect(after.at.getTime()).toBe(2)
  })

  it('never changes what is said, nor what was said before', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const check = fc.property(value, value, (before, after) => {
      const [wasBefore, wasAfter] = [structuredClone(before), structuredClone(after)]
      const result = shared(before, after)
      expect(result).toStrictEqual(wasAfter)
      expect(before).toStrictEqual(wasBefore)
      expect(shared(result, structuredClone(result))).toBe(result)
    })
    fc.assert(check, { numRuns: 500, seed: 5 })
  })
})
