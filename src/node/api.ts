/**
 * What the app may ask of the peer. The peer lives in one worker per browser; every tab talks to it
 * through `rpc.ts`. Inputs are checked where they arrive; everything here is structured-cloneable.
 */
import type { NetworkId } from '../core/model/id.ts'
import type { Rejection, TransactionId } from '../core/model/transaction.ts'
import type { PairingCode, PeerId, RelayState, Stranger } from '../ports.ts'
import type { ThingKind } from '../reading/kinds.ts'
import type { Reading } from '../reading/reading.ts'
import type { History, Series } from '../reading/series.ts'
import type { AlertRule, ThingSettings } from '../reading/thing-settings.ts'

export type { History, PairingCode, Series }

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
  /** Blocks that are in the order for good. */
  readonly committed: number
  /** Whether the newest block is. */
  readonly newestCommitted: boolean
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
  /** What is left of that work takes so long on average, at the pace so far; absent until there is one. */
  readonly sealingLeftMs?: number
  /** Of our own things. */
  readonly settings?: ThingSettings
  /** What the app noted about where its readings come from. */
  readonly source?: string
  /** Rules that hold now, and since when. */
  readonly alerts?: readonly FiredAlert[]
}

/** An alert rule that holds. */
export interface FiredAlert {
  readonly rule: AlertRule
  readonly sinceMs: number
}

/** Points in a card's sparkline. */
export const SPARK_POINTS_MAX = 60

export interface PeerView {
  readonly id: PeerId
  readonly direct: boolean
}

/** `full`: the browser refuses to store more. Nothing stored is lost; new readings wait in memory. */
export type StorageState = 'ok' | 'full' | 'failing'

/** Money this key has, in units, and what stands in its way. Sums of what is committed, less what payments under way spend. */
export interface BalanceView {
  /** To be spent now, change of payments under way among it. */
  readonly spendable: number
  /** Leaves with payments that are not final yet. */
  readonly leaving: number
  /** Its own, and not to be spent yet: locked until a time or by a secret. */
  readonly locked: number
  /** Sent to others, and back with this key unless they claim it in time. */
  readonly refundable: number
}

/** A payment as its person sees it. `who`: did:keys of whoever paid or was paid. */
export interface PaymentView {
  readonly id: TransactionId
  readonly direction: 'sent' | 'received' | 'self' | 'came-back' | 'went-back' | 'claimed'
  readonly amount: number
  readonly who: readonly string[]
  /** What its sender wrote. A stranger's words. */
  readonly memo: string
  /** When it was made, or once it is final its commit time. */
  readonly atMs: number
  readonly state: PaymentViewState
}

export type PaymentViewState =
  /** Its proof of work is under way (0 … 1) or waits. `leftMs`: as `sealingLeftMs`. */
  | { readonly type: 'working'; readonly done: number; readonly leftMs?: number }
  /** On its way; so many peers are known to hold it. */
  | { readonly type: 'pending'; readonly heldBy: number }
  | { readonly type: 'final'; readonly commit: number }
  /** Not applied where it stood in the order; it is tried again where that can help. */
  | { readonly type: 'rejected'; readonly reason: Rejection['reason'] }
  /** It can never be paid: what it was to spend is spent, by another payment or by one it was built on. */
  | { readonly type: 'failed'; readonly reason: 'already-spent' | 'built-on-failed' }

export interface WalletView {
  readonly balance: BalanceView
  /** Newest first: those that are not final, then the newest of the others. */
  readonly payments: readonly PaymentView[]
}

/** What a network's order looks like from here. */
export interface OrderView {
  /** Commits so far. */
  readonly index: number
  /** Commit time of the newest. */
  readonly atMs: number
  readonly validator: ValidatorState
  /** did:keys and weights of the validators. */
  readonly committee: readonly { readonly key: string; readonly weight: number }[]
  /**
   * So many validators, of more than a third of the weight, have signed another order than this device has made, up to
   * this commit at least. Payments are stopped here, nothing else is. Absent where all is well.
   */
  readonly diverged?: { readonly index: number; readonly validators: number }
}

/** What a person fills in to pay. Amounts are whole units. */
export interface PayInput {
  /** The payee's did:key. */
  readonly to: string
  readonly amount: number
  readonly memo?: string
  /** Not to be spent before. */
  readonly notBeforeMs?: number
  /** SHA-256 of a secret that the payee has to show, 64 hex digits. */
  readonly hashlock?: string
  /** Back with this device unless it is claimed before. */
  readonly refundAtMs?: number
  /** A payment that is not final, and that this one takes the place of: at most one of them ever is. */
  readonly instead?: TransactionId
}

