import { CLOCK_OFF_MS_MAX } from '../../src/core/consensus/clock.ts'
import type { ProposalPlan } from '../../src/core/model/proposal.ts'
import type { Message } from './network.ts'
import type { SimNode } from './node.ts'
import { Recovery } from './recovery.ts'

/** What a node does where its key is a validator's: whether it may propose, and making what its engine asks for. */
export class SimValidator {
  readonly #node: SimNode
  #recovery: Recovery | undefined
  /** Counts permissions to propose: a proposal under way when one ends is not made. */
  #permit = 0
  #mayPropose = false
  #isSilent = false

  constructor(node: SimNode) {
    this.#node = node
  }

  /** The node has a new engine, over what is on its disk. */
  started(): void {
    this.#recovery = undefined
    this.#mayPropose = false
    this.#allow()
  }

  /** The node's clock has been set. */
  clockSet(): void {
    this.#stop()
    this.#allow()
  }

  /** It proposes no more, for good. */
  silence(): void {
    this.#isSilent = true
    if (this.#node.isUp) this.#stop()
  }

  /** It has lost its store, has synced, and proposes from this round on. */
  permit(fromRound: number): void {
    this.#node.disk.keepPermit(fromRound)
    this.#recovery = undefined
    this.#allow()
  }

  heard(from: number, message: Extract<Message, { type: 'pulled' }>): void {
    this.#recovery?.heard(from, message)
  }

  /** Makes a proposal, which takes its time; it is on the disk before anybody sees it. */
  propose(plan: ProposalPlan): void {
    const node = this.#node
    const { world, spec } = node
    const permit = this.#permit
    const [own, ...others] =
      spec.conduct.propose?.(node, plan) ?? ([{ checked: node.makeProposal(plan) }] as const)
    node.after(world.proposalMiningMs, () => {
      if (permit !== this.#permit) return node.engine.proposalFailed(plan.payload.round)
      node.disk.keepProposal(plan.payload.round, own.checked)
      if (spec.isHonest) world.referee.proposed(node, plan.payload.round, own.checked.id)
      // a crash may come between the disk and the first who is told
      node.after(node.chance.between(0, 3), () => {
        node.receiveOwn(own.checked)
        for (const other of others) node.tell(other)
      })
    })
  }

  #allow(): void {
    const { disk, world, spec, skewMs, engine } = this.#node
    if (this.#isSilent || this.#mayPropose || world.committee.authorOf(spec.key) === undefined) return
    if (Math.abs(skewMs) > CLOCK_OFF_MS_MAX && spec.isHonest) return
    if (disk.proposeFrom === undefined) {
      this.#recovery ??= new Recovery(this.#node)
      return
    }
    this.#mayPropose = true
    this.#permit++
    engine.allowProposals(disk.proposeFrom)
    this.#node.sleep()
  }

  #stop(): void {
    this.#mayPropose = false
    this.#permit++
    this.#node.engine.stopProposals()
  }
}
