/** Codes that are held before this device's camera. No picture is kept. */
import { TEXT_CHARACTERS_MAX } from '../reading/check.ts'
import { measured } from '../reading/measured.ts'
import { captureProblem } from './capture.ts'
import { DeviceSensor, SILENCE_MS, type Told } from './device-sensor.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/** Between two looks at the picture: quick for a person, and light work for a phone. */
export const LOOK_EVERY_MS = 250

/** A code that was gone for no longer than this was never gone: a hand trembles, and a look in between fails. */
export const GONE_MS = 2000

/** Codes of one look that are told: a sheet of labels, and not more. */
export const CODES_PER_LOOK_MAX = 16

/** Looks that fail one after the other before it is believed: five seconds' worth. */
export const FAILED_LOOKS_MAX = 20

/** A camera that is on. */
export interface CodeCamera {
  /** What the codes in the picture say now. Rejects where there is no picture to look at. */
  look(): Promise<readonly string[]>
  close(): void
}

/** The page, and the camera it may turn on. */
export interface CodeBrowser {
  readonly isSecureContext: boolean
  /**
   * Turns the camera on; absent where there can be none. Rejects as `getUserMedia` does.
   *
   * @param onEnded called when it is unplugged or taken away
   */
  readonly openCamera: ((onEnded: () => void) => Promise<CodeCamera>) | undefined
}

/** Readings: `barcode`, a text. What is no text, or is too long for one, is counted as malformed. */
export function barcodeSensor(browser: CodeBrowser, time: SensorTime, handlers: SensorHandlers): Sensor {
  const open = async (told: Told) => {
    const { openCamera } = browser
    if (openCamera === undefined) return 'camera-unsupported'
    const camera = await openCamera(() => told.failed('camera-failed'))
    // There may be no code for long.
    told.alive()
    const endWatching = watch(camera, time, told)
    return () => {
      endWatching()
      camera.close()
    }
  }
  return new DeviceSensor(
    {
      kind: 'barcode',
      name: 'Codes',
      silence: { ms: SILENCE_MS, means: 'camera-failed' },
      open,
      problemOf: (cause) => captureProblem(cause, 'camera'),
    },
    browser,
    time,
    handlers,
  )
}

/** Looks again and again until the function returned is called. */
function watch(camera: CodeCamera, time: SensorTime, told: Told): () => void {
  const view = new View()
  let failed = 0
  let ended = false
  const look = async () => {
    try {
      const codes = await camera.look()
      failed = 0
      tell(view.add(codes, time.nowMs()), time.nowMs(), told)
    } catch (cause) {
      failed += 1
      if (failed >= FAILED_LOOKS_MAX) told.failed('camera-failed', cause)
    }
    if (!ended) cancel = time.after(LOOK_EVERY_MS, () => void look())
  }
  let cancel = time.after(0, () => void look())
  return () => {
    ended = true
    cancel()
  }
}

function tell(codes: readonly string[], nowMs: number, told: Told): void {
  for (const code of codes) {
    // Bytes that are no text come as nothing, or as half a character.
    if (code === '' || code.length > TEXT_CHARACTERS_MAX || !code.isWellFormed()) told.malformed()
    else told.readings([measured('barcode', code, nowMs)])
  }
}

/** The codes in view, so that one that is held there is told once. At most those of the looks of `GONE_MS`. */
class View {
  readonly #seenMs = new Map<string, number>()

  /** Which of `codes`, in the picture now, are new in view; of more than `CODES_PER_LOOK_MAX` the first. */
  add(codes: readonly string[], nowMs: number): readonly string[] {
    for (const [code, seenMs] of this.#seenMs) {
      // Seen later than now is a clock set back.
      if (nowMs - seenMs > GONE_MS || seenMs > nowMs) this.#seenMs.delete(code)
    }
    const told = [...new Set(codes)].slice(0, CODES_PER_LOOK_MAX)
    const fresh = told.filter((code) => !this.#seenMs.has(code))
    for (const code of told) this.#seenMs.set(code, nowMs)
    return fresh
  }
}
