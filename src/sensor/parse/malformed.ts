/**
 * Why bytes of a sensor are no measurement. `unknown`: well formed as far as can be told, and of a kind that is not read
 * here. `not-known`: the sensor itself says that it has no value.
 */
export type FrameFault =
  | 'empty'
  | 'truncated'
  | 'trailing-bytes'
  | 'out-of-range'
  | 'bad-checksum'
  | 'not-text'
  | 'unknown'
  | 'not-known'

export interface MalformedFrame {
  readonly type: 'malformed'
  readonly reason: FrameFault
  /** How many bytes there were. */
  readonly length: number
}

/** @param length how many bytes there were */
export function malformed(reason: FrameFault, length: number): MalformedFrame {
  return { type: 'malformed', reason, length }
}
