import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCobs, FRAME_BYTES_MAX, makeFramer, type Framing } from '../../src/sensor/parse/framing.ts'

const FRAMINGS: readonly Framing[] = [
  { type: 'line' },
  { type: 'delimiter', byte: 0x3e },
  { type: 'fixed', bytes: 5 },
  { type: 'stx-etx' },
  { type: 'stx-etx', bytes: 3 },
  { type: 'cobs' },
]

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

function framed(framing: Framing, ...chunks: readonly Uint8Array[]) {
  const framer = makeFramer(framing)
  const frames: number[][] = []
  for (const chunk of chunks) framer.push(chunk, (frame) => frames.push([...frame]))
  return { frames, texts: frames.map((frame) => String.fromCharCode(...frame)), dropped: framer.dropped }
}

/** Cheshire and Baker's encoder, written for the test: blocks of what lies between zeros, at most 254 bytes each. */
function encodeCobs(bytes: readonly number[]): number[] {
  const stuffed: number[] = []
  let block: number[] = []
  for (const byte of [...bytes, 0]) {
    if (byte !== 0) block.push(byte)
    if (byte === 0 || block.length === 254) {
      stuffed.push(block.length + 1, ...block)
      block = []
    }
  }
  return stuffed
}

/** Bytes that mean something to some framing, more often than chance would have them. */
const noise = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 3, 10, 13, 0x3e), fc.nat(255)), { maxLength: 80 })

describe('frames of a serial line', () => {
  it('are lines, however they end', () => {
    expect(framed({ type: 'line' }, ascii('a\nb\r\nc\rd\r\n\r\ne')).texts).toEqual(['a', 'b', 'c', 'd'])
  })

  it("end with an adapter's prompt", () => {
    expect(framed({ type: 'delimiter', byte: 0x3e }, ascii('41 0C\r\r>>OK\r')).texts).toEqual(['41 0C\r\r'])
  })

  it('have a length', () => {
    expect(framed({ type: 'fixed', bytes: 3 }, ascii('abcde'), ascii('fg')).texts).toEqual(['abc', 'def'])
    expect(() => makeFramer({ type: 'fixed', bytes: 0 })).toThrow(RangeError)
    expect(() => makeFramer({ type: 'stx-etx', bytes: FRAME_BYTES_MAX + 1 })).toThrow(RangeError)
  })

  it('lie between STX and ETX, and one cut short by the next is dropped', () => {
    const { texts, dropped } = framed({ type: 'stx-etx' }, ascii('\x02ab\x03\r\n\x02cd\x02ef\x03'))
    expect([texts, dropped]).toEqual([['ab', 'ef'], 1])
  })

  it('may hold STX and ETX where their length is known', () => {
    const { texts, dropped } = framed({ type: 'stx-etx', bytes: 3 }, ascii('\x02\x03\x02x\x03\x02abc\x03'))
    expect([texts, dropped]).toEqual([['\x03\x02x', 'abc'], 0])
  })

  it('are found again when an STX of known length turns out to be noise', () => {
    const { texts, dropped } = framed({ type: 'stx-etx', bytes: 3 }, ascii('\x02z\x02abc\x03'))
    expect([texts, dropped]).toEqual([['abc'], 1])
  })

  it('are unstuffed, and a broken one is dropped', () => {
    // Wikipedia, "Consistent Overhead Byte Stuffing", examples 4 and 5; the frame between them ends within a block.
    const bytes = Uint8Array.of(3, 0x11, 0x22, 2, 0x33, 0, 9, 1, 0, 5, 0x11, 0x22, 0x33, 0x44, 0)
    const { frames, dropped } = framed({ type: 'cobs' }, bytes)
    expect([frames, dropped]).toEqual([
      [
        [0x11, 0x22, 0, 0x33],
        [0x11, 0x22, 0x33, 0x44],
      ],
      1,
    ])
  })

  it('stuffed and unstuffed are what they were', () => {
    const bytes = fc.oneof(
      fc.array(fc.nat(255), { maxLength: 600 }),
      fc.array(fc.constantFrom(0, 1), { maxLength: 600 }),
    )
    fc.assert(
      fc.property(bytes, (original) => {
        const stuffed = encodeCobs(original)
        expect(stuffed).not.toContain(0)
        expect([...(decodeCobs(Uint8Array.from(stuffed)) ?? [])]).toEqual(original)
      }),
      { seed: 2, numRuns: 500 },
    )
    for (const length of [253, 254, 255, 508, 509]) {
      const original = Array.from({ length }, (_, at) => (at % 255) + 1)
      expect([...(decodeCobs(Uint8Array.from(encodeCobs(original))) ?? [])]).toEqual(original)
    }
  })

  it.each(FRAMINGS)('are the same however the bytes are cut: $type', (framing) => {
    fc.assert(
      fc.property(noise, fc.array(fc.nat(80), { maxLength: 8 }), (bytes, cuts) => {
        const whole = Uint8Array.from(bytes)
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort(
          (a, b) => a - b,
        )
        const chunks = edges.slice(1).map((edge, at) => whole.slice(edges[at], edge))
        expect(framed(framing, ...chunks)).toEqual(framed(framing, whole))
      }),
      { seed: 3, numRuns: 1000 },
    )
  })

  it.each(FRAMINGS)('are never empty nor too long, whatever comes: $type', (framing) => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 10 }), (chunks) => {
        const { frames } = framed(framing, ...chunks.map((chunk) => Uint8Array.from(chunk)))
        expect(frames.every(({ length }) => length > 0 && length <= FRAME_BYTES_MAX)).toBe(true)
      }),
      { seed: 4, numRuns: 500 },
    )
  })

  it.each([
    { framing: { type: 'line' }, start: '', end: '\n', good: 'ok\n', content: 'ok' },
    { framing: { type: 'delimiter', byte: 0x3e }, start: '', end: '>', good: 'ok>', content: 'ok' },
    { framing: { type: 'stx-etx' }, start: '\x02', end: '\x03', good: '\x02ok\x03', content: 'ok' },
    { framing: { type: 'cobs' }, start: '', end: '\0', good: '\x03ok\0', content: 'ok' },
  ] as const)(
    'go on after one that would not end: $framing.type',
    ({ framing, start, end, good, content }) => {
      const endless = Array.from({ length: 10 }, () => ascii('x'.repeat(FRAME_BYTES_MAX)))
      const { texts, dropped } = framed(framing, ascii(start), ...endless, ascii(end), ascii(good))
      expect([texts, dropped]).toEqual([[content], 1])
    },
  )

  it('as long as they may be still come', () => {
    const longest = ascii('x'.repeat(FRAME_BYTES_MAX))
    expect(framed({ type: 'line' }, longest, ascii('\n')).texts.map(({ length }) => length)).toEqual([4096])
  })

  it.each(FRAMINGS)('begin anew after a reset: $type', (framing) => {
    const framer = makeFramer(framing)
    const frames: number[][] = []
    framer.push(Uint8Array.of(2, 0x61), (frame) => frames.push([...frame]))
    framer.reset()
    framer.push(Uint8Array.of(2, 0x62, 5, 1, 3, 0x3e, 10, 0), (frame) => frames.push([...frame]))
    expect(frames.flat()).not.toContain(0x61)
    expect(frames.flat()).toContain(0x62)
  })
})
