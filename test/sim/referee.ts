import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Change } from '../../src/core/model/change.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import type { Commit } from '../../src/core/model/proposal.ts'
import { Money } from './money.ts'
import type { SimNode } from './node.ts'
import { Rules } from './rules.ts'
import { RunningHash } from './running-hash.ts'
import type { World } from './world.ts'

/** What no run may show while Byzantine weight is below a third. */
export type ViolationKind =
  /** Two honest nodes made different commits of one index. */
  | 'disagreement'
  /** Equal digests, but other blocks or verdicts. */
  | 'unlike-commits'
  | 'wrong-order'
  | 'wrong-money'
  | 'false-certificate'
  /** An honest node stopped because of what validators of a third of the weight or less had signed. */
  | 'false-divergence'
  /** An honest validator made two proposals for one round. */
  | 'honest-equivocation'
  /** A committed block is open again, or gone. */
  | 'left-commit'
  /** An honest node took in a block that breaks a rule. */
  | 'rule-broken'
  /** An honest node's block was found invalid. */
  | 'honest-invalid'
  /** Something honest was not committed in time after everything had healed. */
  | 'not-committed'
  /** The core stopped on an assertion of its own. */
  | 'exception'

export interface Violation {
  readonly type: 'violation'
  readonly kind: ViolationKind
  /** The index of the node that showed it. */
  readonly node: number
  /** Virtual time. */
  readonly atMs: number
  readonly detail: string
}

interface Agreed {
  readonly commit: Commit
  /** What became of each transaction, in order. */
  readonly verdicts: string
  /** Unspent outputs after it. */
  readonly unspent: number
}

/** Watches honest nodes and knows the one order they must share. What it needs it keeps itself: it trusts no engine. */
export class Referee {
  readonly #world: () => World
  readonly #hash = new RunningHash()
  readonly #log: Agreed[] = []
  /** The commit each block is in. */
  readonly #committed = new Map<BlockId, number>()
  #money: Money | undefined
  #rules: Rules | undefined
  /** The newest commit of each honest node. */
  readonly #heads = new Map<number, number>()
  readonly #honestKeys: ReadonlySet<PublicKey>
  readonly #made = new Set<BlockId>()
  readonly #proposed = new Map<string, BlockId>()
  readonly counts = { attached: 0, invalid: 0, equivocations: 0, applied: 0, rejected: 0, certified: 0 }
  violation: Violation | undefined

  /** @param world the world it is part of, once that is whole */
  constructor(world: () => World, honestKeys: ReadonlySet<PublicKey>) {
    this.#world = world
    this.#honestKeys = honestKeys
  }

  /** Commits made by anybody. */
  get commits(): number {
    return this.#log.length
  }

  /** Blocks that honest nodes made. */
  get blocksMade(): number {
    return this.#made.size
  }

  /** The order so far. */
  get log(): readonly { readonly commit: Commit }[] {
    return this.#log
  }

  /** The digest of every change of every honest node so far, in order. */
  digest(): string {
    return this.#hash.value()
  }

  headOf(node: SimNode): number {
    return this.#heads.get(node.spec.index) ?? 0
  }

  /** A node starts from the commit it has kept. */
  started(node: SimNode, head: number): void {
    this.#heads.set(node.spec.index, head)
  }

  /** An honest node made a block. */
  made({ id }: CheckedBlock): void {
    this.#made.add(id)
  }

  /** An honest node's proposal is on its disk and about to be sent. */
  proposed(node: SimNode, round: number, id: BlockId): void {
    const slot = `${round}/${node.spec.key}`
    const before = this.#proposed.get(slot)
    if (before !== undefined && before !== id)
      this.#object(node, 'honest-equivocation', `round ${round}: ${before} and ${id}`)
    this.#proposed.set(slot, id)
  }

