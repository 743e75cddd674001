import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/net/error.ts'
import {
  decodeMineAnswer,
  decodeMineRequest,
  encodeMineAnswer,
  encodeMineRequest,
  MINE_ANSWER_BYTES_MAX,
  MINE_REQUEST_BYTES,
} from '../../src/net/mine.ts'
import { MINE_MS_MAX, type MineAnswer, type MineRequest } from '../../src/ports.ts'
import { mutate, mutation } from '../property/mutate.ts'

const request: fc.Arbitrary<MineRequest> = fc.record({
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  target: fc.oneof(fc.integer({ min: 1, max: 2 ** 32 }), fc.constantFrom(1, 2 ** 32 - 1, 2 ** 32)),
  withinMs: fc.integer({ min: 1, max: MINE_MS_MAX }),
})

const answer: fc.Arbitrary<MineAnswer> = fc.oneof(
  fc.record({ type: fc.constant('found' as const), nonce: fc.maxSafeNat() }),
  fc.record({
    type: fc.constant('refused' as const),
    reason: fc.constantFrom('off', 'busy', 'too-much', 'too-often', 'unfinished'),
  }),
)

/** What decoding gives, or undefined where it refuses; anything else it throws is a fault. */
function decoded<T>(decode: (frame: Uint8Array) => T, frame: Uint8Array): T | undefined {
  try {
    return decode(frame)
  } catch (error) {
    expect(error).toBeInstanceOf(TransportError)
    expect(error).toMatchObject({ kind: 'malformed' })
    return undefined
  }
}

const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

describe('a request for work on the wire', () => {
  it('comes back as it was, in 44 bytes, and shares none of them', () => {
    const property = (asked: MineRequest) => {
      const frame = encodeMineRequest(asked)
      expect(frame).toHaveLength(MINE_REQUEST_BYTES)
      const read = decodeMineRequest(frame)
      frame.fill(0)
      expect(read).toEqual(asked)
    }
    fc.assert(fc.property(request, property), { seed: 41, numRuns: 300 })
  })

  it('whatever becomes of its bytes is refused, or is just what they say', () => {
    const property = (asked: MineRequest, change: Parameters<typeof mutate>[1]) => {
      const frame = mutate(encodeMineRequest(asked), change)
      const read = decoded(decodeMineRequest, frame)
      if (read !== undefined) expect(equal(encodeMineRequest(read), frame)).toBe(true)
    }
    fc.assert(fc.property(request, mutation, property), { seed: 42, numRuns: 2000 })
  })

  it.each([
    ['no target', 0, 1],
    ['more than any target', 2 ** 32 + 1, 1],
    ['no time', 1, 0],
    ['more time than may be', 1, MINE_MS_MAX + 1],
  ])('that names %s is malformed', (_, target, withinMs) => {
    const frame = encodeMineRequest({ digest: new Uint8Array(32), target, withinMs })
    expect(decoded(decodeMineRequest, frame)).toBeUndefined()
  })
})

describe('an answer on the wire', () => {
  it('comes back as it was, in at most 9 bytes', () => {
    const property = (given: MineAnswer) => {
      const frame = encodeMineAnswer(given)
      expect(frame.length).toBeLessThanOrEqual(MINE_ANSWER_BYTES_MAX)
      expect(decodeMineAnswer(frame)).toEqual(given)
    }
    fc.assert(fc.property(answer, property), { seed: 43, numRuns: 300 })
  })

  it('of any bytes is refused, or is just what they say', () => {
    const property = (frame: Uint8Array) => {
      const read = decoded(decodeMineAnswer, frame)
      if (read !== undefined) expect(equal(encodeMineAnswer(read), frame)).toBe(true)
    }
    const heads = fc.tuple(fc.nat(8), fc.uint8Array({ maxLength: 10 }))
    const frames = heads.map(([kind, rest]) => Uint8Array.of(kind, ...rest))
    fc.assert(fc.property(fc.oneof(frames, fc.uint8Array({ maxLength: 12 })), property), {
      seed: 44,
      numRuns: 2000,
    })
  })
})
