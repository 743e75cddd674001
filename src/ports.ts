/**
 * What a node needs from outside. Each port has one contract test in `test/contract`, which runs on
 * every implementation of it. Ids are hex strings, times are Unix milliseconds.
 */
import type { BlockId, Hash, PublicKey } from './core/model/id.ts'
import type { HistoryEntry, LedgerHead } from './core/model/ledger.ts'
import type { NamedOutput, OutputId, TransactionId } from './core/model/transaction.ts'

/** The wall clock, handed in so that a simulation can own time. */
export interface Clock {
  nowMs(): number
}

/** Cryptographic randomness, handed in so that a seed can replace it. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** A block as it travels and as it lies in a store. `bytes` is a whole encoded block that hashes to `id`. */
export interface StoredBlock {
  readonly id: BlockId
  readonly bytes: Uint8Array
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

/** Keeps blocks for good. It never judges them: what is appended is solid and valid. */
export interface BlockStore {
  /**
   * Keeps `blocks` (distinct, none of them held yet, at most `APPEND_BLOCKS_MAX`), all or none of them. Calls are kept
   * in order and may share a transaction, and then fail together. The bytes must not change until it resolves, which
   * is when they are as durable as asked. Throws `StoreError`.
   */
  append(blocks: readonly StoredBlock[], durability: Durability): Promise<void>
  /** The bytes of each block, in the order asked; `undefined` where it is not held. */
  read(ids: readonly BlockId[]): Promise<readonly (Uint8Array | undefined)[]>
  /**
   * The `count` blocks appended last, newest batch first; within a batch in the order appended. Their bytes are views
   * of larger buffers: whoever keeps one copies it.
   */
  newest(count: number): AsyncIterable<readonly StoredBlock[]>
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

/** A commit as it is kept: its place in the order, and its blocks in that order. */
export interface StoredCommit {
  readonly index: number
  readonly leader: BlockId
  readonly round: number
  readonly atMs: number
  readonly digest: Hash
  readonly blocks: readonly BlockId[]
  /** Blocks the block store held, or was about to, when this commit was made. */
  readonly blocksStored: number
}

/** What some commits, one after the other, changed. Written whole or not at all. */
export interface LedgerStep {
  /** At least one, indexes without a gap, the first right after the newest commit kept. */
  readonly commits: readonly StoredCommit[]
  /** The head after the last of them. */
  readonly head: LedgerHead
  /** Of the newest blocks in the block store, how many a node has to read to go on from here. */
  readonly blocksNeeded: number
  /** Outputs that were there before and are spent now. */
  readonly spent: readonly OutputId[]
  /** Outputs that are unspent now and were not there before. */
  readonly created: readonly NamedOutput[]
  /** Transactions applied, and how many outputs each has. */
  readonly applied: readonly (readonly [TransactionId, number])[]
  /** What touched this device's key, oldest first. */
  readonly history: readonly HistoryEntry[]
}

/** The newest step as a node starts from it. */
export interface StoredLedger {
  readonly head: LedgerHead
  readonly blocksNeeded: number
  /** Of the last commit. */
  readonly blocksStored: number
  readonly unspent: readonly NamedOutput[]
}

/**
 * Keeps the commits of one network, the unspent outputs after the newest, and this device's history. Reads throw
 * `StoreError` `damaged` where they find what was never written.
 */
export interface LedgerStore {
  /** What the last step left; `undefined` before the first. */
  load(): Promise<StoredLedger | undefined>
  /**
   * Keeps a step, which must not change until this resolves. Steps are kept in the order of the calls; where one fails,
   * those waiting behind it fail with it. Throws `StoreError`, and RangeError for one that does not follow the newest.
   */
  append(step: LedgerStep): Promise<void>
  /** Commits, newest first, in batches. */
  newestCommits(): AsyncIterable<readonly StoredCommit[]>
  /** How many outputs each transaction has if it was applied, in the order asked. */
  applied(ids: readonly TransactionId[]): Promise<readonly (number | undefined)[]>
  /** The newest entries of the history before commit `before` and place, newest first, at most `count`. */
  history(count: number, before?: Pick<HistoryEntry, 'commit' | 'place'>): Promise<readonly HistoryEntry[]>
  /** Forgets everything, after `damaged`: the commits, and all that follows from them, are derived from the blocks again. */
  clear(): Promise<void>
  /** Waits for steps under way, then lets go. Later calls throw `StoreError` `closed`. */
  close(): Promise<void>
}

/** The newest proposal a validator's key has signed in one network: no round up to its own is ever proposed again. */
export interface ProposerNote {
  /** 0 before the first. */
  readonly round: number
  /** The whole block; empty before the first, or where only the round is known. */
  readonly bytes: Uint8Array
}

/** Keeps it: written for good before a proposal is sent. Protocol §6. */
export interface ProposerStore {
  /** `undefined` where this store's key has never been allowed to propose from here. */
  load(): Promise<ProposerNote | undefined>
  /** Resolves once it is on disk. Throws `StoreError`. */
  save(note: ProposerNote): Promise<void>
}

/** Remembers, for one network, that blocks this node had were lost once and came back. */
export interface LossMark {
  isSet(): Promise<boolean>
  /** Resolves once it is on disk. Throws `StoreError`. */
  set(): Promise<void>
}

/** Small named values: identity, things, networks, what peers are known to hold. Values are structured-cloneable. */
export interface NoteStore {
  /** The value under `key`, unparsed: whoever reads it parses it. */
  get(key: string): Promise<unknown>
  /** All entries whose key starts with `prefix`, in key order. */
  list(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>
  /** Writes all entries or none, strictly durable; `undefined` deletes. Throws `StoreError`. */
  put(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>
  close(): Promise<void>
}

/** Checks signatures by the rule of protocol §3. The byte guard has been applied by the caller (core/crypto). */
export interface Verifier {
  verify(signature: Uint8Array, message: Uint8Array, key: PublicKey): Promise<boolean>
}

/** Signs with one key that it never shows. */
export interface Signer {
  readonly publicKey: PublicKey
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** Holds this device's secrets. Signatures and epoch keys leave it, nothing else (protocol §3, §10). */
export interface KeyStore extends Signer {
  /** Whether the identity was made on this device. One that was typed in may be at work elsewhere too. */
  readonly madeHere: boolean
  /** The 32-byte key of one epoch of one of this owner's streams. Protocol §10. */
  epochKey(streamId: Uint8Array, epoch: number): Promise<Uint8Array>
}

/** What is mined: 32-byte essence digest, and the first u32 value an id's last four bytes may not reach. Protocol §4. */
export interface MiningTask {
  /** The network id, 32 bytes: the key of the hash. */
  readonly key: Uint8Array
  readonly digest: Uint8Array
  /** 1 … 2^32; a nonce wins when the u32 at the id's end is below it. */
  readonly target: number
}

export interface MiningProgress {
  readonly hashes: number
  readonly hashesPerSecond: number
}

export interface MiningOptions {
  readonly signal?: AbortSignal
  /** Called at most every 100 ms or so. */
  readonly onProgress?: (progress: MiningProgress) => void
}

/** Finds a nonce. Rejects with the signal's reason when cancelled; other tasks go on. */
export interface Miner {
  mine(task: MiningTask, options?: MiningOptions): Promise<number>
  close(): void
}

/** A peer's libp2p id in text form, `12D3KooW…`. */
export type PeerId = string

/** Why a peer is sent away. Relaying a rejected transaction is none of these. Protocol §8. */
export type Blame =
  'malformed' | 'bad-work' | 'bad-signature' | 'invalid-block' | 'not-asked-for' | 'too-much'

export interface PeerInfo {
  readonly id: PeerId
  /** The Ed25519 key it proved to hold in the handshake; undefined where its id is of another kind. Protocol §3. */
  readonly key: PublicKey | undefined
  /** True for WebRTC between the two; false for a connection through a relay. */
  readonly direct: boolean
  readonly connectedAtMs: number
}

/** What becomes of a gossiped block: passed on, kept quiet, or held against whoever sent it. */
export type GossipVerdict = 'forward' | 'ignore' | 'reject'

/** What a node answers to its peers. None of these may throw. */
export interface TransportHandlers {
  /** A block arrived by gossip. It is passed on only if the promise resolves `forward`, in time. */
  onGossip(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict>
  /** A peer asks for blocks by id: those held, in any order. What is too much for one answer is left out. */
  onFetch(ids: readonly BlockId[], from: PeerId): Promise<readonly StoredBlock[]>
  /** These blocks, of an answer to `onFetch`, have reached `peer` whole: it said so. Of others nothing is known. */
  onServed(ids: readonly BlockId[], peer: PeerId): void
  /**
   * How far a peer's clock is ahead of ours, in milliseconds; negative where it is behind. Its tips come with its clock,
   * and the time they took counts as being behind. Called before those tips are handled. Protocol §6.
   */
  onClock(offsetMs: number, from: PeerId): void
  /** A peer names its tips. The answer is our own tips, once what it named has been fetched or given up. */
  onTips(ids: readonly BlockId[], from: PeerId): Promise<readonly BlockId[]>
  /** A direct connection came up, or the last one to that peer went. */
  onPeer(peer: PeerInfo, change: 'connected' | 'disconnected'): void
  /** Whether a relay is there, and which addresses an invitation can name. */
  onReachable(relay: RelayState): void
}

export type RelayState =
  | { readonly type: 'none' }
  | { readonly type: 'connecting'; readonly attempt: number }
  | { readonly type: 'connected'; readonly multiaddrs: readonly string[] }

/** Moves bytes between peers and knows nothing of what they mean. Every call is bounded in bytes and time. */
export interface Transport {
  start(handlers: TransportHandlers): Promise<void>
  /** Sends one block to the gossip topic. With no peer it does nothing. */
  publish(bytes: Uint8Array): Promise<void>
  /** Asks a directly connected peer for blocks; whatever it sent, unchecked. Rejects on timeout or a lost peer. */
  fetch(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly Uint8Array[]>
  /**
   * Names our tips to a directly connected peer and returns its own; each side hears the other's clock on the way.
   * Rejects on timeout or a lost peer.
   */
  exchangeTips(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly BlockId[]>
  /** Closes every connection to `peer` and refuses new ones until its ban expires. */
  blame(peer: PeerId, reason: Blame): void
  peers(): readonly PeerInfo[]
  stop(): Promise<void>
}

/** Ids asked for or named in one message between peers. 256 × 32 bytes is 8 KiB, under WebRTC's 16 KiB frames. */
export const IDS_PER_MESSAGE_MAX = 256

/** Bytes of blocks in one answer to a fetch. What does not fit is asked for again; what is not sent is no evidence. */
export const FETCH_ANSWER_BYTES_MAX = 2 ** 20

/** Blocks one `append` may take: half a megabyte of usual ones, a few milliseconds of disk. */
export const APPEND_BLOCKS_MAX = 1024
