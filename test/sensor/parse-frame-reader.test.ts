import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measuredAtMs } from '../../src/sensor/parse/date-time.ts'
import { FrameReader } from '../../src/sensor/parse/frame-reader.ts'
import { decodeFloat, decodeSfloat } from '../../src/sensor/parse/ieee-11073.ts'
import { frame, hexFrame, truncations } from './frames.ts'

describe('a medical float', () => {
  it('is what the examples of the white paper say', () => {
    // Personal Health Devices Transcoding 1.6: 36.4 °C in §2.2.1, 114 mmHg in §2.2.2
    expect(decodeFloat(0xff00016c)).toBe(36.4)
    expect(decodeSfloat(0x0072)).toBe(114)
  })

  it('has signs in its mantissa and in its exponent', () => {
    expect([0xf16c, 0x0fff, 0x2005, 0xffff].map(decodeSfloat)).toEqual([36.4, -1, 500, -0.1])
    expect([0x00ffffff, 0x02000005, 0xfe000d97].map(decodeFloat)).toEqual([-1, 500, 34.79])
  })

  it('is no number where it is NaN, NRes, +INFINITY, -INFINITY or reserved', () => {
    for (const bits of [0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801]) expect(decodeSfloat(bits)).toBeUndefined()
    for (const bits of [0x007fffff, 0x00800000, 0x007ffffe, 0x00800002, 0x00800001])
      expect(decodeFloat(bits)).toBeUndefined()
  })

  it('is a number next to those, and where their mantissa has an exponent', () => {
    expect([0x07fd, 0x0803, 0x17ff, 0xf800].map(decodeSfloat)).toEqual([2045, -2045, 20470, -204.8])
    expect([0x007ffffd, 0x00800003, 0x017fffff].map(decodeFloat)).toEqual([8388605, -8388605, 83886070])
  })

  it('is the double that its decimal text is, for every SFLOAT', () => {
    for (let bits = 0; bits <= 0xffff; bits++) {
      const value = decodeSfloat(bits)
      if (value === undefined) continue
      // Fewer than 17 digits come back from a double only if it is the nearest one.
      expect(Number(value.toPrecision(4))).toBe(value)
    }
  })
})

describe('a frame reader', () => {
  it('reads the low byte first, one field after another', () => {
    const reader = new FrameReader(
      hexFrame('fe fe feff 0201 feffff 030201 ffffffff ffffffff 6c0100ff 7200 aa bbcc'),
    )
    expect([reader.u8(), reader.i8(), reader.i16(), reader.u16()]).toEqual([254, -2, -2, 258])
    expect([reader.i24(), reader.u24(), reader.u32(), reader.i32()]).toEqual([-2, 66051, 2 ** 32 - 1, -1])
    expect([reader.float(), reader.sfloat()]).toEqual([36.4, 114])
    reader.skip(1)
    expect(reader.left).toBe(2)
    expect(reader.rest()).toEqual(Uint8Array.of(0xbb, 0xcc))
    expect(reader.fault()).toBeUndefined()
  })

  it('reads where its frame lies in a larger buffer', () => {
    const { buffer } = Uint8Array.of(9, 9, 1, 2, 3, 9)
    const reader = new FrameReader(new DataView(buffer, 2, 3))
    expect([reader.u8(), ...reader.rest()]).toEqual([1, 2, 3])
    expect(reader.left).toBe(0)
  })

  it('says that fields are missing instead of throwing, and reads nothing more', () => {
    const reader = new FrameReader(frame(1, 2, 3))
    expect([reader.u16(), reader.truncated]).toEqual([0x0201, false])
    expect([reader.u16(), reader.truncated]).toEqual([0, true])
    expect(reader.u8()).toBe(0)
    expect(reader.fault()).toMatchObject({ reason: 'truncated', length: 3 })
  })

  it('tells an empty frame, and one that is longer than what was read', () => {
    expect(new FrameReader(frame()).fault()).toMatchObject({ reason: 'empty', length: 0 })
    expect(new FrameReader(frame(1)).fault()).toMatchObject({ reason: 'trailing-bytes', length: 1 })
  })

  it('finds every cut through a date and time', () => {
    const whole = hexFrame('ea07 0b 17 12 34 38')
    const time = { year: 2026, month: 11, day: 23, hours: 18, minutes: 52, seconds: 56 }
    expect(new FrameReader(whole).datetime()).toEqual(time)
    for (const cut of truncations(whole)) {
      const reader = new FrameReader(cut)
      reader.datetime()
      expect(reader.truncated).toBe(true)
    }
  })
})

describe('the time of a measurement', () => {
  // In the zone of whoever runs this, as stamps are.
  const AT_MS = new Date(2026, 10, 23, 18, 52, 56, 789).getTime()
  const stamp = { year: 2026, month: 11, day: 23, hours: 18, minutes: 52, seconds: 56 }

  it('is that of the stamp, to the second', () => {
    expect(measuredAtMs(stamp, AT_MS)).toBe(AT_MS - 789)
    expect(measuredAtMs({ ...stamp, month: 2, day: 28 }, AT_MS)).toBe(
      new Date(2026, 1, 28, 18, 52, 56).getTime(),
    )
  })

  it('is that of the arrival without a stamp', () => {
    expect(measuredAtMs(undefined, AT_MS)).toBe(AT_MS)
  })

  it.each([
    ['not known', { ...stamp, year: 0, month: 0, day: 0 }],
    ['not known in part', { ...stamp, day: 0 }],
    ['in no month', { ...stamp, month: 13 }],
    ['on the 29th of February of no leap year', { ...stamp, month: 2, day: 29 }],
    ['at no hour', { ...stamp, hours: 24 }],
    ['at no minute', { ...stamp, minutes: 60 }],
    ['at no second', { ...stamp, seconds: 60 }],
    ['before the calendar', { ...stamp, year: 1581 }],
    ['later than the arrival', { ...stamp, seconds: 57 }],
    ['of a clock that nobody has set', { ...stamp, year: 2020, month: 1, day: 1 }],
  ])('is that of the arrival where the stamp is %s', (_, absurd) => {
    expect(measuredAtMs(absurd, AT_MS)).toBe(AT_MS)
  })

  it('is a whole millisecond within the year before the arrival, whatever the stamp', () => {
    const byte = fc.nat(255)
    const any = fc.record({
      year: fc.oneof(fc.nat(0xffff), fc.constantFrom(2025, 2026)),
      month: fc.oneof(byte, fc.nat(12)),
      day: fc.oneof(byte, fc.nat(31)),
      hours: fc.oneof(byte, fc.nat(23)),
      minutes: fc.oneof(byte, fc.nat(59)),
      seconds: fc.oneof(byte, fc.nat(59)),
    })
    fc.assert(
      fc.property(any, (time) => {
        const ms = measuredAtMs(time, AT_MS)
        expect(Number.isInteger(ms)).toBe(true)
        expect(ms).toBeLessThanOrEqual(AT_MS)
        expect(ms).toBeGreaterThanOrEqual(AT_MS - 366 * 86_400_000)
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})
