import type { Miner } from '../ports.ts'
import { AssistedMiner } from './assisted-miner.ts'
import { MiningForOthers } from './mining-for-others.ts'
import type { NodeParts } from './node-parts.ts'

/** How a node mines: blocks of its own, with help where that takes long, and for others, where its person wants that. */
export interface Mining {
  readonly miner: Pick<Miner, 'mine'>
  readonly miningForOthers: MiningForOthers
}

export function miningOf(
  parts: Pick<NodeParts, 'network' | 'clock' | 'random' | 'transport' | 'miner' | 'minesForOthers'>,
): Mining {
  const miningForOthers = new MiningForOthers({ minesForOthers: () => false, ...parts })
  return { miningForOthers, miner: new AssistedMiner({ ...parts, others: miningForOthers }) }
}
