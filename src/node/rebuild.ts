import type { RestoredBlock } from '../core/agreement.ts'
import type { Engine } from '../core/engine.ts'
import { isErased, type CheckedBlock } from '../core/model/block.ts'
import type { BlockId } from '../core/model/id.ts'
import { StoreError, type BlockStore, type LedgerStore, type StoredLedger } from '../ports.ts'
import type { CommittedIds } from './committed-ids.ts'
import type { Intake } from './intake.ts'
import { asChecked, byTime } from './stored.ts'

interface Stores {
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly kept: StoredLedger | undefined
  /** Blocks wanted in any case, for tips and for what is shown. */
  readonly windowBlocks: number
  readonly engine: Engine
  readonly intake: Intake
  /** All that commits have, where the places of blocks cannot be trusted. */
  readonly committed: CommittedIds | undefined
}

/** What a node starts from. */
export interface Restored {
  /** Parents first, and where it can be in the order they were stored. */
  readonly blocks: readonly RestoredBlock[]
  /** Blocks of recent commits that are not in the store's newest: stored long before, or lost. */
  readonly absent: Set<BlockId>
  /** Blocks in no commit that stand, somewhere below, on one that was lost: they may not join the graph without it. */
  readonly hanging: Set<BlockId>
  /** What those were lost with. */
  readonly lost: ReadonlySet<BlockId>
}

/**
 * Reads the newest blocks, as many as the order needs to go on, each with whether a commit has it. Of a block only what
 * the graph needs is kept, so that starting takes no more memory than running.
 *
 * @throws StoreError also where the ledger is new and the blocks are more than can be looked at together
 * @param onBlock called for each, in no order; its bytes are a view of more
 */
export async function readStored(
  { blocks, ledger, kept, windowBlocks, engine, intake, committed }: Stores,
  onBlock: (checked: CheckedBlock, isCommitted: boolean) => void,
): Promise<Restored> {
  const total = blocks.stats().blocks
  if (kept === undefined && total > engine.graph.slotsMax)
    throw new StoreError('failed', 'There are too many blocks to make the ledger again from. All are kept.')
  const needed = kept ? kept.blocksNeeded + Math.max(0, total - kept.blocksStored) : total
  const count = Math.min(Math.max(needed, windowBlocks), engine.graph.slotsMax)
  const absent = await committedSince(ledger, total - count)
  const batches: RestoredBlock[][] = []
  for await (const batch of blocks.newest(count)) {
    const restored: RestoredBlock[] = []
    for (const checked of batch.flatMap(asChecked)) {
      engine.witness(checked)
      const isCommitted = absent.delete(checked.id) || committed?.has(checked.id) === true
      const entry = engine.entryOf(checked)
      // with the whole block only where something may still be decided by it
      const isOpen = entry.slot ? entry.slot.round > (kept?.head.round ?? 0) : !isCommitted
      const own = isOpen && entry.kind !== 'data' ? await ownCopy(checked, intake) : undefined
      const isHeader = isErased(checked.block)
      restored.push({ entry, isCommitted, isHeader, ...(own && { checked: own }) })
      onBlock(checked, isCommitted)
    }
    batches.push(restored)
  }
  const inOrder = parentsFirst(batches.reverse().flat())
  const lost = await lostParents(inOrder, absent, engine, blocks)
  const hanging = hangingOn(lost, inOrder)
  return { blocks: inOrder.filter(({ entry }) => !hanging.has(entry.id)), absent, hanging, lost }
}

/** As they were stored, unless a block was fetched again after damage and so lies behind its children. */
function parentsFirst(blocks: readonly RestoredBlock[]): readonly RestoredBlock[] {
  const late = behindYounger(blocks)
  const isInOrder = blocks.every(({ entry }) => {
    late.delete(entry.id)
    return late.size === 0 || !entry.parents.some((parent) => late.has(parent))
  })
  return isInOrder ? blocks : [...blocks].sort((a, b) => byTime(a.entry, b.entry))
}

/** The blocks that lie behind younger ones: only those can lie behind a child, for it is younger. Protocol §4. */
function behindYounger(blocks: readonly RestoredBlock[]): Set<BlockId> {
  const late = new Set<BlockId>()
  let newestMs = -Infinity
  for (const { entry } of blocks) {
    if (entry.issuedAtMs < newestMs) late.add(entry.id)
    newestMs = Math.max(newestMs, entry.issuedAtMs)
  }
  return late
}

/** Parents of blocks in no commit that neither the store nor a commit has. */
async function lostParents(
  blocks: readonly RestoredBlock[],
  absent: ReadonlySet<BlockId>,
  engine: Engine,
  store: BlockStore,
): Promise<ReadonlySet<BlockId>> {
  const open = blocks.filter(({ isCommitted }) => !isCommitted)
  const named = new Set(open.flatMap(({ entry }) => entry.parents))
  for (const { entry } of named.size > 0 ? blocks : []) named.delete(entry.id)
  // before anything is restored the graph has the genesis alone
  const away = [...named].filter((id) => !absent.has(id) && !engine.graph.has(id))
  const found = await store.find(away)
  return new Set(away.filter((_, i) => found[i] === undefined))
}

function hangingOn(lost: ReadonlySet<BlockId>, blocks: readonly RestoredBlock[]): Set<BlockId> {
  const hanging = new Set<BlockId>()
  if (lost.size === 0) return hanging
  for (const { entry, isCommitted } of blocks)
    if (!isCommitted && entry.parents.some((id) => lost.has(id) || hanging.has(id))) hanging.add(entry.id)
  return hanging
}

async function ownCopy({ id, bytes }: CheckedBlock, intake: Intake): Promise<CheckedBlock | undefined> {
  const [own] = asChecked({ id, bytes: bytes.slice() })
  return own && intake.withSigners(own)
}

/**
 * Ids of the blocks in commits, as far back as commits were made with at least `blocksBefore` blocks in the store: what
 * was stored after those is in no earlier commit.
 */
async function committedSince(ledger: LedgerStore, blocksBefore: number): Promise<Set<BlockId>> {
  const ids = new Set<BlockId>()
  for await (const batch of ledger.newestCommits())
    for (const { blocks, blocksStored } of batch) {
      if (blocksStored < blocksBefore) return ids
      for (const id of blocks) ids.add(id)
    }
  return ids
}
