import { describe, expect, it } from 'vitest'
import { decodeData, encodeData } from '../../src/core/codec/data.ts'

const text = (value: string) => Uint8Array.from(Buffer.from(value, 'latin1'))
const payload = (topic: string, body = '') => Uint8Array.of(topic.length, ...text(topic + body))

describe('the payload of a data block', () => {
  it('is a topic and a body', () => {
    const body = Uint8Array.of(0, 1, 255)
    expect(encodeData({ topic: 'stream/1', body })).toEqual(Uint8Array.of(8, ...text('stream/1'), 0, 1, 255))
    expect(decodeData(payload('stream/1', 'abc'))).toEqual({ topic: 'stream/1', body: text('abc') })
  })

  it('may have an empty body, and a topic of 1 to 64 characters', () => {
    for (const topic of ['a', 'z9./-', 'x'.repeat(64)])
      expect(decodeData(encodeData({ topic, body: new Uint8Array() }))).toEqual({
        topic,
        body: new Uint8Array(),
      })
  })

  it('is truncated without a topic length, or with fewer characters than it says', () => {
    expect(decodeData(new Uint8Array())).toEqual({ reason: 'truncated' })
    expect(decodeData(Uint8Array.of(2, 97))).toEqual({ reason: 'truncated' })
  })

  it.each([0, 65, 255])('has no topic of %i characters', (length) => {
    const fault = { reason: 'topic-length', length, limit: 64 }
    expect(decodeData(payload('x'.repeat(length)))).toEqual(fault)
  })

  it.each(['A', '_', ' ', '\0', '\x7f', 'ÿ', ':', '`', '{', ',', '@'])(
    'has no %j in its topic',
    (character) => {
      expect(decodeData(payload(`ab${character}d`))).toEqual({ reason: 'topic-character', index: 2 })
    },
  )

  it('is not made from what would not decode', () => {
    for (const topic of ['', 'x'.repeat(65), 'Upper', 'ā'])
      expect(() => encodeData({ topic, body: new Uint8Array() })).toThrow('not a topic')
  })
})
