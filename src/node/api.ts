/**
 * What the app may ask of the peer. The peer lives in one worker per browser; every tab talks to it
 * through `rpc.ts`. Inputs are checked where they arrive; everything here is structured-cloneable.
 */
import type { NetworkId } from '../core/model/id.ts'
import type { PeerId, RelayState } from '../ports.ts'
import type { Reading, ThingKind } from '../reading/reading.ts'
import type { History, Series } from '../reading/series.ts'

export type { History, Series }

/** Names a stream for good: `<issuer, 64 hex>:<stream id, 64 hex>`. */
export type StreamKey = string

/**
 * Who can read a thing. `private`: mine, encrypted. `open`: what follows is readable by all.
 * `sealed`: somebody else's, and encrypted for me.
 */
export type Access = 'private' | 'open' | 'sealed'

/** How many blocks of a thing there are, and how far they have got. */
export interface BlockCounts {
  readonly total: number
  /** Blocks no other peer is known to hold: "on this phone only". */
  readonly hereOnly: number
  /** Distinct peers known to hold the newest block. */
  readonly newestHeldBy: number
}

export interface ThingView {
  readonly key: StreamKey
  readonly mine: boolean
  /** The owner's did:key. */
  readonly owner: string
  readonly name: string
  readonly kind: ThingKind | 'unknown'
  readonly access: Access
  /** The newest reading of each quantity, the main one first. */
  readonly latest: readonly Reading[]
  /** The last values of the main quantity, oldest first, at most `SPARK_POINTS_MAX`. */
  readonly spark: readonly number[]
  /** Readings not yet in a block. */
  readonly waiting: number
  readonly blocks: BlockCounts
  /** Present while a block is being made: 0 … 1, how much of the expected work is done. */
  readonly sealing?: number
}

/** Points in a card's sparkline. */
export const SPARK_POINTS_MAX = 60

export interface PeerView {
  readonly id: PeerId
  readonly direct: boolean
}

/** `full`: the browser refuses to store more. Nothing stored is lost; new readings wait in memory. */
export type StorageState = 'ok' | 'full' | 'failing'

export interface Snapshot {
  /** The device's did:key. */
  readonly device: string
  readonly network: {
    readonly id: NetworkId
    readonly name: string
    readonly relay: RelayState
    readonly peers: readonly PeerView[]
  }
  readonly things: readonly ThingView[]
  readonly storage: {
    readonly state: StorageState
    readonly blocks: number
    readonly bytes: number
    /** Records set aside because their checksum failed. */
    readonly damaged: number
    /** Blocks made or received but not stored yet. */
    readonly waitingBlocks: number
  }
}

export interface HistoryQuery {
  readonly thing: StreamKey
  readonly fromMs: number
  readonly toMs: number
  /** Buckets wanted, 1 … `HISTORY_BUCKETS_MAX`. */
  readonly buckets: number
}

export const HISTORY_BUCKETS_MAX = 2000

export interface InvitationView {
  readonly network: NetworkId
  readonly name: string
  /** True where this device is in that network already. */
  readonly current: boolean
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** 0 … 1, now and then, for calls that take long. */
  readonly onProgress?: (done: number) => void
}

export interface Api {
  addThing(input: { readonly name: string; readonly kind: ThingKind }): Promise<StreamKey>
  /** Takes readings into the next block of a thing of ours. Resolves when they are taken, not when stored. */
  logReadings(input: { readonly thing: StreamKey; readonly readings: readonly Reading[] }): Promise<void>
  /** Makes a block of what waits now. Resolves when it is stored for good. Reports progress. */
  flush(input: { readonly thing: StreamKey }, options?: CallOptions): Promise<void>
  renameThing(input: { readonly thing: StreamKey; readonly name: string }): Promise<void>
  /** Takes the thing off the list. Its blocks stay: others may hold them already. */
  forgetThing(input: { readonly thing: StreamKey }): Promise<void>
  /** Opens or closes what follows; what was issued stays as it was. */
  shareThing(input: { readonly thing: StreamKey; readonly open: boolean }): Promise<void>
  readHistory(input: HistoryQuery, options?: CallOptions): Promise<History>
  /** The text of an invitation to this network, for a link's `#join=` part. */
  invite(input: Record<string, never>): Promise<string>
  inspectInvitation(input: { readonly invitation: string }): Promise<InvitationView>
  /** Leaves the present network (its blocks stay stored) and enters the invited one. */
  join(input: { readonly invitation: string }): Promise<void>
}

export type ApiErrorKind =
  'bad-input' | 'bad-invitation' | 'unknown-thing' | 'storage-full' | 'cancelled' | 'peer-moved' | 'failed'

/** The only error a call rejects with. `message` is for people: what happened, what was kept, what to do. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind
  constructor(kind: ApiErrorKind, message: string) {
    super(message)
    this.name = 'ApiError'
    this.kind = kind
  }
}

/** A name is 1 to this many characters after trimming. */
export const NAME_CHARACTERS_MAX = 60

/** Readings taken by one `logReadings` call. */
export const READINGS_PER_CALL_MAX = 1000
