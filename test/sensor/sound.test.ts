import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FULL_SCALE_DB,
  levelOf,
  powerOf,
  SOUND_SILENCE_MS,
  soundSensor,
  type Microphone,
  type SoundBrowser,
} from '../../src/sensor/sound.ts'
import { browserError, ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

/** Ten whole waves of a sine. */
function sine(amplitude: number, offset = 0): Float32Array {
  return Float32Array.from({ length: 1000 }, (_, i) => offset + amplitude * Math.sin((2 * Math.PI * i) / 100))
}

class FakeMicrophone implements Microphone {
  heard: Float32Array | undefined = sine(0.1)
  open = true
  looks = 0
  unplug: () => void = () => undefined

  newest(): Float32Array | undefined {
    this.looks += 1
    return this.heard
  }

  close(): void {
    this.open = false
  }
}

async function hearing(openMicrophone?: SoundBrowser['openMicrophone']) {
  const microphone = new FakeMicrophone()
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const open = (onEnded: () => void) => {
    microphone.unplug = onEnded
    return Promise.resolve(microphone)
  }
  const sensor = soundSensor({ isSecureContext: true, openMicrophone: openMicrophone ?? open }, time, witness)
  void sensor.start()
  await settled()
  return { microphone, time, witness, sensor }
}

describe('the level of samples', () => {
  it('is that of full scale for a sine of full scale, and 20 dB less for a tenth of it', () => {
    expect(levelOf(powerOf(sine(1)))).toBe(FULL_SCALE_DB)
    expect(levelOf(powerOf(sine(0.1)))).toBe(FULL_SCALE_DB - 20)
    expect(levelOf(powerOf(sine(0.1, 0.5)))).toBe(FULL_SCALE_DB - 20)
  })

  it('of any samples is none or a number up to 3 dB over full scale, and grows with them', () => {
    const samples = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 200 })
    fc.assert(
      fc.property(samples, (values) => {
        const level = levelOf(powerOf(Float32Array.from(values)))
        const half = levelOf(powerOf(Float32Array.from(values, (value) => value / 2)))
        if (level !== undefined) {
          expect(level).toBeLessThanOrEqual(FULL_SCALE_DB + 3.1)
          expect(level).toBeGreaterThanOrEqual(0)
        }
        if (half !== undefined) expect((level ?? NaN) - half).toBeCloseTo(6, 0)
      }),
      { seed: 22 },
    )
  })
})

describe('a sound level', () => {
  it('is told once a second, as the mean of the power in between', async () => {
    const { microphone, time, witness, sensor } = await hearing()
    await time.pass(1000)
    microphone.heard = sine(1)
    await time.pass(500)
    microphone.heard = sine(0)
    await time.pass(500)
    expect(sensor.state).toMatchObject({ type: 'live', name: 'Sound level' })
    expect(witness.readings).toEqual([
      { quantity: 'sound-level', unit: 'dB', value: 100, atMs: NOW_MS + 1000 },
      // Half of the time at 120 dB and silence for the other half.
      { quantity: 'sound-level', unit: 'dB', value: 117, atMs: NOW_MS + 2000 },
    ])
  })

  it('of a muted microphone is none, and that is said', async () => {
    const { microphone, time, witness, sensor } = await hearing()
    microphone.heard = new Float32Array(1000)
    await time.pass(SOUND_SILENCE_MS)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'microphone-failed' } })
    expect(witness.readings).toEqual([])
    expect([microphone.open, time.pending]).toEqual([false, 0])
  })

  it('is a gap while a call has the microphone, and goes on after it', async () => {
    const { microphone, time, witness, sensor } = await hearing()
    await time.pass(2000)
    microphone.heard = undefined
    await time.pass(60_000)
    expect(sensor.state.type).toBe('live')
    microphone.heard = sine(0.01)
    await time.pass(1000)
    expect(witness.values('sound-level')).toEqual([100, 100, 80])
  })

  it('ends where the microphone is unplugged', async () => {
    const { microphone, time, sensor } = await hearing()
    await time.pass(1000)
    microphone.unplug()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'microphone-failed' } })
    expect([microphone.open, time.pending]).toEqual([false, 0])
  })

  it.each([
    ['NotAllowedError', 'microphone-refused'],
    ['NotFoundError', 'microphone-failed'],
    ['NotReadableError', 'microphone-failed'],
  ])('that cannot be had (%s) says what to do', async (name, kind) => {
    const { sensor } = await hearing(() => Promise.reject(browserError(name)))
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind } })
  })

  it('is not listened to where it was stopped before the person answered', async () => {
    const answer = Promise.withResolvers<Microphone>()
    const { microphone, time, sensor } = await hearing(() => answer.promise)
    sensor.stop()
    answer.resolve(microphone)
    await settled()
    expect([sensor.state.type, microphone.open, time.pending]).toEqual(['stopped', false, 0])
    expect(microphone.looks).toBe(0)
  })

  it('is told on after the clock was set back', async () => {
    const { time, witness } = await hearing()
    await time.pass(1000)
    time.setBack(3_600_000)
    await time.pass(3000)
    expect(witness.readings.length).toBeGreaterThanOrEqual(3)
    expect(witness.readings.length).toBeLessThanOrEqual(5)
  })
})
