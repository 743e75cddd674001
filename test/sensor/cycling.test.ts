import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { makeParseCyclingPower } from '../../src/sensor/parse/cycling-power.ts'
import { makeParseCycling } from '../../src/sensor/parse/cycling.ts'
import type { Parse, Parsed } from '../../src/sensor/parse/parse.ts'
import { frame, hexFrame, truncations } from './frames.ts'

const AT_MS = 1_700_000_000_000

function le(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)
}

function wheelFrame(count: number, units: number): DataView {
  return frame(0x01, ...le(count, 4), ...le(units, 2))
}

function crankFrame(count: number, units: number): DataView {
  return frame(0x02, ...le(count, 2), ...le(units, 2))
}

function valuesOf(parsed: Parsed): Record<string, unknown> {
  if ('type' in parsed) throw new Error(parsed.reason)
  return Object.fromEntries(parsed.map(({ quantity, value }) => [quantity, value]))
}

/** What each of the frames says, a second apart. */
function ride(parse: Parse, frames: readonly DataView[]): Record<string, unknown>[] {
  return frames.map((each, i) => valuesOf(parse(each, AT_MS + i * 1000)))
}

describe('a cycling speed and cadence measurement', () => {
  it('gives speed, distance and cadence from the second frame on', () => {
    const parse = makeParseCycling()
    // Of a real sensor (Stack Overflow 49813704): 365 turns of the wheel, 300 of the crank.
    expect(parse(hexFrame('03 6d010000 fc7e 2c01 f87e'), AT_MS)).toEqual([])
    // Three turns of the wheel in 1024/1024 s, three of the crank in 2048/1024 s.
    const second = frame(0x03, ...le(368, 4), ...le(0x7efc + 1024, 2), ...le(303, 2), ...le(0x7ef8 + 2048, 2))
    expect(parse(second, AT_MS + 1000)).toEqual([
      { quantity: 'speed', unit: 'm/s', value: 3 * 2.105, atMs: AT_MS + 1000 },
      { quantity: 'distance', unit: 'm', value: 6.315, atMs: AT_MS + 1000 },
      { quantity: 'cadence', unit: '1/min', value: 90, atMs: AT_MS + 1000 },
    ])
  })

  it('goes by the wheel that the bicycle has', () => {
    const said = ride(makeParseCycling(1.5), [wheelFrame(0, 0), wheelFrame(4, 1024)])
    expect(said[1]).toEqual({ speed: 6, distance: 6 })
  })

  it('counts on over the end of the event time, which comes each 64 s', () => {
    const said = ride(makeParseCycling(2), [wheelFrame(10, 65_536 - 512), wheelFrame(12, 512)])
    expect(said[1]).toEqual({ speed: 4, distance: 4 })
  })

  it('counts on over the end of either count', () => {
    expect(ride(makeParseCycling(2), [wheelFrame(2 ** 32 - 1, 0), wheelFrame(1, 1024)])[1]).toEqual({
      speed: 4,
      distance: 4,
    })
    expect(ride(makeParseCycling(), [crankFrame(65_535, 0), crankFrame(0, 1024)])[1]).toEqual({ cadence: 60 })
  })

  it('is silent about a wheel without a new event, then says that it rests', () => {
    const still = Array.from({ length: 5 }, () => wheelFrame(7, 100))
    expect(ride(makeParseCycling(), still)).toEqual([{}, {}, {}, {}, { speed: 0, distance: 0 }])
  })

  it('does not take a pause longer than the event time can tell for a sprint', () => {
    const parse = makeParseCycling(2)
    parse(wheelFrame(5, 1000), AT_MS)
    // 64.1 s later by the sensor's clock, which reads as 0.1 s.
    expect(valuesOf(parse(wheelFrame(6, 1102), AT_MS + 64_000))).toEqual({ speed: 2 / 64, distance: 2 })
    expect(valuesOf(parse(wheelFrame(8, 2126), AT_MS + 65_000))).toEqual({ speed: 4, distance: 6 })
  })

  it('counts anew from a wheel that was set or rolled back, and keeps the distance', () => {
    const said = ride(makeParseCycling(2), [
      wheelFrame(1000, 0),
      wheelFrame(1002, 1024),
      wheelFrame(1001, 1500),
      wheelFrame(1003, 1500 + 1024),
      wheelFrame(0, 3000),
      wheelFrame(1, 3000 + 1024),
    ])
    expect(said).toEqual([
      {},
      { speed: 4, distance: 4 },
      {},
      { speed: 4, distance: 8 },
      {},
      { speed: 2, distance: 10 },
    ])
  })

  it.each([
    ['faster than a bicycle goes', wheelFrame(40, 1024)],
    ['turns that took no time', wheelFrame(1, 0)],
    ['cadence beyond what legs do', crankFrame(6, 1024)],
    ['turns of a crank that took no time', crankFrame(1, 0)],
  ])('says nothing of %s', (_, jump) => {
    const parse = makeParseCycling()
    parse(frame(0x03, ...le(0, 6), ...le(0, 4)), AT_MS)
    expect(parse(jump, AT_MS + 1000)).toEqual([])
  })

  it('keeps to the event time when the clock of this device jumps back', () => {
    const parse = makeParseCycling(2)
    parse(wheelFrame(0, 0), AT_MS)
    expect(valuesOf(parse(wheelFrame(2, 1024), AT_MS - 3_600_000))).toMatchObject({ speed: 4 })
  })

  it('knows each connection by itself', () => {
    makeParseCycling()(wheelFrame(0, 0), AT_MS)
    expect(makeParseCycling()(wheelFrame(3, 1024), AT_MS)).toEqual([])
  })

  it('is not read where it is cut or goes on, and such a frame does not count', () => {
    const whole = frame(0x03, ...le(2, 4), ...le(1024, 2), ...le(1, 2), ...le(1024, 2))
    const parse = makeParseCycling(2)
    parse(frame(0x03, ...le(0, 10)), AT_MS)
    for (const cut of truncations(whole)) {
      const reason = cut.byteLength === 0 ? 'empty' : 'truncated'
      expect(parse(cut, AT_MS)).toEqual({ type: 'malformed', reason, length: cut.byteLength })
    }
    expect(parse(frame(0x01, ...le(9, 7)), AT_MS)).toMatchObject({ reason: 'trailing-bytes' })
    expect(valuesOf(parse(whole, AT_MS + 1000))).toEqual({ speed: 4, distance: 4, cadence: 60 })
  })
})

