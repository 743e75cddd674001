import { describe, expect, it } from 'vitest'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Change } from '../../src/core/model/change.ts'
import type { Author } from '../../src/core/model/committee.ts'
import { conflicting } from './make-graphs.ts'
import { FOUR, KEYS, proposal } from './make-proposals.ts'
import { CREATED_AT_MS, at, makeBlock } from './make.ts'

const STEP_MS = 50

/** Validators that hear each other at once. Those left out of the four are silent, or speak through `give`. */
class Validators {
  nowMs = CREATED_AT_MS + 1e6
  proposals = 0
  readonly #engines: ReadonlyMap<Author, Engine>

  constructor(...authors: readonly Author[]) {
    const open = (author: Author) => {
      const engine = new Engine(FOUR, { own: at(KEYS, author), windowBlocksMax: 1024 })
      engine.allowProposals(1)
      return engine
    }
    this.#engines = new Map(authors.map((author) => [author, open(author)]))
  }

  /** All of them get these blocks, in this order, and answer. */
  give(...blocks: readonly CheckedBlock[]): void {
    const queue = [...blocks]
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      for (const [author, engine] of this.#engines)
        queue.push(...this.#proposed(author, engine.receive(next, 'a', this.nowMs)))
  }

  /** Lets time pass. */
  wait(ms: number): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs += STEP_MS
      for (const [author, engine] of this.#engines)
        this.give(...this.#proposed(author, engine.tick(this.nowMs)))
    }
    return this
  }

  /** Whether each of them has committed a block. */
  haveCommitted({ id }: CheckedBlock): boolean {
    return [...this.#engines.values()].every((engine) => engine.graph.has(id) && engine.isCommitted(id))
  }

  get heads() {
    return [...this.#engines.values()].map(({ head }) => head)
  }

  #proposed(author: Author, changes: readonly Change[]): CheckedBlock[] {
    const plans = changes.flatMap((change) => (change.type === 'propose' ? [change.plan] : []))
    this.proposals += plans.length
    return plans.map(({ payload, ...place }) =>
      makeBlock({ ...place, kind: 'proposal', issuer: at(KEYS, author), payload: encodeProposal(payload) }),
    )
  }
}

const pay = (validators: Validators, nonce = 1) => conflicting([FOUR.id], validators.nowMs, nonce)

describe('validators that hear each other', () => {
  it.each([[[0, 1, 2, 3]], [[0, 1, 2]], [[1, 2, 3]]])('finish a payment, all alike: %j', (authors) => {
    const validators = new Validators(...authors)
    const payment = pay(validators)
    validators.give(payment)
    validators.wait(20_000)
    expect(validators.haveCommitted(payment)).toBe(true)
    for (const head of validators.heads) expect(head).toEqual(validators.heads[0])
  })

  it('fall silent afterwards, and before anything happens', () => {
    const validators = new Validators(0, 1, 2, 3)
    validators.wait(60_000)
    expect(validators.proposals).toBe(0)
    validators.give(pay(validators))
    validators.wait(20_000)
    const { proposals } = validators
    expect(proposals).toBeGreaterThan(11)
    expect(proposals).toBeLessThan(60)
    validators.wait(60_000)
    expect(validators.proposals).toBe(proposals)
  })

  it('finish nothing where they are no quorum, and propose no end of rounds neither', () => {
    const validators = new Validators(0, 1)
    const payment = pay(validators)
    validators.give(payment)
    validators.wait(60_000)
    expect(validators.haveCommitted(payment)).toBe(false)
    expect(validators.proposals).toBe(2)
  })
})

describe('a payment that only a proposal names which nobody will name', () => {
  /*
   * Protocol §6 calls business covered once a held proposal has it in its past, and lets only an opening take in tips.
   * So a payment below a proposal that came too late, or below twins, is never named, and proposals go on for ever.
   */
  it('is finished where that came too late, and its author is gone', () => {
    const validators = new Validators(0, 1, 2)
    validators.give(pay(validators))
    validators.wait(20_000)
    const payment = pay(validators, 2)
    const issuedAtMs = validators.nowMs + 1
    const late = proposal({ author: 3, round: 1, parents: [payment.id], issuedAtMs })
    validators.give(late, payment)
    validators.wait(20_000)
    expect(validators.haveCommitted(payment)).toBe(true)
  })

  it('is finished where that has a twin', () => {
    const validators = new Validators(0, 1, 2)
    const payment = pay(validators)
    const twins = [1, 2].map((nonce) =>
      proposal({ author: 3, round: 1, parents: [payment.id], issuedAtMs: validators.nowMs + 1, nonce }),
    )
    validators.give(...twins, payment)
    validators.wait(20_000)
    expect(validators.haveCommitted(payment)).toBe(true)
  })
})
