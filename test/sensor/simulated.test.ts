import { describe, expect, it } from 'vitest'
import { SimulatedSensor } from '../../src/sensor/simulated.ts'
import { ManualTime, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

/** Bytes of a linear congruential generator: good enough for a room, and the same for a seed. */
function seeded(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  }
  return { bytes: (length: number) => Uint8Array.from({ length }, next) }
}

async function hourWithSeed(seed: number) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const sensor = new SimulatedSensor(seeded(seed), time, witness)
  await sensor.start()
  await time.pass(3_600_000)
  return { time, witness, sensor }
}

describe('a simulated thing', () => {
  it('says so in its name, and gives a plausible temperature every second', async () => {
    const { witness, sensor } = await hourWithSeed(1)
    expect(sensor.state).toEqual({ type: 'live', name: 'Simulated room', malformed: 0 })
    expect(witness.readings.length).toBe(3601)
    witness.readings.forEach(({ quantity, unit, value, atMs }, second) => {
      expect([quantity, unit, atMs]).toEqual(['temperature', 'Cel', NOW_MS + second * 1000])
      expect(value).toBeGreaterThan(18)
      expect(value).toBeLessThan(24)
    })
    expect(new Set(witness.values('temperature')).size).toBeGreaterThan(20)
  })

  it('is the same for one seed and different for another', async () => {
    const [a, again, b] = [await hourWithSeed(1), await hourWithSeed(1), await hourWithSeed(2)]
    expect(again.witness.readings).toEqual(a.witness.readings)
    expect(b.witness.readings).not.toEqual(a.witness.readings)
  })

  it('stops, and starts only once at a time', async () => {
    const { time, witness, sensor } = await hourWithSeed(3)
    await sensor.start()
    expect(time.pending).toBe(1)
    sensor.stop()
    const count = witness.readings.length
    await time.pass(5000)
    expect([sensor.state.type, time.pending, witness.readings.length]).toEqual(['stopped', 0, count])
  })
  it('stopped by the one who hears it say that it is live stays so', async () => {
    const time = new ManualTime(NOW_MS)
    const witness = new Witness()
    const sensor = new SimulatedSensor(seeded(4), time, witness)
    witness.onState = ({ type }) => type === 'live' && sensor.stop()
    await sensor.start()
    expect([sensor.state.type, time.pending, witness.readings]).toEqual(['stopped', 0, []])
  })
})
