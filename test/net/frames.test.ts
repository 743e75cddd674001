import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TransportError } from '../../src/net/error.ts'
import { FrameParser } from '../../src/net/frames.ts'

const FRAME_BYTES_MAX = 70_000

/** A frame behind its length, as the multiformats varint has it. */
function prefixed(frame: Uint8Array): Uint8Array {
  const length: number[] = []
  let left = frame.length
  for (; left >= 128; left = Math.floor(left / 128)) length.push((left % 128) + 128)
  return Uint8Array.of(...length, left, ...frame)
}

/** All frames of `bytes`, given to a parser in pieces of `sizes`, one after the other and again from the first. */
function framesIn(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parser = new FrameParser(FRAME_BYTES_MAX)
  const frames: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    parser.push(bytes.subarray(at, at + size))
    at += size
    for (let frame = parser.next(); frame !== undefined; frame = parser.next()) frames.push(frame)
  }
  return frames
}

const faultOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return error instanceof TransportError ? error.kind : error
  }
  return undefined
}

it('frames come out as they went in, however a stream was cut', () => {
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 0, max: 20_000 }).map((length) => new Uint8Array(length).fill(length)),
  )
  const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), sizes, (frames, cuts) => {
      const bytes = Uint8Array.from(frames.flatMap((each) => [...prefixed(each)]))
      expect(framesIn(bytes, cuts)).toEqual(frames)
    }),
    { numRuns: 200 },
  )
})

it('a frame is a copy: what it came in may be used again', () => {
  const parser = new FrameParser(FRAME_BYTES_MAX)
  const message = prefixed(Uint8Array.of(1, 2, 3))
  parser.push(message)
  const frame = parser.next()
  message.fill(0)
  expect(frame).toEqual(Uint8Array.of(1, 2, 3))
  expect(frame?.buffer.byteLength).toBe(3)
})

it('the longest frame agreed is read, and one byte more is refused before there is room made for it', () => {
  const longest = new Uint8Array(FRAME_BYTES_MAX)
  expect(framesIn(prefixed(longest), [1024])).toEqual([longest])
  const parser = new FrameParser(FRAME_BYTES_MAX)
  parser.push(prefixed(new Uint8Array(FRAME_BYTES_MAX + 1)).subarray(0, 3))
  expect(faultOf(() => parser.next())).toBe('too-much')
})

it('a length that goes on for ever is none', () => {
  const parser = new FrameParser(FRAME_BYTES_MAX)
  parser.push(Uint8Array.of(0x80, 0x80))
  expect(parser.next()).toBeUndefined()
  parser.push(Uint8Array.of(0x80))
  expect(faultOf(() => parser.next())).toBe('malformed')
})
