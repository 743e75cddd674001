/** The way to the peers. */
import type { BlockId } from '../core/model/id.ts'
import type { StoredBlock } from './block-store.ts'
import type { MineAnswer, MineRequest } from './mining.ts'
import type { Pairing } from './pairing.ts'
import type {
  Blame,
  CommitCursor,
  CommittedBlocks,
  GossipVerdict,
  Greetings,
  PeerId,
  PeerInfo,
  RelayState,
  Standing,
  Stranger,
} from './peers.ts'

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

/** Ids asked for or named in one message between peers. 256 × 32 bytes is 8 KiB, under WebRTC's 16 KiB frames. */
export const IDS_PER_MESSAGE_MAX = 256

/** Bytes of blocks in one answer to a fetch. What does not fit is asked for again; what is not sent is no evidence. */
export const FETCH_ANSWER_BYTES_MAX = 2 ** 20

/**
 * Ids that one reconciling brings, about: half a window of blocks. Whoever lacks more has the earliest first, and
 * reconciles again.
 */
export const RECONCILED_IDS_MAX = 65_536

/** Bytes of committed blocks in one answer. What does not fit is asked for from where it ended. */
export const COMMITTED_BYTES_MAX = 2 ** 20

/** Blocks in one: the smallest ones would fit ten thousand into its bytes. */
export const COMMITTED_BLOCKS_MAX = 2048