describe('a cycling power measurement', () => {
  it('is a power, which may be negative', () => {
    expect(makeParseCyclingPower()(hexFrame('0000 fa00'), AT_MS)).toEqual([
      { quantity: 'power', unit: 'W', value: 250, atMs: AT_MS },
    ])
    expect(valuesOf(makeParseCyclingPower()(hexFrame('0000 f6ff'), AT_MS))).toEqual({ power: -10 })
  })

  it('shares out the pedals, the left one where the sensor says which', () => {
    expect(valuesOf(makeParseCyclingPower()(hexFrame('0300 fa00 5f'), AT_MS))).toEqual({
      power: 250,
      'pedal-balance/left': 0.475,
    })
    expect(valuesOf(makeParseCyclingPower()(hexFrame('0100 fa00 c8'), AT_MS))).toEqual({
      power: 250,
      'pedal-balance': 1,
    })
    expect(makeParseCyclingPower()(hexFrame('0100 fa00 c9'), AT_MS)).toMatchObject({ reason: 'out-of-range' })
  })

  it('times its wheel in 1/2048 s and its crank in 1/1024 s', () => {
    const at = (wheel: number, wheelUnits: number, crank: number, crankUnits: number) =>
      frame(0x30, 0, 100, 0, ...le(wheel, 4), ...le(wheelUnits, 2), ...le(crank, 2), ...le(crankUnits, 2))
    const said = ride(makeParseCyclingPower(2), [
      at(0, 65_000, 9, 65_000),
      at(2, 65_000 + 2048, 10, 65_000 + 1024),
    ])
    expect(said).toEqual([{ power: 100 }, { power: 100, speed: 4, distance: 4, cadence: 60 }])
  })

  // Torque, wheel, crank, extremes of force and torque, angles, both dead spots, energy; reserved flags.
  const FULL = `ffff 6400 64 1111 ${'00'.repeat(6)} ${'00'.repeat(4)} ${'22'.repeat(8)} 333333 4444 5555 6666`

  it('passes over what is not read, and ignores the reserved flags', () => {
    expect(valuesOf(makeParseCyclingPower()(hexFrame(FULL), AT_MS))).toEqual({
      power: 100,
      'pedal-balance/left': 0.5,
    })
  })

  it('is not read where it is cut or goes on', () => {
    const parse = makeParseCyclingPower()
    for (const cut of truncations(hexFrame(FULL))) {
      expect(parse(cut, AT_MS)).toMatchObject({ reason: cut.byteLength === 0 ? 'empty' : 'truncated' })
    }
    expect(parse(hexFrame('0000 fa00 00'), AT_MS)).toMatchObject({ reason: 'trailing-bytes' })
  })
})

