import { describe, expect, it } from 'vitest'
import { measured } from '../../src/reading/measured.ts'
import { Shaper } from '../../src/stream/shaping.ts'

const AT_MS = 1_700_000_000_000

const temperatures = (...values: readonly number[]) =>
  values.map((value, i) => measured('temperature', value, AT_MS + i * 1000))

function thinned(shaping: Parameters<Shaper['set']>[0], readings: ReturnType<typeof temperatures>) {
  const shaper = new Shaper()
  shaper.set(shaping)
  return shaper.thin(shaper.calibrate(readings)).map(({ value }) => value)
}

describe('What is recorded of a thing’s readings', () => {
  it('is everything, unless its person chose otherwise', () => {
    expect(thinned({}, temperatures(1, 1, 1))).toEqual([1, 1, 1])
    expect(thinned({ constructor: { gain: 2 } }, temperatures(1))).toEqual([1])
  })

  it('is calibrated: gain, then offset, numbers alone', () => {
    expect(thinned({ temperature: { gain: 2, offset: -1 } }, temperatures(10, 20))).toEqual([19, 39])
    const shaper = new Shaper()
    shaper.set({ 'skin-contact': { gain: 2 }, temperature: { gain: 1e308 } })
    const odd = [measured('skin-contact', true, AT_MS), measured('temperature', 1e10, AT_MS)]
    expect(shaper.calibrate(odd)).toEqual(odd)
  })

  it('comes no faster than its rate, and goes on at once after a clock was set back', () => {
    const readings = [...temperatures(1, 2, 3, 4, 5), measured('temperature', 6, AT_MS - 3_600_000)]
    expect(thinned({ temperature: { everyMs: 2000 } }, readings)).toEqual([1, 3, 5, 6])
  })

  it('leaves out what hardly changed since the last one recorded, but never for more than a minute', () => {
    const steady = temperatures(20, 20.4, 20.6, 20.2, 20.0)
    expect(thinned({ temperature: { deadband: 0.5 } }, steady)).toEqual([20, 20.6, 20])
    const still = Array.from({ length: 121 }, () => 20)
    expect(thinned({ temperature: { deadband: 0.5 } }, temperatures(...still))).toHaveLength(3)
  })
})
