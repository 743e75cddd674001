/** Why bytes of a sensor are no measurement. */
export type FrameFault = 'empty' | 'truncated' | 'trailing-bytes' | 'out-of-range'

export interface MalformedFrame {
  readonly type: 'malformed'
  readonly reason: FrameFault
  /** How many bytes there were. */
  readonly length: number
}
