/** Two sides of one network of four, validators A to D, that C and D run on both of: each makes an order of its own. */
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Author } from '../../src/core/model/committee.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { conflicting } from './make-graphs.ts'
import { FOUR, proposal } from './make-proposals.ts'
import { CREATED_AT_MS } from './make.ts'

/** Late enough for all that is made here. */
export const NOW_MS = CREATED_AT_MS + 1e9

export interface Side {
  /** What a node of that side has come to. */
  readonly engine: Engine
  /** A payment, by a side of the same money as by the other, and proposals; parents first. */
  readonly blocks: readonly CheckedBlock[]
}

/**
 * Lets validators propose so many rounds among themselves, each naming what is committed there at the time.
 *
 * @param nonce tells one side's payment from another's
 */
export function sideOf(authors: readonly Author[], rounds: number, nonce: number): Side {
  const engine = new Engine(FOUR, { windowBlocksMax: 1024 })
  const blocks: CheckedBlock[] = []
  const take = (made: CheckedBlock) => {
    engine.receive(made, 'a', NOW_MS)
    blocks.push(made)
    return made.id
  }
  let before: readonly BlockId[] = [take(conflicting([FOUR.id], CREATED_AT_MS + 1, nonce))]
  for (let round = 1; round <= rounds; round++) {
    const { index: commitIndex, digest: commitDigest } = engine.head
    const named = { parents: before, commitIndex, commitDigest, nonce }
    before = authors.map((author) => take(proposal({ author, round, ...named })))
  }
  return { engine, blocks }
}
