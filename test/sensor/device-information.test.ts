import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseText } from '../../src/sensor/parse/device-information.ts'
import { frame, truncations } from './frames.ts'

function text(value: string): DataView {
  return frame(...new TextEncoder().encode(value))
}

describe('what a device says of itself', () => {
  it('is a text', () => {
    expect(parseText(text('Suunto Oy'))).toBe('Suunto Oy')
    expect(parseText(text('Präzision 温度計 🚲'))).toBe('Präzision 温度計 🚲')
  })

  it('is read where it lies in a larger buffer', () => {
    const bytes = new TextEncoder().encode('xH10x')
    expect(parseText(new DataView(bytes.buffer, 1, 3))).toBe('H10')
  })

  it('ends at a zero byte, whatever lies behind it', () => {
    expect(parseText(frame(0x31, 0x2e, 0x30, 0x00, 0xff, 0xfe))).toBe('1.0')
  })

  it('has no controls, no invisible formatting and no space around it', () => {
    // A line break, an escape sequence, and a mark that would turn the writing round.
    expect(parseText(text(' A\r\nB\u001b[31m\u202egro.tfew \u2028'))).toBe('AB[31mgro.tfew')
  })

  it('is cut between characters where it is long', () => {
    expect(parseText(text('a'.repeat(512)))).toBe('a'.repeat(64))
    expect(parseText(text(`${'a'.repeat(63)}🚲`))).toBe('a'.repeat(63))
    expect(parseText(text('abcdef'), 3)).toBe('abc')
  })

  it.each([
    ['nothing', frame()],
    ['only zeros', frame(0, 0, 0)],
    ['only space and controls', text(' \t\r\n ')],
    ['bytes that are no UTF-8', frame(0x41, 0xff, 0x41)],
    ['a character cut in two', frame(0x41, 0xc3)],
  ])('is not there where it is %s', (_, bytes) => {
    expect(parseText(bytes)).toBeUndefined()
  })

  it('cut after any byte is its beginning, and never another text: nothing where a character is cut in two', () => {
    const whole = 'Präzision 温度計 🚲'
    const edges = [...whole].map((_, at) => Buffer.byteLength([...whole].slice(0, at).join('')))
    for (const cut of truncations(text(whole))) {
      const said = parseText(cut)
      if (said !== undefined) expect(whole.startsWith(said)).toBe(true)
      expect(said !== undefined).toBe(cut.byteLength > 0 && edges.includes(cut.byteLength))
    }
  })

  it('never throws, and is short, well formed and without controls', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => frame(...bytes)),
      fc.string({ unit: 'grapheme', maxLength: 200 }).map(text),
    )
    fc.assert(
      fc.property(anything, (bytes) => {
        const said = parseText(bytes)
        if (said === undefined) return
        expect(said).not.toBe('')
        expect(said.length).toBeLessThanOrEqual(64)
        expect(said.isWellFormed()).toBe(true)
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
      { seed: 6, numRuns: 3000 },
    )
  })
})
