/**
 * What a node needs from outside. Each port has one contract test in `test/contract`, which runs on
 * every implementation of it. Ids are hex strings, times are Unix milliseconds.
 */
import type { BlockId, Hash, PublicKey } from './core/model/id.ts'
import type { HistoryEntry, LedgerHead } from './core/model/ledger.ts'
import type { NamedOutput, OutputId, TransactionId } from './core/model/transaction.ts'
import type { TimedIds } from './core/model/timed-ids.ts'

export type { TimedIds } from './core/model/timed-ids.ts'

/** The wall clock, handed in so that a simulation can own time. */
export interface Clock {
  nowMs(): number
}

/** Cryptographic randomness, handed in so that a seed can replace it. */
export interface Random {
  bytes(length: number): Uint8Array
}

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
  /**
   * Commits after the one with this index (0 before the first), oldest first, at most `count` (1 …
   * `COMMITS_PER_READ_MAX`): fewer where they are large, none only where there is none. Throws RangeError where asked
   * for what there cannot be.
   */
  commitsAfter(index: number, count: number): Promise<readonly StoredCommit[]>
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

/**
 * Keeps pages of bytes under keys, for what can be made again from the blocks. Keys are ASCII, in the order of their
 * characters.
 */
export interface PageStore {
  /** The pages under these keys, in the order asked; `undefined` where there is none. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** The first `count` of the pages whose keys are at least `from` and less than `before`, in the order of keys. */
  range(
    from: string,
    before: string,
    count: number,
  ): Promise<readonly (readonly [key: string, page: Uint8Array])[]>
  /** Writes all entries or none; `undefined` deletes. Throws `StoreError`. */
  put(entries: readonly (readonly [key: string, page: Uint8Array | undefined])[]): Promise<void>
  /** Forgets everything. */
  clear(): Promise<void>
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
  /**
   * How many signatures it wants at once to be kept busy, where that is more than one thread needs. What is asked in one
   * turn of the event loop may be checked together; each answer is for its own signature.
   */
  readonly atOnce?: number
  /** Never rejects: what cannot be judged does not hold. */
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
  /** The first nonce that is tried, 0 … 2^53 − 1; 0 where it is left out. */
  readonly start?: number
}

/** How far a search is. At its rate a task takes `expectedMsOf` (core/crypto/work.ts) on average. */
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

/** What one device asks another to mine. A digest says nothing of the content. Protocol §4. */
export interface MineRequest extends Pick<MiningTask, 'digest' | 'target'> {
  /** An answer is of use for so long: 1 … `MINE_MS_MAX` milliseconds from when it was asked for. */
  readonly withinMs: number
}

/**
 * Why a peer does not mine: it does so for nobody (`off`), has work to do (`busy`), is asked for more work than a block of the
 * network takes (`too-much`), has done enough for now (`too-often`), or found nothing in time (`unfinished`).
 */
export type MineRefusal = 'off' | 'busy' | 'too-much' | 'too-often' | 'unfinished'

/** The nonce is unchecked where it comes from a peer. */
export type MineAnswer =
  | { readonly type: 'found'; readonly nonce: number }
  | { readonly type: 'refused'; readonly reason: MineRefusal }

/** A peer's libp2p id in text form, `12D3KooW…`. */
export type PeerId = string

/** Why a peer is sent away. Relaying a rejected transaction is none of these. Protocol §8. */
export type Blame =
  | 'malformed'
  | 'bad-work'
  | 'bad-signature'
  | 'invalid-block'
  | 'not-asked-for'
  | 'too-much'
  | 'not-converging'
  | 'silent'
  | 'other-order'

export interface PeerInfo {
  readonly id: PeerId
  /** The Ed25519 key it proved to hold in the handshake; undefined where its id is of another kind. Protocol §3. */
  readonly key: PublicKey | undefined
  /** True for WebRTC between the two; false for a connection through a relay. */
  readonly direct: boolean
  readonly connectedAtMs: number
}

