import { ID_BYTES } from '../model/id.ts'

/** Bytes that stand for an issuer: nobody makes 2^64 keys to look like another. */
export const ISSUER_BYTES = 8

/**
 * What the graph keeps of each block, a column a fact, a row a slot: 67 bytes. Typed arrays: a million JavaScript objects
 * would take ten times the memory.
 */
export class Rows {
  readonly ids: Uint8Array
  readonly issuedAtMs: Float64Array
  /** Where a block's parent links begin; they end where the next block's begin. */
  readonly firstLink: Float64Array
  /** The first `ISSUER_BYTES` bytes of the key of a block's issuer, as one number; and the same memory as bytes. */
  readonly issuers: BigUint64Array
  readonly issuerBytes: Uint8Array
  /** `KIND_BYTES`. */
  readonly kinds: Uint8Array
  /** Of a proposal: its round, else 0. */
  readonly rounds: Uint32Array
  /** Of a proposal: its author. */
  readonly authors: Uint8Array
  /** One bit for each of `MARKS`. */
  readonly marks: Uint8Array
  /** The number of the walk that came by last. */
  readonly walks: Uint32Array

  constructor(slots: number) {
    this.ids = new Uint8Array(slots * ID_BYTES)
    this.issuedAtMs = new Float64Array(slots)
    this.firstLink = new Float64Array(slots)
    this.issuers = new BigUint64Array(slots)
    this.issuerBytes = new Uint8Array(this.issuers.buffer)
    this.kinds = new Uint8Array(slots)
    this.rounds = new Uint32Array(slots)
    this.authors = new Uint8Array(slots)
    this.marks = new Uint8Array(slots)
    this.walks = new Uint32Array(slots)
  }

  /** Takes over row `from` of other rows as row `to`. */
  copy(other: Rows, from: number, to: number): void {
    this.ids.set(other.ids.subarray(from * ID_BYTES, (from + 1) * ID_BYTES), to * ID_BYTES)
    this.issuedAtMs[to] = other.issuedAtMs[from] ?? 0
    this.firstLink[to] = other.firstLink[from] ?? 0
    this.issuers[to] = other.issuers[from] ?? 0n
    this.kinds[to] = other.kinds[from] ?? 0
    this.rounds[to] = other.rounds[from] ?? 0
    this.authors[to] = other.authors[from] ?? 0
    this.marks[to] = other.marks[from] ?? 0
  }
}
