import type { Author, Committee } from '../model/committee.ts'
import type { BlockId, Hash } from '../model/id.ts'
import { DIGESTS_MAX } from '../model/limits.ts'
import type { Diverged, ProposalPayload } from '../model/proposal.ts'

/**
 * Proposals kept of one author that name another digest than ours, or a commit that is not made here yet. An honest
 * validator of our order has a few of the latter; of another order it names every commit, and a few suffice.
 */
const NAMED_PER_AUTHOR_MAX = 1024

interface Named {
  readonly index: number
  readonly digest: Hash
  readonly proposal: BlockId
}

type Naming = Pick<ProposalPayload, 'commitIndex' | 'commitDigest'> & {
  readonly id: BlockId
  readonly author: Author
}

/**
 * Finds out that this node's order is not the one: that proposals of validators of more than a third of the weight name
 * another digest than ours for a commit we have made. No fewer can bring it about, whatever they sign. Protocol §8.
 *
 * An author counts once for a commit, twins or not, and it counts against us also where it has named our digest besides:
 * it has signed the other. A digest holds all those before it, so who has once named another names others ever after;
 * that is why commits older than `DIGESTS_MAX` need no judging.
 */
export class Divergence {
  readonly #committee: Committee
  /** Digests of our newest commits. */
  readonly #ours = new Map<number, Hash>()
  #newest = 0
  readonly #named = new Map<Author, Named[]>()
  #found: Diverged | undefined

  constructor(committee: Committee) {
    this.#committee = committee
  }

  /** What was found. It stays. */
  get found(): Diverged | undefined {
    return this.#found
  }

  /** Takes what a proposal names; returns what it completed. A commit too old to be remembered here says nothing. */
  add({ commitIndex: index, commitDigest: digest, id, author }: Naming): Diverged | undefined {
    const ours = this.#ours.get(index)
    const isOld = index <= this.#newest && ours === undefined
    if (this.#found || isOld || ours === digest) return undefined
    const named = this.#named.get(author) ?? []
    if (named.some((each) => each.index === index && each.digest === digest)) return undefined
    this.#named.set(author, [...named, { index, digest, proposal: id }])
    this.#bound(author)
    return ours === undefined ? undefined : this.#judge(index, ours)
  }

  /** Takes a commit of ours, the one right after the newest; returns what proposals that came before it complete. */
  made(index: number, digest: Hash): Diverged | undefined {
    this.#newest = index
    this.#ours.set(index, digest)
    this.#ours.delete(index - DIGESTS_MAX)
    for (const [author, named] of this.#named) {
      const stays = (each: Named) =>
        each.index === index ? each.digest !== digest : each.index > index - DIGESTS_MAX
      this.#named.set(author, named.filter(stays))
    }
    return this.#found ? undefined : this.#judge(index, digest)
  }

  /** The highest go: a validator that names commits without end, which never are, hides nothing it says of those there are. */
  #bound(author: Author): void {
    const named = this.#named.get(author) ?? []
    if (named.length <= NAMED_PER_AUTHOR_MAX) return
    const highest = Math.max(...named.map(({ index }) => index))
    this.#named.set(
      author,
      named.filter(({ index }) => index < highest),
    )
  }

  #judge(index: number, ours: Hash): Diverged | undefined {
    const against = [...this.#named].flatMap(([author, named]) => {
      const one = named.find((each) => each.index === index)
      return one ? [{ author, proposal: one.proposal }] : []
    })
    const weight = this.#committee.weightOfAll(against.map(({ author }) => author))
    if (!this.#committee.isOverAThird(weight)) return undefined
    this.#found = { index, ours, proposals: against.map(({ proposal }) => proposal) }
    return this.#found
  }
}