  saw(node: SimNode, change: Change): void {
    this.#hash.number(node.spec.index)
    this.#hash.text(change.type, 2)
    switch (change.type) {
      case 'attached':
        this.#sawAttached(node, change.checked)
        return this.#hash.text(change.checked.id, 16)
      case 'committed':
        this.#hash.text(change.commit.digest, 16)
        return this.#sawCommit(node, change.commit)
      case 'certified':
        this.counts.certified++
        if (this.#log[change.index - 1]?.commit.digest !== change.digest)
          this.#object(node, 'false-certificate', `commit ${change.index}: ${change.digest}`)
        return this.#hash.number(change.index)
      case 'equivocation':
        return this.#sawTwins(node, change.equivocation)
      case 'diverged':
        return this.#sawDivergence(node, change)
      case 'invalid':
        this.counts.invalid++
        if (this.#made.has(change.verdict.id))
          this.#object(node, 'honest-invalid', `${change.verdict.reason}: ${change.verdict.id}`)
        return this.#hash.text(change.verdict.id, 16)
      case 'propose':
        return this.#hash.number(change.plan.payload.round)
      case 'parked':
      case 'dropped':
        return this.#hash.text(change.id, 16)
      case 'missing':
        return this.#hash.number(change.ids.length)
    }
  }

  /** A node has acted on all its engine told it: its ledger is the one that everybody had after that commit. */
  sawAll(node: SimNode): void {
    const agreed = this.#log[this.headOf(node) - 1]
    const { size } = node.engine.ledger
    if (agreed && size !== agreed.unspent)
      this.#object(
        node,
        'wrong-money',
        `${size} outputs, not ${agreed.unspent}, at commit ${agreed.commit.index}`,
      )
  }

  /** Looks at all blocks of all commits a node has made: they are on its disk, and not open in its graph. */
  checkCommitted(node: SimNode): void {
    for (const [id, index] of this.#committed) {
      if (index > this.headOf(node)) continue
      const isOpen = node.engine.graph.has(id) && !node.engine.isCommitted(id)
      if (isOpen || !node.disk.has(id))
        this.#object(node, 'left-commit', `${id} of commit ${index} is ${isOpen ? 'open again' : 'gone'}`)
    }
  }

  /** Ends the run with a violation, unless one was found before. */
  object(kind: ViolationKind, detail: string): void {
    this.violation ??= { type: 'violation', kind, node: -1, atMs: this.#world().queue.nowMs, detail }
  }

  #sawAttached(node: SimNode, checked: CheckedBlock): void {
    const { network, committee } = this.#world()
    this.counts.attached++
    if ((this.#committed.get(checked.id) ?? Infinity) <= this.headOf(node))
      this.#object(node, 'left-commit', `${checked.id} joins the graph after its commit`)
    this.#rules ??= new Rules(network.id, network.genesis.createdAtMs, committee)
    const broken = this.#rules.add(checked)
    if (broken) this.#object(node, 'rule-broken', broken)
  }

  #sawTwins(
    node: SimNode,
    { author, round, blocks }: Extract<Change, { type: 'equivocation' }>['equivocation'],
  ): void {
    this.counts.equivocations++
    const key = this.#world().committee.keyOf(author)
    if (this.#honestKeys.has(key))
      this.#object(node, 'honest-equivocation', `round ${round}: ${blocks.join(' and ')}`)
    this.#hash.number(round)
  }

  #sawDivergence(node: SimNode, { index, proposals }: Extract<Change, { type: 'diverged' }>): void {
    const { committee } = this.#world()
    const faulty = Array.from({ length: committee.size }, (_, author) => author).filter(
      (author) => !this.#honestKeys.has(committee.keyOf(author)),
    )
    if (!committee.isOverAThird(committee.weightOfAll(faulty)))
      this.#object(node, 'false-divergence', `commit ${index}: ${proposals.join(' and ')}`)
    this.#hash.number(index)
  }

  #sawCommit(node: SimNode, commit: Commit): void {
    const { index } = commit
    if (index !== this.headOf(node) + 1)
      this.#object(node, 'wrong-order', `commit ${index} after ${this.headOf(node)}`)
    this.#heads.set(node.spec.index, index)
    const known = this.#log[index - 1]
    if (known) this.#compare(node, known, commit)
    else if (index === this.#log.length + 1) this.#takeNew(node, commit)
    else this.#object(node, 'wrong-order', `commit ${index} of ${this.#log.length}`)
  }

  #compare(node: SimNode, { commit: agreed, verdicts }: Agreed, commit: Commit): void {
    const { index } = commit
    if (agreed.digest !== commit.digest)
      this.#object(node, 'disagreement', `commit ${index}: leaders ${agreed.leader} and ${commit.leader}`)
    else if (
      agreed.blocks.length !== commit.blocks.length ||
      commit.blocks.some((id, i) => id !== agreed.blocks[i])
    )
      this.#object(
        node,
        'unlike-commits',
        `commit ${index}: ${agreed.blocks.length} and ${commit.blocks.length} blocks`,
      )
    else if (this.#money?.verdictsOf(commit) !== verdicts)
      this.#object(
        node,
        'unlike-commits',
        `commit ${index}: ${verdicts} and ${this.#money?.verdictsOf(commit)}`,
      )
  }

  #takeNew(node: SimNode, commit: Commit): void {
    this.#checkOrder(node, commit)
    this.#money ??= new Money(this.#world().network)
    for (const fault of this.#money.fold(commit)) this.#object(node, 'wrong-money', fault)
    for (const { verdict } of commit.executed) this.counts[verdict.type]++
    this.#log.push({ commit, verdicts: this.#money.verdictsOf(commit), unspent: this.#money.unspent })
  }

  /** Sorted, closed under parents, and no block twice. */
  #checkOrder(node: SimNode, { index, blocks, leader }: Commit): void {
    const { id: genesis } = this.#world().network
    let before: CheckedBlock | undefined
    for (const id of blocks) {
      const checked = node.disk.get(id)
      if (checked === undefined) return this.#object(node, 'wrong-order', `${id} is committed and not held`)
      if (this.#committed.has(id)) this.#object(node, 'wrong-order', `${id} is in two commits`)
      if (before && !isBefore(before, checked)) this.#object(node, 'wrong-order', `${id} after ${before.id}`)
      for (const parent of checked.block.parents)
        if (parent !== genesis && !this.#committed.has(parent))
          this.#object(node, 'wrong-order', `${id} before its parent ${parent}`)
      this.#committed.set(id, index)
      before = checked
    }
    if (this.#committed.get(leader) !== index)
      this.#object(node, 'wrong-order', `leader ${leader} is not in its commit`)
  }

  #object(node: SimNode, kind: ViolationKind, detail: string): void {
    const { nowMs } = this.#world().queue
    this.violation ??= { type: 'violation', kind, node: node.spec.index, atMs: nowMs, detail }
  }
}

/** The order within a commit. Protocol §6. */
function isBefore(a: CheckedBlock, b: CheckedBlock): boolean {
  if (a.block.issuedAtMs !== b.block.issuedAtMs) return a.block.issuedAtMs < b.block.issuedAtMs
  return a.id < b.id
}
