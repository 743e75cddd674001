/** Peers, and what they tell each other. */
import type { Hash, PublicKey } from '../core/model/id.ts'
import type { TimedIds } from '../core/model/timed-ids.ts'

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
  /** How long the newest ping took, there and back; absent before the first, and where a transport has none. */
  readonly rttMs?: number
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

/** `loading`: what speaks to relays is being loaded; from the second attempt on, the first has failed. */
export type RelayState =
  | { readonly type: 'none' }
  | { readonly type: 'loading'; readonly attempt: number }
  | { readonly type: 'connecting'; readonly attempt: number }
  | { readonly type: 'connected'; readonly multiaddrs: readonly string[] }
