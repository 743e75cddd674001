import type { ThingView } from '../../node/api.ts'
import type { AlertRule } from '../../reading/thing-settings.ts'

/** A rule that held so lately is not told again: a value that sits on its limit would ring without end. */
const QUIET_MS = 60_000

/** Rules remembered over a reload. More hold at once on nobody's device. */
const REMEMBERED_MAX = 64

export interface AlertsNeeds {
  /** The wall clock, Unix milliseconds. */
  readonly now: () => number
  /** Tells of a rule that has begun to hold. `tag` is the same whenever it is that rule. */
  readonly tell: (thing: ThingView, rule: AlertRule, tag: string) => void
  /** The tags remembered at the last start, if any. */
  readonly remembered: readonly string[]
  readonly remember: (tags: readonly string[]) => void
}

/** Tells of each alert rule once when it begins to hold, however often the peer says that it does. */
export class AlertsState {
  readonly #needs: AlertsNeeds
  /** Rules that hold, by their tags. */
  #holding: ReadonlySet<string> = new Set()
  /** When rules that do not hold any more did last. */
  readonly #leftMs = new Map<string, number>()

  constructor(needs: AlertsNeeds) {
    this.#needs = needs
    // they may hold still: the peer sees that with the next reading
    for (const tag of needs.remembered.slice(-REMEMBERED_MAX)) this.#leftMs.set(tag, needs.now())
  }

  /** Takes the things of a new snapshot. */
  follow(things: readonly ThingView[]): void {
    const nowMs = this.#needs.now()
    const holding = new Set<string>()
    for (const thing of things) {
      for (const { rule } of thing.alerts ?? []) {
        const tag = tagOf(thing, rule)
        holding.add(tag)
        if (!this.#holding.has(tag) && !this.#isQuiet(tag, nowMs)) this.#needs.tell(thing, rule, tag)
      }
    }
    const ended = [...this.#holding].filter((tag) => !holding.has(tag))
    const begun = [...holding].filter((tag) => !this.#holding.has(tag))
    this.#holding = holding
    for (const tag of begun) this.#leftMs.delete(tag)
    for (const tag of ended) this.#leftMs.set(tag, nowMs)
    for (const [tag, leftMs] of this.#leftMs) if (nowMs - leftMs >= QUIET_MS) this.#leftMs.delete(tag)
    if (begun.length + ended.length > 0)
      this.#needs.remember([...this.#leftMs.keys(), ...holding].slice(-REMEMBERED_MAX))
  }

  #isQuiet(tag: string, nowMs: number): boolean {
    return nowMs - (this.#leftMs.get(tag) ?? -Infinity) < QUIET_MS
  }
}

function tagOf({ key }: ThingView, rule: AlertRule): string {
  return `${key} ${JSON.stringify(rule)}`
}