/** A peer that speaks Weft and nothing that this node speaks: its network goes by the first 16 hex digits of its id. */
export type Stranger =
  { readonly type: 'other-network'; readonly network: string } | { readonly type: 'other-version' }

/** Where a node stands: its newest commit, and the blocks above it. */
export interface Standing {
  /** 0 before the first. */
  readonly index: number
  readonly digest: Hash
  /** Of the blocks in the graph that are in no commit. */
  readonly uncommitted: TimedIds
}

/** What peers tell each other first. Protocol §8. */
export interface Greeting extends Omit<Standing, 'uncommitted'> {
  /** How many blocks are in no commit. */
  readonly uncommitted: number
  /** Of their ids, 16 bytes; Negentropy's. */
  readonly fingerprint: Uint8Array
}

/** What both sides of a connection said. */
export interface Greetings {
  readonly ours: Greeting
  readonly theirs: Greeting
}

/** A place in the stream of all committed blocks: after commit `after`, and `skip` blocks of the one that follows. */
export interface CommitCursor {
  readonly after: number
  readonly skip: number
}

/** Blocks of commits in their order, and where they end. */
export interface CommittedBlocks {
  readonly blocks: readonly Uint8Array[]
  readonly next: CommitCursor
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
  /** Where this node stands now. */
  standing(): Standing
  /** A peer greeted us, and heard what we are. */
  onGreeting(greetings: Greetings, from: PeerId): void
  /**
   * A peer asks for committed blocks from a place on, up to the end of commit `upTo`: as many as `bytesMax` bytes take.
   * An answer that is at the same place says there are none, or no room.
   */
  onCommits(cursor: CommitCursor, upTo: number, bytesMax: number, from: PeerId): Promise<CommittedBlocks>
  /** A peer has blocks we may lack, by the first 8 bytes of their ids. Returns whether each is wanted. */
  onOffer(prefixes: BigUint64Array, from: PeerId): readonly boolean[]
  /** Blocks that were wanted came, in the order offered; more come once it resolves. */
  onPushed(blocks: readonly Uint8Array[], from: PeerId): Promise<void>
  /** A peer asks for work. `signal` aborts once the answer is of no use any more. */
  onMine(request: MineRequest, from: PeerId, signal: AbortSignal): Promise<MineAnswer>
  /** A peer may be asked from now on, directly or else through a relay; or no longer. */
  onPeer(peer: PeerInfo, change: 'connected' | 'disconnected'): void
  /** A direct connection led to a stranger, and is cut; the stranger hears the same of us. */
  onStranger?(stranger: Stranger, peer: PeerId): void
  /** Whether a relay is there, and which addresses an invitation can name. */
  onReachable(relay: RelayState): void
}

/** `loading`: what speaks to relays is being loaded; from the second attempt on, the first has failed. */
export type RelayState =
  | { readonly type: 'none' }
  | { readonly type: 'loading'; readonly attempt: number }
  | { readonly type: 'connecting'; readonly attempt: number }
  | { readonly type: 'connected'; readonly multiaddrs: readonly string[] }

/**
 * Why two devices are not connected by codes. Of a code that was read: `truncated`, `mistyped`, `other-version`,
 * `other-network`, `expired` (or the clocks differ), `used` before on this device, `not-an-offer`, `not-an-answer`,
 * `own-code` of this device, `other-offer` (an answer to none that is open here). Of this device: `too-many` pairings
 * are open, `full` of direct peers, `no-network` it has an address in, `unsupported` by its browser, `not-loaded` as long
 * as the code for it is not there. Of what followed: `no-answer` in time, `failed` to connect, `cancelled` here.
 */
export type PairingFault =
  | 'truncated'
  | 'mistyped'
  | 'other-version'
  | 'other-network'
  | 'expired'
  | 'used'
  | 'not-an-offer'
  | 'not-an-answer'
  | 'own-code'
  | 'other-offer'
  | 'too-many'
  | 'full'
  | 'no-network'
  | 'unsupported'
  | 'not-loaded'
  | 'no-answer'
  | 'failed'
  | 'cancelled'

