import { CLOCK_OFF_MS_MAX, medianOffsetMs } from '../core/consensus/clock.ts'
import { encodeProposal } from '../core/codec/proposal.ts'
import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import { Committee, type Author } from '../core/model/committee.ts'
import type { Network } from '../core/model/genesis.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { ProposalPlan } from '../core/model/proposal.ts'
import {
  StoreError,
  type Clock,
  type Miner,
  type ProposerNote,
  type ProposerStore,
  type Signer,
} from '../ports.ts'
import type { ValidatorState } from './api.ts'
import { stopped, unlessClosed } from './errors.ts'
import { makeBlock } from './issue.ts'

/** How long after a proposal that could not be made or noted the next try is: its cause seldom goes at once. */
const RETRY_MS = 5000

interface ValidatorParts {
  readonly network: Network
  readonly clock: Clock
  readonly signer: Signer
  readonly miner: Pick<Miner, 'mine'>
  readonly engine: Engine
  readonly proposals: ProposerStore
  /** Receives a proposal; once its block is stored, `note` is called, and what that resolves lets it be sent. */
  readonly deliver: (made: CheckedBlock, note: () => Promise<void>) => Promise<void>
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
  /** Notes of proposals whose blocks are stored, oldest first, and whoever waits for them. */
  readonly #unsaved: { readonly note: ProposerNote; readonly saved: PromiseWithResolvers<void> }[] = []
  #saving = false
  #saveAtMs = -Infinity
  #beginning = false
  #stopped = false

  constructor(parts: ValidatorParts) {
    this.#parts = parts
    this.#committee = new Committee(parts.network.genesis.committee)
    this.#own = this.#committee.authorOf(parts.signer.publicKey)
  }

  get state(): ValidatorState {
    if (this.#own === undefined) return { type: 'none' }
    if (this.#parts.engine.diverged) return { type: 'diverged' }
    if (this.#clockOffMs !== 0) return { type: 'clock-off', offsetMs: this.#clockOffMs }
    if (this.#from !== undefined) return { type: 'proposing' }
    const others = this.#committee.weight - this.#committee.weightOf(this.#own)
    return { type: this.#committee.isQuorum(others) ? 'listening' : 'alone' }
  }

  /** Whether what other validators say next may let it propose: what they hold, or what their clocks show. */
  get isWaiting(): boolean {
    const { type } = this.state
    return type === 'listening' || type === 'clock-off'
  }

  /**
   * Goes on from the newest proposal this store knows of. Returns its bytes, so that one whose block went missing is
   * stored and sent again; one that was stored and never sent is a tip, and named as such.
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
    const { deliver, network } = this.#parts
    const { round } = plan.payload
    const content = { kind: 'proposal', payload: encodeProposal(plan.payload) } as const
    let made: CheckedBlock
    try {
      made = await makeBlock(content, plan, network, this.#parts)
    } catch {
      // whatever ails the miner or the signer, nothing has been signed: it is tried again
      this.#failed = { round, retryAtMs: this.#parts.clock.nowMs() + RETRY_MS }
      return
    }
    // never twice for one round, whoever asked for it, nor for an order that is not everybody's
    if (this.#stopped || this.#parts.engine.diverged || round < (this.#from ?? Infinity)) return
    this.#from = round + 1
    await deliver(made, () => this.#save({ round, bytes: made.bytes })).catch(unlessClosed)
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#saveAtMs) void this.#saveNewest()
    if (this.#failed === undefined || nowMs < this.#failed.retryAtMs) return
    this.#parts.engine.proposalFailed(this.#failed.round)
    this.#failed = undefined
  }

  stop(): void {
    this.#stopped = true
    this.#parts.engine.stopProposals()
    for (const { saved } of this.#unsaved.splice(0)) saved.reject(stopped())
  }

  /**
   * Notes a proposal, after its block: a note whose block went missing with a crash would keep the round from being
   * proposed, and where nobody else can propose it, no later one ever could be.
   */
  #save(note: ProposerNote): Promise<void> {
    const saved = Promise.withResolvers<void>()
    if (this.#stopped) saved.reject(stopped())
    else this.#unsaved.push({ note, saved })
    void this.#saveNewest()
    return saved.promise
  }

  /** One write at a time, each of the newest alone. Where the disk refuses, it is tried again later. */
  async #saveNewest(): Promise<void> {
    if (this.#saving) return
    this.#saving = true
    await Promise.resolve() // proposals that one append has stored are noted by one write
    try {
      for (let newest = this.#unsaved.at(-1); newest !== undefined; newest = this.#unsaved.at(-1)) {
        await this.#parts.proposals.save(newest.note)
        const noted = this.#unsaved.splice(0, this.#unsaved.indexOf(newest) + 1)
        for (const { saved } of noted) saved.resolve()
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#saveAtMs = this.#parts.clock.nowMs() + RETRY_MS
    } finally {
      this.#saving = false
    }
  }

  /** Begins above every round this key may have proposed: those it can know of, and one that nobody may have got. */
  async #begin(above: number): Promise<void> {
    if (this.#beginning) return
    this.#beginning = true
    try {
      const from = this.#parts.engine.highestRound + above
      await this.#parts.proposals.save({ round: from - 1, bytes: new Uint8Array() })
      this.#allow(from)
      this.#parts.onChanged()
    } finally {
      this.#beginning = false
    }
  }

  #allow(from: number): void {
    this.#from = Math.max(this.#from ?? 0, from)
    if (this.#clockOffMs === 0) this.#parts.engine.allowProposals(this.#from)
  }
}
