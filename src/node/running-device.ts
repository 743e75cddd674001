import type { KeyStore } from '../ports.ts'
import type { Snapshot } from './api.ts'
import type { Device, DeviceParts } from './device.ts'
import { locked } from './identity-words.ts'

/** What waits is saved before a device locks, but no longer than this: a block takes a second or so. */
const SAVE_MS = 10_000

export interface RunningParts {
  /** Runs `task` once after `delayMs`. */
  readonly after: (delayMs: number, task: () => void) => void
  /** Opens what runs on these keys. */
  readonly openDevice: (
    keys: KeyStore,
    parts: Pick<DeviceParts, 'publish' | 'keepsLastKnown'>,
  ) => Promise<Device>
  readonly publish: (snapshot: Snapshot) => void
  readonly keepsLastKnown: () => boolean
  /** It is on now, or off. */
  readonly onChanged: () => void
}

/** The device while its keys are in memory: on and off again. The calls of `open` and `close` are one after the other. */
export class RunningDevice {
  readonly #parts: RunningParts
  #on: { readonly opening: Promise<Device>; device?: Device } | undefined

  constructor(parts: RunningParts) {
    this.#parts = parts
  }

  get isOn(): boolean {
    return this.#on !== undefined
  }

  /** Resolves once the device is open. @throws ApiError `locked`; what kept it from opening */
  device(): Promise<Device> {
    return this.#on?.opening ?? Promise.reject(locked())
  }

  /** Lets time pass where it is open. */
  tick(): void {
    this.#on?.device?.tick()
  }

  /** Nobody looks at it any more. */
  hidden(): void {
    this.#on?.device?.hidden()
  }

  /** Opens the device; where that fails it is off again. */
  async open(keys: () => Promise<KeyStore>): Promise<void> {
    const { openDevice, publish, keepsLastKnown, onChanged } = this.#parts
    const ours = {
      keepsLastKnown,
      publish: (snapshot: Snapshot) => {
        if (this.#on === on) publish(snapshot)
      },
    }
    const on: { readonly opening: Promise<Device>; device?: Device } = {
      opening: keys().then((made) => openDevice(made, ours)),
    }
    this.#on = on
    try {
      on.device = await on.opening
    } catch (error) {
      this.#on = undefined
      throw error
    } finally {
      onChanged()
    }
  }

  /** Is off at once, then saves what waits, and drops the keys. */
  async close(): Promise<void> {
    const on = this.#on
    if (on === undefined) return
    this.#on = undefined
    this.#parts.onChanged()
    const device = await on.opening
    const abort = new AbortController()
    this.#parts.after(SAVE_MS, () => abort.abort())
    await device.saveWaiting(abort.signal)
    await device.stop()
  }
}
