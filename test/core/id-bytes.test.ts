import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idWord, writeIdBytes } from '../../src/core/dag/id-bytes.ts'

const someId = fc.uint8Array({ minLength: 32, maxLength: 32 })
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('the bytes of an id', () => {
  it('are written where they belong, and nowhere else', () => {
    fc.assert(
      fc.property(someId, fc.nat(8), fc.nat(32), (id, at, length) => {
        const target = new Uint8Array(48).fill(0xaa)
        writeIdBytes(hexOf(id), target, at, length)
        const expected = new Uint8Array(48).fill(0xaa)
        expected.set(id.subarray(0, length), at)
        expect(target).toEqual(expected)
      }),
      { seed: 4 },
    )
  })

  it('can be had by fours, as big-endian numbers', () => {
    fc.assert(
      fc.property(someId, fc.nat(7), (id, index) => {
        expect(idWord(hexOf(id), index)).toBe(Buffer.from(id).readUInt32BE(4 * index))
      }),
      { seed: 5 },
    )
  })
})