describe('either of them', () => {
  /** Counts that often lie close together, or any bytes; some frames arrive before the one before them. */
  const anyFrames = (...head: number[]) => {
    const count = (bytes: number) =>
      fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 256 ** bytes - 1 }))
    const units = fc.integer({ min: 0, max: 65_535 })
    const whole = fc
      .tuple(count(4), units, count(2), units)
      .map(([wheel, wheelUnits, crank, crankUnits]) =>
        frame(...head, ...le(wheel, 4), ...le(wheelUnits, 2), ...le(crank, 2), ...le(crankUnits, 2)),
      )
    const any = fc.uint8Array({ maxLength: 36 }).map((all) => frame(...all))
    const laterMs = fc.integer({ min: -100_000, max: 100_000 })
    return fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: whole }, any), laterMs), { maxLength: 20 })
  }

  it.each([
    ['speed and cadence', makeParseCycling, anyFrames(0x03)],
    ['power', makeParseCyclingPower, anyFrames(0x30, 0x00, 0x64, 0x00)],
  ])('never throws, and says nothing out of range: %s', (_, make, frames) => {
    let rates = 0
    fc.assert(
      fc.property(frames, (steps) => {
        const parse = make()
        let atMs = AT_MS
        let ridden = 0
        for (const [content, laterMs] of steps) {
          atMs += laterMs
          const parsed = parse(content, atMs)
          if ('type' in parsed) continue
          for (const reading of parsed) {
            const { quantity, value } = reading
            expect(readingFault(reading)).toBeUndefined()
            if (typeof value !== 'number' || quantity === 'power') continue
            expect(value).toBeGreaterThanOrEqual(quantity === 'distance' ? ridden : 0)
            if (quantity === 'distance') ridden = value
            if (quantity === 'cadence' || quantity === 'speed') rates += 1
            if (quantity === 'speed') expect(value).toBeLessThanOrEqual(64.001)
            if (quantity === 'cadence') expect(value).toBeLessThanOrEqual(300.001)
          }
        }
      }),
      { seed: 6, numRuns: 2000 },
    )
    expect(rates).toBeGreaterThan(1000)
  })

  it('makes the distance of a ride whatever frames are missing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 }),
        (first, seconds) => {
          // Four turns a second; the gaps between frames are up to 20 s.
          const parse = makeParseCycling(2)
          parse(wheelFrame(first, 0), AT_MS)
          let s = 0
          for (const gap of seconds) {
            s += gap
            const said = parse(wheelFrame((first + 4 * s) % 2 ** 32, (s * 1024) % 65_536), AT_MS + s * 1000)
            expect(valuesOf(said)).toEqual({ speed: 8, distance: 8 * s })
          }
        },
      ),
      { seed: 6, numRuns: 300 },
    )
  })
})
