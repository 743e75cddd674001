import type { BlockId } from '../../src/core/model/id.ts'
import type { EventQueue } from './queue.ts'
import type { Chance } from './random.ts'

/** What nodes send each other. */
export type Message =
  | { readonly type: 'block'; readonly bytes: Uint8Array }
  | { readonly type: 'ask'; readonly ids: readonly BlockId[] }
  | { readonly type: 'tips'; readonly ids: readonly BlockId[] }
  /** Reconciliation (protocol §8), modelled by its outcome: the other side learns what is not held here. */
  | { readonly type: 'pull'; readonly holds: (id: BlockId) => boolean }
  /** Of a flooder: a message of the real reconciliation, and what it does when that is answered. */
  | { readonly type: 'ranges'; readonly bytes: Uint8Array; readonly reply: (answer: Uint8Array) => void }
  /** Blocks that were asked for. */
  | { readonly type: 'blocks'; readonly list: readonly Uint8Array[] }
  /** The answer to a pull. `all`: nothing that was lacking is left out. */
  | { readonly type: 'pulled'; readonly list: readonly Uint8Array[]; readonly all: boolean }

/** What links do to what is sent over them. */
export interface Weather {
  readonly delayMs: readonly [min: number, max: number]
  /** What comes on top of a link's own delay, drawn for each message. */
  readonly jitterMs: number
  /** Shares of messages, 0 … 1. */
  readonly loss: number
  readonly duplication: number
  /** Messages that take up to four times as long and let later ones pass. */
  readonly reordering: number
}

/** Links between nodes: delays, losses, copies, and cuts in either direction. Nodes go by their index. */
export class Network {
  readonly #queue: EventQueue
  readonly #chance: Chance
  readonly #deliver: (to: number, from: number, message: Message) => void
  /** How many cuts are in force from one node to another. */
  readonly #cuts = new Map<string, number>()
  /** When the newest message that keeps its order arrives. */
  readonly #inOrderAtMs = new Map<string, number>()
  readonly #usual = new Map<string, number>()
  weather: Weather

  constructor(
    queue: EventQueue,
    chance: Chance,
    weather: Weather,
    deliver: (to: number, from: number, message: Message) => void,
  ) {
    this.#queue = queue
    this.#chance = chance
    this.weather = weather
    this.#deliver = deliver
  }

  send(from: number, to: number, message: Message): void {
    const link = `${from}>${to}`
    if (this.#cuts.has(link) || this.#chance.happens(this.weather.loss)) return
    this.#carry(link, from, to, message)
    if (this.#chance.happens(this.weather.duplication)) this.#carry(link, from, to, message)
  }

  /** Stops what goes from one node to another, not what is on its way, until healed as often as cut. */
  cut(from: number, to: number): void {
    const link = `${from}>${to}`
    this.#cuts.set(link, (this.#cuts.get(link) ?? 0) + 1)
  }

  heal(from: number, to: number): void {
    const link = `${from}>${to}`
    const left = (this.#cuts.get(link) ?? 0) - 1
    if (left > 0) this.#cuts.set(link, left)
    else this.#cuts.delete(link)
  }

  #carry(link: string, from: number, to: number, message: Message): void {
    const { reordering, jitterMs } = this.weather
    const delayMs = this.#usualDelayMs(link) + this.#chance.between(0, jitterMs)
    let atMs = this.#queue.nowMs + delayMs
    if (this.#chance.happens(reordering)) atMs += this.#chance.between(0, 3 * delayMs)
    else {
      atMs = Math.max(atMs, this.#inOrderAtMs.get(link) ?? 0)
      this.#inOrderAtMs.set(link, atMs)
    }
    this.#queue.after(atMs - this.#queue.nowMs, () => this.#deliver(to, from, message))
  }

  /** A link has one delay, drawn when it is first used, which stretches with the weather. */
  #usualDelayMs(link: string): number {
    const [min, max] = this.weather.delayMs
    const place = this.#usual.get(link) ?? this.#chance.unit()
    this.#usual.set(link, place)
    return Math.floor(min + place * (max - min))
  }
}
