/** What a heart-rate strap, this phone and a simulated thing have in common. */
import type { ThingKind } from '../reading/kinds.ts'
import type { Reading } from '../reading/reading.ts'
import type { SensorProblem } from './problem.ts'

export type SensorState =
  | { readonly type: 'stopped' }
  /** The browser's chooser, or its question for permission, is open. */
  | { readonly type: 'choosing' }
  | { readonly type: 'connecting' }
  /** Readings come. `malformed` counts what it has sent since `start` that could not be read. */
  | { readonly type: 'live'; readonly name: string; readonly malformed: number }
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
