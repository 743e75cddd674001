import { decodeProposal } from '../../src/core/codec/proposal.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Author, Committee } from '../../src/core/model/committee.ts'
import type { BlockId, NetworkId } from '../../src/core/model/id.ts'

/** What the rules of a block's past say of it, judged apart from the core, once for each block. Protocol §4, §6. */
export class Rules {
  readonly #committee: Committee
  readonly #issuedAtMs = new Map<BlockId, number>()
  readonly #proposals = new Map<BlockId, { readonly author: Author; readonly round: number }>()

  constructor(genesis: NetworkId, createdAtMs: number, committee: Committee) {
    this.#committee = committee
    this.#issuedAtMs.set(genesis, createdAtMs)
  }

  /** Takes in a block some node attached. Returns the rule it breaks, if it breaks one. */
  add({ id, block }: CheckedBlock): string | undefined {
    if (this.#issuedAtMs.has(id)) return undefined
    this.#issuedAtMs.set(id, block.issuedAtMs)
    for (const parent of block.parents) {
      const atMs = this.#issuedAtMs.get(parent)
      if (atMs === undefined) return `${id} is not solid`
      if (atMs >= block.issuedAtMs) return `${id} is not later than its parent`
    }
    return block.kind === 'proposal' ? this.#addProposal({ id, block }) : undefined
  }

  #addProposal({ id, block }: Pick<CheckedBlock, 'id' | 'block'>): string | undefined {
    const author = this.#committee.authorOf(block.issuer)
    const payload = decodeProposal(block.payload)
    if (author === undefined || 'reason' in payload) return `${id} is nobody's proposal`
    const { epoch, round } = payload
    if (epoch !== 0 || round < 1) return `${id} is of epoch ${epoch} and round ${round}`
    const named = block.parents
      .map((parent) => this.#proposals.get(parent))
      .filter((each) => each !== undefined)
    const strong = named.filter((each) => each.round === round - 1).map((each) => each.author)
    this.#proposals.set(id, { author, round })
    if (named.some((each) => each.round >= round)) return `${id} names a proposal of its own round or later`
    if (new Set(strong).size < strong.length) return `${id} names an author twice`
    const isBelow = round > 1 && 3 * this.#committee.weightOfAll(strong) <= 2 * this.#committee.weight
    return isBelow ? `${id} stands on less than a quorum` : undefined
  }
}
