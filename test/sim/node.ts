import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import type { BlockKind, CheckedBlock } from '../../src/core/model/block.ts'
import type { Change } from '../../src/core/model/change.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import type { ProposalPlan } from '../../src/core/model/proposal.ts'
import type { Conduct, Outgoing } from './conduct.ts'
import { Disk } from './disk.ts'
import { Exchange } from './exchange.ts'
import type { Message } from './network.ts'
import type { Chance } from './random.ts'
import { SimValidator } from './validator.ts'
import { VerificationStage } from './verification.ts'
import type { World } from './world.ts'

export interface NodeSpec {
  readonly index: number
  readonly key: PublicKey
  readonly neighbours: readonly number[]
  /** Whether what it says counts: the others may do and report anything. */
  readonly isHonest: boolean
  readonly conduct: Conduct
  readonly windowBlocksMax: number
  /** Whether it reads no more than it has to at start. */
  readonly isSparing: boolean
  /** How many commits it makes between two that it keeps. */
  readonly commitsPerCheckpoint: number
  /** How far its clock is off at the best of times. */
  readonly clockOffMs: number
}

/** How often a node looks after what is missing and names its tips. */
const ROUTINE_MS = 1000

/** The least a node can be around an engine: what it receives, keeps, sends and proposes, and how it dies. */
export class SimNode {
  readonly world: World
  readonly spec: NodeSpec
  readonly chance: Chance
  readonly disk = new Disk()
  readonly validator = new SimValidator(this)
  readonly #exchange = new Exchange(this)
  /** Where checking blocks costs time. */
  readonly stage: VerificationStage | undefined
  #engine: Engine | undefined
  #skewMs = 0
  /** Counts lives: what was asked for in an earlier one never happens. */
  #life = 0
  #wakeAtMs = Infinity
  /** When held back proposals may come in. */
  readonly #dueMs = new Map<BlockId, number>()
  /** Made since it last kept one. */
  #commits = 0
  readonly #changes: Change[] = []
  #isTaking = false

