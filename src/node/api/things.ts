/** Things and their histories: what is shown of them, and what may be asked. */
import type { ThingKind } from '../../reading/kinds.ts'
import type { Reading } from '../../reading/reading.ts'
import type { History, Series } from '../../reading/series.ts'
import type { AlertRule, ThingSettings } from '../../reading/thing-settings.ts'
import type { CallOptions } from './calls.ts'

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
  /** The first of those, by their place in the file (`FileRow`), and what is wrong. */
  readonly badRows: readonly { readonly row: number; readonly reason: string }[]
}

/** A name is 1 to this many characters after trimming. */
export const NAME_CHARACTERS_MAX = 60

/** What the app may note of a thing's source: a mapping of many fields takes a part of it. */
export const SOURCE_CHARACTERS_MAX = 4096

/** Readings taken by one `logReadings` call. */
export const READINGS_PER_CALL_MAX = 1000

export interface ThingsApi {
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
   * Deletes what a thing of ours, or one that was forgotten, has measured before `beforeMs` from this device; what it measures
   * after the call stays. Others may hold it already. `left`: blocks that are in no commit yet, and what stands behind them;
   * they go by themselves once they are.
   */
  deleteHistory(input: {
    readonly thing: StreamKey
    readonly beforeMs: number
  }): Promise<{ readonly blocks: number; readonly left: number }>
  /** A W3C Thing Description 1.1 of a thing, as JSON. */
  describeThing(input: { readonly thing: StreamKey }): Promise<string>
}
