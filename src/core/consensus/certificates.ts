import type { Committee, Author } from '../model/committee.ts'
import type { Hash } from '../model/id.ts'
import type { ProposalPayload } from '../model/proposal.ts'

/** Commits above the newest certified one that votes are kept for. Validators are never far apart for long. */
const INDEXES_MAX = 1024

type Vote = Pick<ProposalPayload, 'commitIndex' | 'commitDigest'> & { readonly author: Author }

/** A commit whose state a quorum of validators has named by one digest. Protocol §6. */
export interface CertifiedCommit {
  readonly index: number
  readonly digest: Hash
}

/** Collects which validators name which commit digest, an author once for each commit: the digest it named first. */
export class Certificates {
  readonly #committee: Committee
  readonly #votes = new Map<number, Map<Author, Hash>>()
  #newest: CertifiedCommit | undefined

  constructor(committee: Committee) {
    this.#committee = committee
  }

  /** The newest commit with a certificate. */
  get newest(): CertifiedCommit | undefined {
    return this.#newest
  }

  /** Takes what a proposal names; returns the commit it completed a certificate for. */
  add({ commitIndex, commitDigest, author }: Vote): CertifiedCommit | undefined {
    if (commitIndex <= (this.#newest?.index ?? 0)) return undefined
    const votes = this.#votes.get(commitIndex) ?? new Map<Author, Hash>()
    if (!votes.has(author)) this.#votes.set(commitIndex, votes.set(author, commitDigest))
    const agreeing = [...votes].filter(([, digest]) => digest === commitDigest).map(([voter]) => voter)
    if (this.#committee.isQuorum(this.#committee.weightOfAll(agreeing))) {
      this.#newest = { index: commitIndex, digest: commitDigest }
      for (const index of this.#votes.keys()) if (index <= commitIndex) this.#votes.delete(index)
      return this.#newest
    }
    if (this.#votes.size > INDEXES_MAX) this.#votes.delete(Math.max(...this.#votes.keys()))
    return undefined
  }
}
