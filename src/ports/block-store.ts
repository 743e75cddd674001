/** The store of blocks, and what any store fails with. */
import type { BlockId } from '../core/model/id.ts'

/**
 * A block as it travels and as it lies in a store. `bytes` is a whole encoded block that hashes to `id`, or the header of one
 * that is erased.
 */
export interface StoredBlock {
  readonly id: BlockId
  readonly bytes: Uint8Array
  /** Only a store says so, of what it holds: `bytes` is no more than the block's header. Protocol §4. */
  readonly erased?: true
}

/** How soon `append` may resolve: `strict` once the bytes are on disk, `relaxed` once the system has them. */
export type Durability = 'relaxed' | 'strict'

/** What a store holds, for the storage screen and for tests. `damaged` counts records set aside. */
export interface BlockStoreStats {
  readonly blocks: number
  readonly bytes: number
  readonly damaged: number
}

/** `damaged`: what is read cannot be what was written. */
export type StoreErrorKind = 'quota-exceeded' | 'closed' | 'newer-version' | 'damaged' | 'failed'

/** The only error a store throws. After `quota-exceeded` everything appended before is still held. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind
  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.kind = kind
  }
}

/** Blocks in the order they were appended. */
export interface BlocksSince {
  readonly blocks: readonly StoredBlock[]
  /** The place behind the last of them. */
  readonly next: number
}

/** Keeps blocks for good. It never judges them: what is appended is solid and valid. */
export interface BlockStore {
  /**
   * Keeps `blocks` (distinct, none of them held yet, at most `APPEND_BLOCKS_MAX`), all or none of them. Calls are kept
   * in order and may share a transaction, and then fail together. The bytes must not change until it resolves, which
   * is when they are as durable as asked. What is no more than a header, though it names a payload, is held as erased.
   * Throws `StoreError`.
   */
  append(blocks: readonly StoredBlock[], durability: Durability): Promise<void>
  /** The bytes of each block, in the order asked; `undefined` where it is not held whole: never, or erased since. */
  read(ids: readonly BlockId[]): Promise<readonly (Uint8Array | undefined)[]>
  /** The same with what was erased: `undefined` only where not even the header is held. */
  find(ids: readonly BlockId[]): Promise<readonly (StoredBlock | undefined)[]>
  /**
   * The `count` blocks appended last, newest batch first; within a batch in the order appended. Their bytes are views
   * of larger buffers: whoever keeps one copies it.
   */
  newest(count: number): AsyncIterable<readonly StoredBlock[]>
  /**
   * The blocks appended after `place`, oldest first: about `count` of them (1 or more), and none only where there are no
   * more. A place is where an earlier answer ended, and stays good after the store is opened again; 0 is before the first
   * block. One behind the end, where the newest blocks were lost with the power, is answered with the end: a lesser `next`.
   */
  since(place: number, count: number): Promise<BlocksSince>
  /**
   * Leaves no more than the header of each of these blocks (protocol §4), for good and on disk; the others are as they
   * were. It stays where it was among the blocks, which `newest` and `since` tell as `erased`, and counts with its smaller
   * size. What is not held, or has no payload, is passed over. Where it throws `StoreError` some may be erased already.
   */
  erase(ids: readonly BlockId[]): Promise<void>
  /** Answers after `close` too. */
  stats(): BlockStoreStats
  /** Waits for appends under way, then lets go. Later calls throw `StoreError` `closed`. */
  close(): Promise<void>
}

/**
 * A record that failed its checksum was set aside. `candidates` are the byte strings in it that still have
 * the shape of a block: nothing vouches for them, so they go through the same checks as a stranger's.
 */
export interface DamageReport {
  readonly candidates: readonly Uint8Array[]
}

/** Blocks one `append` may take: half a megabyte of usual ones, a few milliseconds of disk. */
export const APPEND_BLOCKS_MAX = 1024
