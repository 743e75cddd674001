/**
 * Where a block stands in the drawing: time runs right, and each issuer has a lane. Pure. A place is found once, when a block
 * comes, from what is known of it then; it never changes.
 */
import { KIND_BYTES } from '../core/model/block.ts'

/** Lanes there are at most, this device's among them: on a phone each is then some 40 pixels high. */
export const LANES_MAX = 8

/**
 * A proposal stands at one of these heights of its lane, 0 at the top, by turns: rounds may follow in no time, and what they
 * take in hangs below.
 */
const PROPOSAL_HEIGHTS = [0.12, 0.2, 0.28] as const

/** Other blocks stand between these heights. */
const HEIGHT_MIN = 0.4
const HEIGHT_MAX = 0.88

/** The golden ratio's fraction: each next multiple of it falls into the widest gap between those before. */
const GOLDEN = 0.618_033_988_749_895

/** The lanes of issuers: this device's is the first; others get one as they come, and share them by hash once all are taken. */
export class Lanes {
  readonly #others = new Map<number, number>()

  /** @param issuer a number that stands for whoever it is; returns 0 … `LANES_MAX` − 1 */
  laneOf(issuer: number, mine: boolean): number {
    if (mine) return 0
    const found = this.#others.get(issuer)
    if (found !== undefined) return found
    // beyond that nothing is remembered of an issuer: there may be any number of them
    if (this.count === LANES_MAX) return 1 + (issuer % (LANES_MAX - 1))
    const lane = this.count
    this.#others.set(issuer, lane)
    return lane
  }

  /** Lanes in use, this device's always among them. */
  get count(): number {
    return 1 + this.#others.size
  }
}

/** How far down a block is, in lanes: the whole part is its lane. `kind`: as `KIND_BYTES`. */
export function heightOf(lane: number, number: number, kind: number): number {
  if (kind === KIND_BYTES.proposal) return lane + (PROPOSAL_HEIGHTS[number % PROPOSAL_HEIGHTS.length] ?? 0)
  return lane + HEIGHT_MIN + ((number * GOLDEN) % 1) * (HEIGHT_MAX - HEIGHT_MIN)
}
