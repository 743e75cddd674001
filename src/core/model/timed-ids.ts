/** Ids of blocks with the times they were issued at, in the order (issuedAt, id): row i of both. Protocol §8. */
export interface TimedIds {
  /** Unix milliseconds. */
  readonly times: Float64Array
  /** 32 bytes each. */
  readonly ids: Uint8Array
}
