import { CLOCK_OFF_MS_MAX, medianOffsetMs } from '../core/consensus/clock.ts'
import { encodeProposal } from '../core/codec/proposal.ts'
import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import { Committee, type Author } from '../core/model/committee.ts'
import type { Network } from '../core/model/genesis.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { ProposalPlan } from '../core/model/proposal.ts'
import { StoreError, type Clock, type Miner, type ProposerStore, type Signer } from '../ports.ts'
import type { ValidatorState } from './api.ts'
import { makeBlock } from './issue.ts'

/** How long after a proposal that could not be made or stored the next try is: its cause seldom goes at once. */
const RETRY_MS = 5000

interface ValidatorParts {
  readonly network: Network
  readonly clock: Clock
  readonly signer: Signer
  readonly miner: Miner
  readonly engine: Engine
  readonly proposals: ProposerStore
  /** Receives a proposal; it is sent once `saved` has resolved and its block is stored. */
  readonly deliver: (made: CheckedBlock, saved: Promise<void>) => Promise<void>
  onChanged(): void
}

/**
 * This node as a validator, where its key is one: makes the proposals the engine asks for, each on disk before anybody
 * sees it, and keeps silent while it may have proposed elsewhere or its clock is off. Protocol §6.
 */
export class Validator {
  readonly #parts: ValidatorParts
  readonly #committee: Committee
  readonly #own: Author | undefined
  /** Rounds below this were proposed, or may have been. Undefined until the others have been heard. */
  #from: number | undefined
  readonly #heard = new Set<Author>()
  readonly #offsets = new Map<Author, number>()
  #clockOffMs = 0
  #failed: { readonly round: number; readonly retryAtMs: number } | undefined
  #stopped = false

  constructor(parts: ValidatorParts) {
    this.#parts = parts
    this.#committee = new Committee(parts.network.genesis.committee)
    this.#own = this.#committee.authorOf(parts.signer.publicKey)
  }

  get state(): ValidatorState {
    if (this.#own === undefined) return { type: 'none' }
    if (this.#clockOffMs !== 0) return { type: 'clock-off', offsetMs: this.#clockOffMs }
    if (this.#from !== undefined) return { type: 'proposing' }
    const others = this.#committee.weight - this.#committee.weightOf(this.#own)
    return { type: this.#committee.isQuorum(others) ? 'listening' : 'alone' }
  }

  /**
   * Goes on from the newest proposal this store knows of. Returns its bytes, so that one that was stored and never sent
   * is sent now.
   */
  async resume(): Promise<Uint8Array | undefined> {
    const note = await this.#parts.proposals.load()
    if (note === undefined || this.#own === undefined) return undefined
    this.#allow(note.round + 1)
    return note.bytes.length > 0 ? note.bytes : undefined
  }

  /** A validator's node has told, over an authenticated connection, all it holds, and it is here now. */
  async heard(key: PublicKey | undefined): Promise<void> {
    const author = key && this.#committee.authorOf(key)
    if (author === undefined || author === this.#own || this.state.type !== 'listening') return
    this.#heard.add(author)
    if (this.#committee.isQuorum(this.#committee.weightOfAll(this.#heard))) await this.#begin(2)
  }

  /**
   * The person vouches that no other copy of this validator is running: where the others are no quorum nobody else can
   * know.
   */
  async vouch(): Promise<void> {
    if (this.state.type === 'alone') await this.#begin(1)
  }

  /** How far a peer's clock is ahead of ours, by a key it proved. */
  clockOf(key: PublicKey | undefined, offsetMs: number): void {
    const author = key && this.#committee.authorOf(key)
    if (author === undefined || this.#own === undefined || author === this.#own) return
    this.#offsets.set(author, offsetMs)
    const samples = [...this.#offsets, [this.#own, 0] as const].map(([each, offset]) => ({
      offsetMs: offset,
      weight: this.#committee.weightOf(each),
    }))
    const median = medianOffsetMs(samples)
    const offMs = Math.abs(median) > CLOCK_OFF_MS_MAX ? median : 0
    if ((offMs === 0) === (this.#clockOffMs === 0)) return
    this.#clockOffMs = offMs
    if (offMs !== 0) this.#parts.engine.stopProposals()
    else if (this.#from !== undefined) this.#parts.engine.allowProposals(this.#from)
    this.#parts.onChanged()
  }

  /** Makes a proposal the engine asked for: mined, signed, received, on disk, and only then sent. */
  async propose(plan: ProposalPlan): Promise<void> {
    const { proposals, deliver, network } = this.#parts
    const { round } = plan.payload
    try {
      const content = { kind: 'proposal', payload: encodeProposal(plan.payload) } as const
      const made = await makeBlock(content, plan, network, this.#parts)
      if (this.#stopped) return
      this.#from = round + 1
      // a network of one goes on to its next proposal meanwhile, so that a payment costs one wait for the disk
      await deliver(made, proposals.save({ round, bytes: made.bytes }))
    } catch (error) {
      if (this.#stopped) return
      this.#failed = { round, retryAtMs: this.#parts.clock.nowMs() + RETRY_MS }
      if (!(error instanceof StoreError)) throw error // the disk refused: nothing was sent
    }
  }

  tick(nowMs: number): void {
    if (this.#failed === undefined || nowMs < this.#failed.retryAtMs) return
    this.#parts.engine.proposalFailed(this.#failed.round)
    this.#failed = undefined
  }

  stop(): void {
    this.#stopped = true
    this.#parts.engine.stopProposals()
  }

  /** Begins above every round this key may have proposed: those it can know of, and one that nobody may have got. */
  async #begin(above: number): Promise<void> {
    const from = this.#parts.engine.highestRound + above
    await this.#parts.proposals.save({ round: from - 1, bytes: new Uint8Array() })
    this.#allow(from)
    this.#parts.onChanged()
  }

  #allow(from: number): void {
    this.#from = from
    if (this.#clockOffMs === 0) this.#parts.engine.allowProposals(from)
  }
}