interface FoundInput {
  readonly name: string
  /** did:keys of its validators, each of weight 1; this device need not be among them. */
  readonly validators: readonly string[]
}

/**
 * This device as a validator. `none`: it is not one. `listening`: it may have proposed elsewhere and has to hear the
 * others first. `alone`: the same, and its person has to vouch that there is no other copy. `clock-off`: its clock is
 * that much behind the others' (negative: ahead), so it proposes nothing. `diverged`: see `OrderView`; it proposes no more.
 */
export type ValidatorState =
  | { readonly type: 'none' | 'proposing' | 'listening' | 'alone' | 'diverged' }
  | { readonly type: 'clock-off'; readonly offsetMs: number }

/** How far this device has got with the commits that its peers have and it lacks. */
export interface CatchingUpView {
  /** Commits so far. */
  readonly index: number
  /** Commits that peers say there are. */
  readonly upTo: number
  /** Until then, at the pace so far; absent until there is one. */
  readonly leftMs?: number
}

/** Somebody this device met who is in another network or speaks another version, and when. */
export type StrangerView = Stranger & { readonly atMs: number }

export interface Snapshot {
  /** The device's did:key. */
  readonly device: string
  readonly network: {
    readonly id: NetworkId
    readonly name: string
    readonly relay: RelayState
    readonly peers: readonly PeerView[]
    readonly order: OrderView
    /** Absent where there is nothing to catch up, or only a moment's. */
    readonly catchingUp?: CatchingUpView
    /** The newest, however long ago. */
    readonly stranger?: StrangerView
  }
  readonly wallet: WalletView
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
  /** Present where this device mines for peers that ask it to. */
  readonly minesForOthers?: boolean
}

export interface HistoryQuery {
  readonly thing: StreamKey
  readonly fromMs: number
  readonly toMs: number
  /** Buckets wanted, 1 … `HISTORY_BUCKETS_MAX`. */
  readonly buckets: number
}

export const HISTORY_BUCKETS_MAX = 2000

/** The forms a history is handed out in: a table, a JSON list of readings, or SenML in JSON (RFC 8428 §5). */
export type HistoryFormat = 'csv' | 'json' | 'senml'

interface Span {
  readonly thing: StreamKey
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
}

