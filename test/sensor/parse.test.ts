import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { parseBattery } from '../../src/sensor/parse/battery.ts'
import { parseHeartRate } from '../../src/sensor/parse/heart-rate.ts'
import { frame, truncations } from './frames.ts'

const AT_MS = 1_700_000_000_000

function reading(quantity: string, value: number | boolean, unit?: string, atMs = AT_MS) {
  return unit === undefined ? { quantity, value, atMs } : { quantity, unit, value, atMs }
}

describe('a heart-rate measurement', () => {
  it('is a rate of one byte', () => {
    expect(parseHeartRate(frame(0x00, 72), AT_MS)).toEqual([reading('heart-rate', 72, 'beat/min')])
  })

  it('is a rate of two bytes, low byte first', () => {
    expect(parseHeartRate(frame(0x01, 0x2c, 0x01), AT_MS)).toEqual([reading('heart-rate', 300, 'beat/min')])
  })

  it('says whether it touches skin only where it can tell', () => {
    const contact = (flags: number) => {
      const parsed = parseHeartRate(frame(flags, 72), AT_MS)
      return 'type' in parsed ? parsed.reason : parsed.find((r) => r.quantity === 'skin-contact')?.value
    }
    expect([0x00, 0x02, 0x04, 0x06].map(contact)).toEqual([undefined, undefined, false, true])
  })

  it('counts energy in kilojoules, which become joules', () => {
    expect(parseHeartRate(frame(0x08, 72, 0x05, 0x01), AT_MS)).toContainEqual(reading('energy', 261_000, 'J'))
  })

  it('lays the intervals between beats back from its own time, oldest first', () => {
    // 1024, 512 and 768 units of 1/1024 s: the beat before the newest was 0.75 s ago, the one before that 1.25 s.
    expect(parseHeartRate(frame(0x10, 80, 0x00, 0x04, 0x00, 0x02, 0x00, 0x03), AT_MS)).toEqual([
      reading('rr-interval', 1, 's', AT_MS - 1250),
      reading('rr-interval', 0.5, 's', AT_MS - 750),
      reading('rr-interval', 0.75, 's', AT_MS),
      reading('heart-rate', 80, 'beat/min'),
    ])
  })

  it('gives every beat a time of its own, however short the intervals', () => {
    const parsed = parseHeartRate(frame(0x10, 80, 0, 0, 1, 0, 0, 0, 1, 0), AT_MS)
    expect('type' in parsed ? [] : parsed.slice(0, 4).map(({ atMs }) => AT_MS - atMs)).toEqual([3, 2, 1, 0])
  })

  it('has all its parts at once, with the reserved flags ignored', () => {
    expect(parseHeartRate(frame(0xff, 72, 0, 1, 0, 0, 4), AT_MS)).toEqual([
      reading('rr-interval', 1, 's'),
      reading('heart-rate', 72, 'beat/min'),
      reading('skin-contact', true),
      reading('energy', 1000, 'J'),
    ])
  })

  it('is read where it lies in a larger buffer', () => {
    const bytes = Uint8Array.of(9, 9, 0x00, 72, 9)
    expect(parseHeartRate(new DataView(bytes.buffer, 2, 2), AT_MS)).toEqual([
      reading('heart-rate', 72, 'beat/min'),
    ])
  })

  it.each([
    ['empty', frame(), 'empty'],
    ['cut after the flags', frame(0x00), 'truncated'],
    ['cut within the rate', frame(0x01, 72), 'truncated'],
    ['cut before the energy', frame(0x08, 72), 'truncated'],
    ['cut within the energy', frame(0x08, 72, 1), 'truncated'],
    ['cut before the intervals', frame(0x10, 72), 'truncated'],
    ['cut within an interval', frame(0x10, 72, 0, 4, 1), 'truncated'],
    ['longer than it says', frame(0x00, 72, 0, 4), 'trailing-bytes'],
    ['faster than any heart', frame(0x01, 0xff, 0xff), 'out-of-range'],
  ])('is malformed when %s', (_, bytes, reason) => {
    expect(parseHeartRate(bytes, AT_MS)).toEqual({ type: 'malformed', reason, length: bytes.byteLength })
  })

  it('is refused when cut after any byte', () => {
    const whole = frame(0x1f, 72, 0, 0xe8, 0x03, 0x00, 0x04)
    expect(parseHeartRate(whole, AT_MS)).toHaveLength(4)
    for (const cut of truncations(whole)) {
      const reason = cut.byteLength === 0 ? 'empty' : 'truncated'
      expect(parseHeartRate(cut, AT_MS)).toEqual({ type: 'malformed', reason, length: cut.byteLength })
    }
  })

  it('never throws, and what it yields can be packed and is in order of time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const parsed = parseHeartRate(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), AT_MS)
        if ('type' in parsed) return
        expect(parsed.map(readingFault).filter((fault) => fault !== undefined)).toEqual([])
        expect(parsed.find(({ quantity }) => quantity === 'heart-rate')?.value).toBeLessThanOrEqual(500)
        const times = parsed.map(({ atMs }) => atMs)
        expect(times).toEqual([...times].sort((a, b) => a - b))
        const beats = parsed.filter((r) => r.quantity === 'rr-interval').map(({ atMs }) => atMs)
        expect(new Set(beats).size).toBe(beats.length)
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})

describe('a battery level', () => {
  it('is a percentage', () => {
    expect(parseBattery(frame(0), AT_MS)).toEqual([reading('battery', 0, '%EL')])
    expect(parseBattery(frame(100), AT_MS)).toEqual([reading('battery', 100, '%EL')])
  })

  it('is malformed when it is anything else', () => {
    expect(parseBattery(frame(), AT_MS)).toMatchObject({ type: 'malformed', reason: 'empty' })
    expect(parseBattery(frame(101), AT_MS)).toMatchObject({ type: 'malformed', reason: 'out-of-range' })
    expect(parseBattery(frame(50, 0), AT_MS)).toMatchObject({ type: 'malformed', reason: 'trailing-bytes' })
  })

  it('is refused when cut after any byte, of which it has one', () => {
    expect(truncations(frame(50)).map((cut) => parseBattery(cut, AT_MS))).toEqual([
      { type: 'malformed', reason: 'empty', length: 0 },
    ])
  })
})
