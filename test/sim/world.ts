import type { Committee } from '../../src/core/model/committee.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { Forge } from './forge.ts'
import type { Network as Links } from './network.ts'
import type { SimNode } from './node.ts'
import type { Verification } from './verification.ts'
import type { EventQueue } from './queue.ts'
import type { Referee } from './referee.ts'

/** What all nodes of a run share. */
export interface World {
  readonly network: Network
  readonly committee: Committee
  readonly forge: Forge
  readonly queue: EventQueue
  readonly links: Links
  readonly referee: Referee
  readonly nodes: readonly SimNode[]
  /** The true time at the start of the run, Unix milliseconds. */
  readonly startMs: number
  /** How long the work for a data or transaction block takes, and for a proposal. */
  readonly miningMs: number
  readonly proposalMiningMs: number
  /** How long a proposal may take to a node at most, whichever way it comes: it differs for each of both. */
  readonly holdBackMs: number
  /** A planted fault: validators that lost their store propose at once, as if nothing had been. */
  readonly isForgetful: boolean
  /** What checking blocks costs; nothing where it is left out. */
  readonly verification?: Verification
}
