import { AHEAD_MS_MAX } from '../core/model/limits.ts'
import type { Reading } from '../reading/reading.ts'
import type { AlertRule } from '../reading/thing-settings.ts'

/** How far back a change is looked for. */
const CHANGE_MS = 60_000

/** Parts the minute is seen in: of what comes faster than once a second the lowest and highest of each part stay. */
const PARTS = 60

/** A part of the minute, with the least and the most in it. */
interface Part {
  readonly number: number
  min: number
  max: number
}

/** What is known of a quantity that a rule is about. */
interface Watched {
  newest: Reading
  readonly parts: Part[]
}

/** A rule that holds. */
export interface Fired {
  readonly rule: AlertRule
  /** Since when it has been seen to hold. */
  readonly sinceMs: number
}

/** Watches one thing's readings by the rules its person made. */
export class AlertWatch {
  #rules: readonly AlertRule[] = []
  readonly #watched = new Map<string, Watched>()
  readonly #since = new Map<AlertRule, number>()
  #told = ''

  /** Goes by these rules from now on. What was seen of their quantities is kept. */
  set(rules: readonly AlertRule[]): void {
    this.#rules = rules
    this.#since.clear()
    const named = new Set(rules.map(({ quantity }) => quantity))
    for (const quantity of this.#watched.keys()) if (!named.has(quantity)) this.#watched.delete(quantity)
  }

  /** The quantities that a rule is about and nothing was seen of. */
  get unseen(): readonly string[] {
    const named = new Set(this.#rules.map(({ quantity }) => quantity))
    return [...named].filter((quantity) => !this.#watched.has(quantity))
  }

  /**
   * Takes note of readings. Those older than what was seen say nothing about now, unless that is later than `nowMs`: then the
   * clock was set back, and what they are compared with begins anew.
   *
   * @param nowMs left out where they were not measured just now
   */
  take(readings: readonly Reading[], nowMs = Infinity): void {
    for (const reading of readings) {
      if (!this.#rules.some(({ quantity }) => quantity === reading.quantity)) continue
      const seen = this.#watched.get(reading.quantity)
      const isOlder = seen !== undefined && reading.atMs < seen.newest.atMs
      if (isOlder && seen.newest.atMs <= nowMs) continue
      const watched = seen === undefined || isOlder ? { newest: reading, parts: [] } : seen
      this.#watched.set(reading.quantity, watched)
      watched.newest = reading
      if (typeof reading.value === 'number') addTo(watched.parts, reading.value, reading.atMs)
    }
  }

  /** Whether other rules hold now than when this was asked last. */
  hasNews(nowMs: number): boolean {
    const before = this.#told
    this.#told = this.fired(nowMs)
      .map(({ rule }) => this.#rules.indexOf(rule))
      .join()
    return this.#told !== before
  }

  /** The rules that hold at `nowMs`, in the order they were made. Of a quantity that was never seen none does. */
  fired(nowMs: number): readonly Fired[] {
    return this.#rules.flatMap((rule) => {
      const watched = this.#watched.get(rule.quantity)
      if (watched === undefined || !holds(rule, watched, nowMs)) {
        this.#since.delete(rule)
        return []
      }
      const sinceMs = this.#since.get(rule) ?? nowMs
      this.#since.set(rule, sinceMs)
      return [{ rule, sinceMs }]
    })
  }
}

function holds(rule: AlertRule, { newest, parts }: Watched, nowMs: number): boolean {
  // from a clock that was wrong: of now it says nothing
  if (newest.atMs > nowMs + AHEAD_MS_MAX) return false
  const value = Number(newest.value)
  switch (rule.type) {
    case 'over':
      return value > rule.value
    case 'under':
      return value < rule.value
    case 'stale':
      return nowMs - newest.atMs >= rule.afterMs
    case 'changes': {
      const recent = parts.filter(({ number }) => number > partOf(nowMs) - PARTS)
      const low = Math.min(...recent.map(({ min }) => min))
      const high = Math.max(...recent.map(({ max }) => max))
      return high - low >= rule.perMinute
    }
  }
}

function addTo(parts: Part[], value: number, atMs: number): void {
  const number = partOf(atMs)
  const last = parts.at(-1)
  if (last?.number === number) {
    last.min = Math.min(last.min, value)
    last.max = Math.max(last.max, value)
    return
  }
  parts.push({ number, min: value, max: value })
  if (parts.length > PARTS) parts.shift()
}

function partOf(atMs: number): number {
  return Math.floor(atMs / (CHANGE_MS / PARTS))
}
