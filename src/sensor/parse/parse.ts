import type { Reading } from '../../reading/reading.ts'
import type { MalformedFrame } from './malformed.ts'

/** What a frame says: readings in order of time, none where it says nothing that is measured. */
export type Parsed = readonly Reading[] | MalformedFrame

/**
 * Reads one frame of a Bluetooth characteristic. Never throws.
 *
 * @param atMs when it arrived, whole Unix milliseconds
 */
export type Parse = (frame: DataView, atMs: number) => Parsed

/** Reads one frame of a serial line, without what frames it. Never throws. */
export type ParseLine = (frame: Uint8Array, atMs: number) => Parsed

/**
 * What is spoken over a serial line: frames in, readings out. Some devices speak only when they are asked.
 */
export interface Dialogue {
  /** What has to be sent now; `undefined` where it is not our turn. Called after opening, after each frame, and on silence. */
  ask?(): Question | undefined
  readonly take: ParseLine
}

export interface Question {
  readonly bytes: Uint8Array
  /** Without a frame for so long the answer is given up and `ask` is called again. */
  readonly withinMs: number
}
