/** What a Bluetooth sensor, this phone and a simulated thing have in common. */
import type { ThingKind } from '../reading/kinds.ts'
import type { Reading } from '../reading/reading.ts'
import type { DeviceFacts } from './device-facts.ts'
import type { SensorProblem } from './problem.ts'

export type SensorState =
  | { readonly type: 'stopped' }
  /** The browser's chooser, or its question for permission, is open. */
  | { readonly type: 'choosing' }
  | { readonly type: 'connecting' }
  /** Readings come. */
  | {
      readonly type: 'live'
      readonly name: string
      /** What it has sent since `start` that could not be read. */
      readonly malformed: number
      /** What it has sent since `start` beyond what is taken in a second, and was passed over. */
      readonly skipped?: number
      /** What the device says of itself, once it has been asked. */
      readonly about?: DeviceFacts
    }
  /** It went away. Attempt `attempt`, counted from 1, to bring it back follows `nextMs` ms after this state began. */
  | { readonly type: 'lost'; readonly attempt: number; readonly nextMs: number }
  | { readonly type: 'failed'; readonly problem: SensorProblem }

export interface SensorHandlers {
  /** At least one reading, in order of time. */
  onReadings(readings: readonly Reading[]): void
  /** The state has become this. */
  onState(state: SensorState): void
}

export interface Sensor {
  readonly kind: ThingKind
  readonly state: SensorState
  /**
   * Starts, or tries again after `stopped`, `lost` or `failed`; in other states it does nothing. Call it from a
   * click: the browser may ask the person, and does so only then. Never rejects: failures become states.
   */
  start(): Promise<void>
  /**
   * Names the device for `resume`, once one is chosen. It differs from site to site and means nothing elsewhere. Absent
   * where there is no device to choose.
   */
  readonly deviceId?: string | undefined
  /**
   * Goes on with a device that was chosen on an earlier visit, without a click. Resolves with false, and stays stopped,
   * where the browser no longer knows it: then it takes a click, and `start`. Never rejects.
   */
  resume?(deviceId: string): Promise<boolean>
  /** Ends it. No reading comes afterwards. */
  stop(): void
}

/** Time, handed in so that a test can own it. */
export interface SensorTime {
  /** Unix milliseconds, whole. */
  nowMs(): number
  /** Runs `task` once, `delayMs` from now; the function returned calls it off. */
  after(delayMs: number, task: () => void): () => void
}
