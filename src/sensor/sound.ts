/**
 * How loud it is, once a second. Sound goes no further than the numbers here: samples are squared, summed and overwritten.
 *
 * What a browser gives is relative to the loudest sample it can express. The level shown is an estimate: it takes a
 * microphone to be as most are in phones, is not weighted for the ear, and may be off by 10 dB and more. Whoever has a
 * sound level meter beside it gives the thing an offset.
 */
import { measured } from '../reading/measured.ts'
import { DeviceSensor, type Told } from './device-sensor.ts'
import { captureProblem } from './capture.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/** Between looks at the newest samples, which at 48 kHz are 341 ms: every sample is seen. */
const LOOK_EVERY_MS = 250

/** Looks whose mean power is a reading: one a second. */
const LOOKS_PER_READING = 4

/** A working microphone hears itself hiss; exact silence for this long is one that is muted. */
export const SOUND_SILENCE_MS = 5000

/**
 * What a sine of full scale is taken to be, dB re 20 µPa. Makers of digital microphones for phones give -26 dBFS for 94 dB
 * (TDK InvenSense AN-1112, "Sensitivity"; 0 dBFS is a sine of full scale, AES17). Android asks its makers for a gain by
 * which it would be 109 dB (Compatibility Definition, §5.4: 90 dB give an RMS of 2500 of 32 767).
 */
export const FULL_SCALE_DB = 120

/** Mean square of a sine of full scale. */
const FULL_SCALE_POWER = 0.5

/** Less than this is no sound but the rounding of numbers: 0 dB by `FULL_SCALE_DB`, where hearing ends. */
const POWER_MIN = 1e-12 * FULL_SCALE_POWER

/** A microphone that is on. */
export interface Microphone {
  /** The newest samples, each from -1 to 1, or nothing while the device withholds them. The next call overwrites them. */
  newest(): Float32Array | undefined
  close(): void
}

/** The page, and the microphone it may turn on. */
export interface SoundBrowser {
  readonly isSecureContext: boolean
  /**
   * Turns the microphone on; absent where there can be none. Rejects as `getUserMedia` does.
   *
   * @param onEnded called when it is unplugged or taken away
   */
  readonly openMicrophone: ((onEnded: () => void) => Promise<Microphone>) | undefined
}

/** Readings: `sound-level`, none for a second without any sound. */
export function soundSensor(browser: SoundBrowser, time: SensorTime, handlers: SensorHandlers): Sensor {
  const open = async (told: Told) => {
    const { openMicrophone } = browser
    if (openMicrophone === undefined) return 'microphone-unsupported'
    const microphone = await openMicrophone(() => told.failed('microphone-failed'))
    const endListening = listen(microphone, time, told)
    return () => {
      endListening()
      microphone.close()
    }
  }
  return new DeviceSensor(
    {
      kind: 'sound',
      name: 'Sound level',
      silence: { ms: SOUND_SILENCE_MS, means: 'microphone-failed' },
      open,
      problemOf: (cause) => captureProblem(cause, 'microphone'),
    },
    browser,
    time,
    handlers,
  )
}

/** Looks at the newest samples again and again until the function returned is called. */
function listen(microphone: Microphone, time: SensorTime, told: Told): () => void {
  let looks = 0
  let sum = 0
  let count = 0
  const look = () => {
    cancel = time.after(LOOK_EVERY_MS, look)
    const samples = microphone.newest()
    if (samples !== undefined) {
      sum += powerOf(samples)
      count += 1
    }
    looks += 1
    if (looks < LOOKS_PER_READING) return
    const level = levelOf(sum / count)
    looks = 0
    sum = 0
    count = 0
    if (level !== undefined) told.readings([measured('sound-level', level, time.nowMs())])
  }
  let cancel = time.after(LOOK_EVERY_MS, look)
  return () => cancel()
}

/** The mean square of what moves; a steady part is the microphone's circuit, not sound. 0 for no samples. */
export function powerOf(samples: Float32Array): number {
  if (samples.length === 0) return 0
  let sum = 0
  let squares = 0
  for (const sample of samples) {
    sum += sample
    squares += sample * sample
  }
  const mean = sum / samples.length
  return Math.max(0, squares / samples.length - mean * mean)
}

/** The level of a mean square, dB re 20 µPa as estimated, to a tenth. `undefined` where there is no sound at all. */
export function levelOf(power: number): number | undefined {
  // Not a number is no sound either.
  if (!(power > POWER_MIN)) return undefined
  return Math.round(10 * (FULL_SCALE_DB + 10 * Math.log10(power / FULL_SCALE_POWER))) / 10
}
