import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { ProposalPlan } from '../../src/core/model/proposal.ts'
import type { SimNode } from './node.ts'

/** A block a node made, and whom it tells. */
export interface Outgoing {
  readonly checked: CheckedBlock
  /** Indexes of nodes; everybody linked where it is left out. */
  readonly to?: readonly number[]
  readonly delayMs?: number
}

/** What a node does otherwise than an honest one. What is left out it does honestly. */
export interface Conduct {
  /** Its proposals for a plan. The first is the one it takes in itself, and passes on as `relay` says. */
  readonly propose?: (
    node: SimNode,
    plan: ProposalPlan,
  ) => readonly [Pick<Outgoing, 'checked'>, ...Outgoing[]]
  /** What it passes on of a block: other bytes, or nothing. */
  readonly relay?: (checked: CheckedBlock, to: number) => Uint8Array | undefined
  /** Whether it hands blocks over to those who ask. */
  readonly answers?: boolean
  /** What it does besides, from time to time. */
  readonly act?: (node: SimNode) => void
}
