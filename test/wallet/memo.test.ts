import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMemo, readMemo } from '../../src/wallet/memo.ts'

describe('A memo', () => {
  it('reads as it was written', () => {
    const text = fc.string({ unit: 'binary', maxLength: 64 })
    fc.assert(
      fc.property(text, (written) => {
        const bytes = encodeMemo(written)
        if ('type' in bytes) throw new Error('too long')
        expect(readMemo(bytes)).toEqual({ type: 'text', text: written })
      }),
      { seed: 51, numRuns: 1000 },
    )
  })

  it('keeps a byte order mark, which is text like any other', () => {
    expect(readMemo(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual({ type: 'text', text: '\ufeffa' })
  })

  it('has at most 256 bytes, not characters', () => {
    expect(encodeMemo('é'.repeat(128))).toHaveLength(256)
    expect(encodeMemo(`${'é'.repeat(128)}.`)).toEqual({ type: 'memo-too-long', bytes: 257, limit: 256 })
    expect(encodeMemo('')).toHaveLength(0)
  })

  it('that is no UTF-8 is shown as its bytes', () => {
    expect(readMemo(Uint8Array.of(0xc3, 0x28))).toEqual({ type: 'bytes', hex: 'c328' })
    expect(readMemo(Uint8Array.of(0xed, 0xa0, 0x80))).toEqual({ type: 'bytes', hex: 'eda080' })
  })

  it('of any bytes is read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 256 }), (bytes) => {
        expect(['text', 'bytes']).toContain(readMemo(bytes).type)
      }),
      { seed: 52, numRuns: 1000 },
    )
  })
})