/** The only error a pairing rejects with. */
export class PairingError extends Error {
  readonly kind: PairingFault
  constructor(kind: PairingFault, options?: ErrorOptions) {
    super(`Not paired: ${kind}.`, options)
    this.name = 'PairingError'
    this.kind = kind
  }
}

/** A code that a person carries to the other device. */
export interface PairingCode {
  /** Names the pairing on both devices: 6 hex digits. */
  readonly pairing: string
  /** At most `PAIRING_CODE_CHARACTERS_MAX` of A–Z, a–z, 0–9, `-`, `_`. */
  readonly code: string
  readonly expiresAtMs: number
}

/**
 * Connects two devices that share a network and nothing else, by an offer and an answer that people carry over. What
 * comes of it is a direct peer like any other. Every call rejects with `PairingError`.
 */
export interface Pairing {
  offer(): Promise<PairingCode>
  /** Takes the other device's offer; the answer waits until the offer expires for the other device to take it. */
  answer(offer: string): Promise<PairingCode>
  /** Takes the answer to an offer of this device, and resolves before the two are connected. */
  accept(answer: string): Promise<void>
  /** Resolves once the two are connected. Asked too late, it rejects with `no-answer`. */
  connected(pairing: string): Promise<void>
  /** Gives up a pairing that is not connected. */
  cancel(pairing: string): void
}

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
  /** Says where we stand and hears where a peer does. Rejects on timeout, a lost peer, or one of another network. */
  greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings>
  /** Asks for committed blocks, as `onCommits` answers them; unchecked. Rejects as `fetch` does. */
  commits(peer: PeerId, cursor: CommitCursor, upTo: number, signal?: AbortSignal): Promise<CommittedBlocks>
  /**
   * Finds out which blocks that are in no commit only one side has, and gives the peer those it lacks. Returns the ids
   * of those we lack, older ones first as far as one answer told of them. Rejects as `fetch` does.
   */
  reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]>
  /** Asks a peer for work; what it found is unchecked. Rejects as `fetch` does, and after `withinMs` without an answer. */
  mine(peer: PeerId, request: MineRequest, signal?: AbortSignal): Promise<MineAnswer>
  /** Closes every connection to `peer` and refuses new ones until its ban expires. */
  blame(peer: PeerId, reason: Blame): void
  /** Whoever may be asked now: just those whose coming `onPeer` told of, and whose going it did not. */
  peers(): readonly PeerInfo[]
  /** Absent where this transport connects nobody by codes, and before it is started. */
  readonly pairing?: Pairing | undefined
  stop(): Promise<void>
}

/** Characters of a code for pairing: a QR code that a phone reads off another's screen at arm's length. */
export const PAIRING_CODE_CHARACTERS_MAX = 140

/** How long a peer may be asked to mine for: many times what a block takes on any device that is of help. */
export const MINE_MS_MAX = 30_000

/** Ids asked for or named in one message between peers. 256 × 32 bytes is 8 KiB, under WebRTC's 16 KiB frames. */
export const IDS_PER_MESSAGE_MAX = 256

/** Bytes of blocks in one answer to a fetch. What does not fit is asked for again; what is not sent is no evidence. */
export const FETCH_ANSWER_BYTES_MAX = 2 ** 20

/** Blocks one `append` may take: half a megabyte of usual ones, a few milliseconds of disk. */
export const APPEND_BLOCKS_MAX = 1024

/**
 * Ids that one reconciling brings, about: half a window of blocks. Whoever lacks more has the earliest first, and
 * reconciles again.
 */
export const RECONCILED_IDS_MAX = 65_536

/** Commits one read takes: usual ones name a few blocks, and together they fit a hundred kilobytes. */
export const COMMITS_PER_READ_MAX = 256

/** Bytes of committed blocks in one answer. What does not fit is asked for from where it ended. */
export const COMMITTED_BYTES_MAX = 2 ** 20

/** Blocks in one: the smallest ones would fit ten thousand into its bytes. */
export const COMMITTED_BLOCKS_MAX = 2048
