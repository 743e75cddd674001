/** How a thing of ours is measured, kept and watched. All of it stays on its device. */
export interface ThingSettings {
  /** By quantity; what is not named is taken as it is measured. */
  readonly shaping: Readonly<Record<string, Shaping>>
  /** The first reading of a block waits so long for others, `SAVE_EVERY_MS_MIN` … `SAVE_EVERY_MS_MAX`. */
  readonly saveEveryMs: number
  /** Readings older than this are deleted here; absent where all are kept. At least `KEEP_MS_MIN`. */
  readonly keepMs?: number
  /** At most `ALERTS_MAX`. */
  readonly alerts: readonly AlertRule[]
}

/** What becomes of a quantity's readings before they are recorded. */
export interface Shaping {
  /** A reading is left out that comes sooner than so long after the last one taken. */
  readonly everyMs?: number
  /** A reading is left out that differs by less from the last one taken; one a minute is taken all the same. */
  readonly deadband?: number
  /** Calibration: a number is multiplied by this; 1 where it is left out. */
  readonly gain?: number
  /** And then this is added. */
  readonly offset?: number
}

/** When a person is told, in units of the quantity's readings. */
export type AlertRule = { readonly quantity: string } & (
  | { readonly type: 'over' | 'under'; readonly value: number }
  /** No reading has come for so long. */
  | { readonly type: 'stale'; readonly afterMs: number }
  /** It has changed by at least this much, up or down, within a minute. */
  | { readonly type: 'changes'; readonly perMinute: number }
)

export const SAVE_EVERY_MS_MIN = 1000
/** An hour: beyond it a closed tab would lose more than people expect. */
export const SAVE_EVERY_MS_MAX = 3_600_000

/** A day: less would be a display and no history. */
export const KEEP_MS_MIN = 86_400_000

/** A screen of lines to draw over a chart. */
export const ALERTS_MAX = 16

/** Quantities that can be shaped: as many as one thing shows. */
export const SHAPED_MAX = 32

/** How a new thing begins. */
export const DEFAULT_SETTINGS: ThingSettings = { shaping: {}, saveEveryMs: 5000, alerts: [] }
