import type { BlockId } from '../core/model/id.ts'
import {
  COMMITS_PER_READ_MAX,
  COMMITTED_BLOCKS_MAX,
  type BlockStore,
  type CommitCursor,
  type CommittedBlocks,
  type LedgerStore,
} from '../ports.ts'

/** Blocks read at once, across commits: usual commits have a few each. */
const BLOCKS_PER_READ = 256

interface Stores {
  readonly ledger: Pick<LedgerStore, 'commitsAfter'>
  readonly blocks: Pick<BlockStore, 'find'>
}

/**
 * Committed blocks from a place on, in their order, up to the end of commit `upTo`: as many as fit into `bytesMax`
 * bytes, and 2048 at most. Of one that is erased it gives the header. Ends early where one is not there. Throws
 * `StoreError`. Protocol §8.
 */
export async function readCommitted(
  stores: Stores,
  cursor: CommitCursor,
  upTo: number,
  bytesMax: number,
): Promise<CommittedBlocks> {
  const blocks: Uint8Array[] = []
  let room = bytesMax
  let { after, skip } = cursor
  while (after < upTo) {
    const count = Math.min(COMMITS_PER_READ_MAX, upTo - after)
    const commits = await stores.ledger.commitsAfter(after, count)
    if (commits.length === 0) break
    const ids = commits
      .flatMap((commit) => commit.blocks)
      .slice(skip, skip + COMMITTED_BLOCKS_MAX - blocks.length)
    const taken = await readSome(stores.blocks, ids, room)
    blocks.push(...taken)
    room -= taken.reduce((sum, { length }) => sum + length, 0)
    let left = skip + taken.length
    for (const commit of commits) {
      if (left < commit.blocks.length) return { blocks, next: { after, skip: left } }
      left -= commit.blocks.length
      after = commit.index
    }
    skip = 0
  }
  return { blocks, next: { after, skip } }
}

/** The first blocks, in order, that fit into `room` bytes. */
async function readSome(
  blocks: Pick<BlockStore, 'find'>,
  ids: readonly BlockId[],
  room: number,
): Promise<readonly Uint8Array[]> {
  const taken: Uint8Array[] = []
  let left = room
  for (let at = 0; at < ids.length; at += BLOCKS_PER_READ) {
    for (const block of await blocks.find(ids.slice(at, at + BLOCKS_PER_READ))) {
      if (block === undefined || block.bytes.length > left) return taken
      taken.push(block.bytes)
      left -= block.bytes.length
    }
  }
  return taken
}
