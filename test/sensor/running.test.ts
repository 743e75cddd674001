import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { parseRunning } from '../../src/sensor/parse/running.ts'
import { frame, hexFrame, truncations } from './frames.ts'

const AT_MS = 1_700_000_000_000

describe('a running speed and cadence measurement', () => {
  it('has speed in 1/256 m/s, and how often one foot comes down in a minute', () => {
    expect(parseRunning(hexFrame('04 0003 5a'), AT_MS)).toEqual([
      { quantity: 'speed', unit: 'm/s', value: 3, atMs: AT_MS },
      { quantity: 'cadence', unit: '1/min', value: 90, atMs: AT_MS },
      { quantity: 'running', value: true, atMs: AT_MS },
    ])
  })

  it('may have the stride in centimetres and the distance in tenths of a metre', () => {
    expect(parseRunning(hexFrame('03 8001 37 9600 15cd5b07'), AT_MS)).toEqual([
      { quantity: 'speed', unit: 'm/s', value: 1.5, atMs: AT_MS },
      { quantity: 'cadence', unit: '1/min', value: 55, atMs: AT_MS },
      { quantity: 'stride-length', unit: 'm', value: 1.5, atMs: AT_MS },
      { quantity: 'distance', unit: 'm', value: 12_345_678.9, atMs: AT_MS },
      { quantity: 'running', value: false, atMs: AT_MS },
    ])
  })

  it('may have the distance alone, with the reserved flags ignored', () => {
    const parsed = parseRunning(hexFrame('fa 0000 00 0a000000'), AT_MS)
    expect(parsed).toContainEqual({ quantity: 'distance', unit: 'm', value: 1, atMs: AT_MS })
  })

  it('is not read where it is cut or goes on', () => {
    for (const cut of truncations(hexFrame('07 8001 37 9600 15cd5b07'))) {
      expect(parseRunning(cut, AT_MS)).toMatchObject({ reason: cut.byteLength === 0 ? 'empty' : 'truncated' })
    }
    expect(parseRunning(hexFrame('00 8001 37 96'), AT_MS)).toMatchObject({ reason: 'trailing-bytes' })
  })

  it('never throws, and says nothing out of range', () => {
    const max: Record<string, number> = {
      speed: 256,
      cadence: 255,
      'stride-length': 655.35,
      distance: 2 ** 32 / 10,
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const parsed = parseRunning(frame(...bytes), AT_MS)
        if ('type' in parsed) return
        for (const reading of parsed) {
          expect(readingFault(reading)).toBeUndefined()
          if (typeof reading.value !== 'number') continue
          expect(reading.value).toBeGreaterThanOrEqual(0)
          expect(reading.value).toBeLessThanOrEqual(max[reading.quantity] ?? NaN)
        }
      }),
      { seed: 6, numRuns: 5000 },
    )
  })
})