  constructor(world: World, spec: NodeSpec, chance: Chance) {
    this.world = world
    this.spec = spec
    this.chance = chance
    this.#skewMs = spec.clockOffMs
    const { verification } = world
    this.stage =
      verification && new VerificationStage(this, verification, (bytes, from) => this.#judge(bytes, from))
  }

  get isUp(): boolean {
    return this.#engine !== undefined
  }

  /** Only while it is up. */
  get engine(): Engine {
    if (this.#engine === undefined) throw new Error(`node ${this.spec.index} is down`)
    return this.#engine
  }

  /** Unix milliseconds by this node's own clock. */
  nowMs(): number {
    return this.world.startMs + this.world.queue.nowMs + this.#skewMs
  }

  /** Whether a block need not be asked for. */
  holds(id: BlockId): boolean {
    return this.engine.knows(id) || this.disk.has(id)
  }

  /** How far its clock is off. */
  get skewMs(): number {
    return this.#skewMs
  }

  /** Runs something later, if the node has not died until then. */
  after(delayMs: number, run: () => void): void {
    const life = this.#life
    this.world.queue.after(delayMs, () => {
      if (this.#life === life) run()
    })
  }

  start(): void {
    if (this.isUp) return
    const { key, windowBlocksMax, isSparing } = this.spec
    const { kept } = this.disk
    this.#life++
    this.#wakeAtMs = Infinity
    this.#engine = new Engine(this.world.network, { own: key, windowBlocksMax, ...(kept && { kept }) })
    if (this.spec.isHonest) this.world.referee.started(this, kept?.head.index ?? 0)
    this.#take(this.#engine.restore(this.disk.restored(this.#engine, isSparing), this.nowMs()))
    this.validator.started()
    const { proposed } = this.disk
    if (proposed && !this.holds(proposed.id)) this.receiveOwn(proposed)
    this.after(this.chance.between(1, ROUTINE_MS), () => this.#routine())
  }

  /** Loses what is in memory, and of its disk what was written last. */
  crash(blocksLost: number): void {
    this.#life++
    this.#engine = undefined
    this.disk.tear(blocksLost)
  }

  /** Loses everything but its key. */
  lose(): void {
    this.crash(0)
    this.disk.lose()
  }

  /** Sets its clock ahead of what it usually shows, or behind it. */
  skew(byMs: number): void {
    this.#skewMs = this.spec.clockOffMs + byMs
    if (!this.isUp) return
    this.validator.clockSet()
    this.#wakeAtMs = Infinity // what it waited for is at another time now
    this.#take(this.engine.tick(this.nowMs()))
  }

  handle(from: number, message: Message): void {
    if (!this.isUp) return
    if (message.type === 'block') this.receive(message.bytes, from, true)
    else this.#exchange.handle(from, message)
    if (message.type === 'pulled') this.validator.heard(from, message)
  }

  receive(bytes: Uint8Array, from: number, isGossip = false): void {
    if (this.stage) this.stage.take(bytes, from, isGossip)
    else this.#judge(bytes, from)
  }

  #judge(bytes: Uint8Array, from: number): void {
    const checked = this.world.forge.inspect(bytes)
    if (checked === undefined || this.holds(checked.id)) return
    const waitMs = checked.block.kind === 'proposal' ? this.#heldBackMs(checked.id) : 0
    if (waitMs > 0) this.after(waitMs, () => this.#judge(bytes, from))
    else this.#take(this.engine.receive(checked, String(from), this.nowMs()))
  }

  /** How long a proposal still takes to get here, whichever way it comes. */
  #heldBackMs(id: BlockId): number {
    const { holdBackMs, queue } = this.world
    if (holdBackMs === 0) return 0
    const dueMs =
      this.#dueMs.get(id) ?? queue.nowMs + (this.chance.happens(0.3) ? this.chance.between(0, holdBackMs) : 0)
    this.#dueMs.set(id, dueMs)
    return dueMs - queue.nowMs
  }

  pull(from: number): void {
    this.#exchange.pull(from)
  }

  /** Makes a data or transaction block, which takes its time, and sends it. */
  issue(kind: BlockKind, payload: Uint8Array): CheckedBlock {
    const place = this.engine.place(this.nowMs(), () => this.chance.unit())
    const made = this.#made(this.world.forge.make({ kind, issuer: this.spec.key, ...place, payload }))
    this.after(this.world.miningMs, () => this.receiveOwn(made))
    return made
  }

  /** Hands blocks to others without a word to anybody else. */
  tell({ checked, to = this.spec.neighbours, delayMs = 0 }: Outgoing): void {
    this.after(delayMs, () => {
      for (const other of to)
        this.world.links.send(this.spec.index, other, { type: 'block', bytes: checked.bytes })
    })
  }

  /** Takes in a block of its own. */
  receiveOwn(checked: CheckedBlock): void {
    if (this.holds(checked.id)) return
    this.#take(this.engine.receive(checked, undefined, this.nowMs()))
  }

  #routine(): void {
    if (this.engine.parked > 0) this.#take(this.engine.tick(this.nowMs()))
    this.#exchange.tellTips()
    this.after(this.chance.between(ROUTINE_MS / 2, 2 * ROUTINE_MS), () => this.#routine())
  }

  /** Acts on changes in their order, also on those that come of acting. */
  #take(changes: readonly Change[]): void {
    this.#changes.push(...changes)
    if (this.#isTaking) return
    this.#isTaking = true
    for (let next = this.#changes.shift(); next !== undefined; next = this.#changes.shift()) {
      if (this.spec.isHonest) this.world.referee.saw(this, next)
      this.#act(next)
    }
    this.#isTaking = false
    if (this.spec.isHonest) this.world.referee.sawAll(this)
    // only now is the disk where the engine is
    if (this.#commits >= this.spec.commitsPerCheckpoint) {
      this.disk.keepLedger(this.engine)
      this.#commits = 0
    }
    this.sleep()
  }

  #act(change: Change): void {
    switch (change.type) {
      case 'attached':
        this.disk.append(change.checked)
        return this.#exchange.forward(change.checked, indexOf(change.from))
      case 'missing':
        return this.#seek(change.ids, indexOf(change.from))
      case 'committed':
        this.disk.commit(change.commit)
        this.#commits++
        return
      case 'propose':
        return this.validator.propose(change.plan)
      case 'parked':
      case 'invalid':
      case 'dropped':
      case 'certified':
      case 'equivocation':
      case 'diverged':
    }
  }

  #seek(ids: readonly BlockId[], from: number | undefined): void {
    const stored = ids.flatMap((id) => this.disk.get(id) ?? [])
    if (stored.length > 0) {
      const entries = stored.map((checked) => this.engine.entryOf(checked))
      this.#take(this.engine.recall(entries, this.nowMs()))
    }
    const missing = ids.filter((id) => !this.holds(id))
    if (missing.length > 0) this.#exchange.ask(missing, from)
  }

  /** The proposal a plan asks for, or one that differs from it. */
  makeProposal({ payload, parents, issuedAtMs }: ProposalPlan, nonce = 0): CheckedBlock {
    const issuer = this.spec.key
    const bytes = encodeProposal(payload)
    const kind = 'proposal'
    return this.#made(this.world.forge.make({ kind, issuer, parents, issuedAtMs, payload: bytes, nonce }))
  }

  #made(checked: CheckedBlock): CheckedBlock {
    if (this.spec.isHonest) this.world.referee.made(checked)
    return checked
  }

  /** Sees to it that the engine is asked again when time alone gives it something to do. */
  sleep(): void {
    const engine = this.#engine
    if (engine === undefined) return
    const { queue, startMs } = this.world
    const atMs = Math.max(engine.wakeAtMs(this.nowMs()) - startMs - this.#skewMs, queue.nowMs + 1)
    if (atMs >= this.#wakeAtMs || atMs === Infinity) return
    this.#wakeAtMs = atMs
    this.after(atMs - queue.nowMs, () => {
      if (this.#wakeAtMs !== atMs) return
      this.#wakeAtMs = Infinity
      this.#take(this.engine.tick(this.nowMs()))
    })
  }
}

function indexOf(source: string | undefined): number | undefined {
  return source === undefined ? undefined : Number(source)
}
