import type { Member } from './genesis.ts'
import type { PublicKey } from './id.ts'

/** A validator by its place in the order of keys: 0 … 63. */
export type Author = number

/** The smallest weight w with 3w > 2W, where all have `weight`, W. Protocol §6. */
export function quorumOf(weight: number): number {
  return Math.floor((2 * weight) / 3) + 1
}

/** The validators of an epoch in the order of their keys, and how much weight decides. Protocol §6. */
export class Committee {
  readonly #members: readonly Member[]
  readonly #authors: ReadonlyMap<PublicKey, Author>
  /** The weight of all, W. */
  readonly weight: number
  /** The smallest weight w with 3w > 2W. */
  readonly quorum: number

  constructor(members: readonly Member[]) {
    this.#members = [...members].sort((a, b) => (a.key < b.key ? -1 : 1))
    this.#authors = new Map(this.#members.map(({ key }, author) => [key, author]))
    this.weight = members.reduce((sum, { weight }) => sum + weight, 0)
    this.quorum = quorumOf(this.weight)
  }

  get size(): number {
    return this.#members.length
  }

  /** The validator a key is, if it is one. */
  authorOf(key: PublicKey): Author | undefined {
    return this.#authors.get(key)
  }

  keyOf(author: Author): PublicKey {
    const member = this.#members[author]
    if (member === undefined) throw new RangeError(`no validator ${author}`)
    return member.key
  }

  weightOf(author: Author): number {
    return this.#members[author]?.weight ?? 0
  }

  /** The weight of these validators, each counted once however often it is named. */
  weightOfAll(authors: Iterable<Author>): number {
    let sum = 0
    for (const author of new Set(authors)) sum += this.weightOf(author)
    return sum
  }

  isQuorum(weight: number): boolean {
    return weight >= this.quorum
  }

  /** Whether it is more than faulty validators may weigh: 3w > W. Protocol §1. */
  isOverAThird(weight: number): boolean {
    return 3 * weight > this.weight
  }

  /** Whether without some one validator there is no quorum: so of one, of 2 or 3 equals, or with a heavy one. Protocol §7. */
  get oneLossStops(): boolean {
    return this.#members.some(({ weight }) => !this.isQuorum(this.weight - weight))
  }

  /** The validator on which a point of [0, W) falls, weights laid end to end in the order of keys. Protocol §6. */
  at(point: number): Author {
    let end = 0
    for (const [author, { weight }] of this.#members.entries()) {
      end += weight
      if (point < end) return author
    }
    throw new RangeError(`${point} is not below ${this.weight}`)
  }
}
