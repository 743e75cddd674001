/** One measured value. */
export interface Reading {
  /** A row of `QUANTITIES`, or a name the sensor gave. */
  readonly quantity: string
  /** A SenML unit (RFC 8428 §12.1, RFC 8798), such as `beat/min`. Absent for a truth value and a text. */
  readonly unit?: string
  /** A text is what a tag or a code says. */
  readonly value: number | boolean | string
  /** When it was measured, Unix milliseconds. */
  readonly atMs: number
}