/** What became of a file's readings. */
export interface ImportReport {
  /** Readings that are in blocks now. */
  readonly taken: number
  /** Readings that were there before. */
  readonly known: number
  /** Rows that are no readings, all of them counted. */
  readonly bad: number
  /** The first of those, by their place in the file, counted from 1, and what is wrong. */
  readonly badRows: readonly { readonly row: number; readonly reason: string }[]
}

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
  /** @param input.source what the app has to know to start its sensor again, at most `SOURCE_CHARACTERS_MAX` characters */
  addThing(input: {
    readonly name: string
    readonly kind: ThingKind
    readonly source?: string
  }): Promise<StreamKey>
  /** Takes readings into the next block of a thing of ours. Resolves when they are taken, not when stored. */
  logReadings(input: { readonly thing: StreamKey; readonly readings: readonly Reading[] }): Promise<void>
  /** Makes a block of what waits now. Resolves when it is stored for good. Reports progress. */
  flush(input: { readonly thing: StreamKey }, options?: CallOptions): Promise<void>
  renameThing(input: { readonly thing: StreamKey; readonly name: string }): Promise<void>
  /** Takes the thing off the list. Its blocks stay: others may hold them already. */
  forgetThing(input: { readonly thing: StreamKey }): Promise<void>
  /** Opens or closes what follows; what was issued stays as it was. */
  shareThing(input: { readonly thing: StreamKey; readonly open: boolean }): Promise<void>
  /** Changes how a thing is measured, kept and watched from now on, or what the app noted of its source. */
  setThing(input: {
    readonly thing: StreamKey
    readonly settings?: ThingSettings
    readonly source?: string
  }): Promise<void>
  readHistory(input: HistoryQuery, options?: CallOptions): Promise<History>
  /** The newest readings of a span, oldest first, at most `count` (1 … `READINGS_PER_CALL_MAX`). */
  readReadings(input: Span & { readonly count: number }): Promise<readonly Reading[]>
  /** The readings of a span as a file. Reports progress. */
  exportHistory(input: Span & { readonly format: HistoryFormat }, options?: CallOptions): Promise<Blob>
  /**
   * Takes the readings of a file that are not here yet into blocks of a thing of ours. What is bad is passed over and
   * counted; what was taken before a cancel stays. Reports progress.
   */
  importHistory(
    input: { readonly thing: StreamKey; readonly format: HistoryFormat; readonly file: Blob },
    options?: CallOptions,
  ): Promise<ImportReport>
  /**
   * Deletes what a thing of ours measured before `beforeMs` from this device. Others may hold it already. `left`: blocks that
   * are in no commit yet, and what stands behind them; they go by themselves once they are.
   */
  deleteHistory(input: {
    readonly thing: StreamKey
    readonly beforeMs: number
  }): Promise<{ readonly blocks: number; readonly left: number }>
  /** A W3C Thing Description 1.1 of a thing, as JSON. */
  describeThing(input: { readonly thing: StreamKey }): Promise<string>
  /** The text of an invitation to this network, for a link's `#join=` part. */
  invite(input: Record<string, never>): Promise<string>
  inspectInvitation(input: { readonly invitation: string }): Promise<InvitationView>
  /** Leaves the present network (its blocks stay stored) and enters the invited one. */
  join(input: { readonly invitation: string }): Promise<void>
  /** Founds a network whose money is all this device's, and enters it as `join` does. */
  found(input: FoundInput): Promise<void>
  /** Pays, and resolves once the payment is stored in a block. Reports the progress of its work; may be cancelled till then. */
  pay(input: PayInput, options?: CallOptions): Promise<TransactionId>
  /** Takes a payment back that is not final: pays all it would spend to this device instead. Whichever is first, holds. */
  takeBack(input: { readonly payment: TransactionId }, options?: CallOptions): Promise<TransactionId>
  /** Claims every output that is locked by the hash of this secret (64 hex digits) for this device. */
  claim(input: { readonly secret: string }, options?: CallOptions): Promise<TransactionId>
  /**
   * The person vouches that no other copy of this validator is running. Only where `ValidatorState` says `alone`; a
   * false word here breaks the network.
   */
  vouch(input: Record<string, never>): Promise<void>
  /** Has this device mine for peers that ask it to, or no longer. Its own work goes first. */
  mineForOthers(input: { readonly on: boolean }): Promise<void>
  /** A code for another device in this network, to connect with it without a server. */
  offerPairing(input: Record<string, never>): Promise<PairingCode>
  /** Takes the code another device shows. The answer has to be entered there. */
  answerPairing(input: { readonly offer: string }): Promise<PairingCode>
  /** Takes the answer to a code this device shows; `awaitPairing` says how it ends. */
  acceptPairing(input: { readonly answer: string }): Promise<void>
  /** Resolves once the two devices are connected. @param input.pairing as in `PairingCode` */
  awaitPairing(input: { readonly pairing: string }): Promise<void>
  /** Gives up a pairing that is not connected. */
  cancelPairing(input: { readonly pairing: string }): Promise<void>
}

/** A call of the api. */
export type Method = keyof Api

/** All of them: the compiler sees to that. */
export const METHODS: Readonly<Record<Method, true>> = {
  addThing: true,
  logReadings: true,
  flush: true,
  renameThing: true,
  forgetThing: true,
  shareThing: true,
  setThing: true,
  readHistory: true,
  readReadings: true,
  exportHistory: true,
  importHistory: true,
  deleteHistory: true,
  describeThing: true,
  invite: true,
  inspectInvitation: true,
  join: true,
  found: true,
  pay: true,
  takeBack: true,
  claim: true,
  vouch: true,
  mineForOthers: true,
  offerPairing: true,
  answerPairing: true,
  acceptPairing: true,
  awaitPairing: true,
  cancelPairing: true,
}

export type ApiErrorKind =
  | 'bad-input'
  | 'bad-invitation'
  | 'unknown-thing'
  | 'cannot-pay'
  | 'cannot-pair'
  | 'storage-full'
  | 'cancelled'
  | 'peer-moved'
  | 'failed'

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

/** What the app may note of a thing's source: a mapping of many fields takes a part of it. */
export const SOURCE_CHARACTERS_MAX = 4096

/** Readings taken by one `logReadings` call. */
export const READINGS_PER_CALL_MAX = 1000
