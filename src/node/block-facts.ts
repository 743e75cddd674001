import { decodeData } from '../core/codec/data.ts'
import { encodeDidKey } from '../core/codec/did-key.ts'
import { decodeProposal } from '../core/codec/proposal.ts'
import { decodeTransaction } from '../core/codec/transaction.ts'
import { difficultyOf } from '../core/crypto/work.ts'
import { isErased, type CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { BlockStore } from '../ports.ts'
import { ApiError, type BlockContent, type BlockFacts, type ParentView } from './api.ts'
import type { GraphFeed, GraphView } from './graph-feed.ts'
import type { Holders } from './holders.ts'
import { asChecked } from './stored.ts'
import { recordIn, streamIn } from './streams.ts'

/** What the facts of a block are read from. */
interface FactsParts {
  readonly network: Network
  readonly blocks: Pick<BlockStore, 'find'>
  readonly graph: GraphView
  readonly feed: Pick<GraphFeed, 'oldest' | 'commitOf'>
  readonly holders: Pick<Holders, 'countOf'>
  /** This device's key. */
  readonly own: PublicKey
}

/**
 * All that may be told of a block.
 *
 * @throws ApiError `unknown-block` where it is not here; `StoreError`
 */
export async function blockFactsOf(id: BlockId, parts: FactsParts): Promise<BlockFacts> {
  const [found] = await parts.blocks.find([id])
  const [checked] = found === undefined ? [] : asChecked(found)
  if (checked === undefined) throw unknownBlock()
  const { block, bytes } = checked
  const { graph, network, holders, own } = parts
  const handle = graph.handleOf(id)
  const commit = handle === undefined ? undefined : parts.feed.commitOf(handle)
  return {
    id,
    ...numberOf(id, parts),
    issuer: encodeDidKey(block.issuer),
    mine: block.issuer === own,
    issuedAtMs: block.issuedAtMs,
    kind: block.kind,
    bytes: bytes.length,
    work: difficultyOf(block, network.genesis),
    parents: block.parents.map((parent): ParentView => {
      return { id: parent, ...numberOf(parent, parts), isGenesis: (parent as string) === network.id }
    }),
    // what has left the window is in a commit
    committed: handle === undefined || graph.is(handle, 'committed'),
    ...(commit !== undefined && { commit }),
    heldBy: holders.countOf(id),
    content: contentOf(checked),
  }
}

/** What a person is told of a block that is not here. */
export function unknownBlock(): ApiError {
  return new ApiError('unknown-block', 'This block is not on this device any more, or not yet.')
}

function numberOf(id: BlockId, { graph, feed }: FactsParts): { readonly number?: number } {
  const handle = graph.handleOf(id)
  return handle !== undefined && handle >= feed.oldest ? { number: handle } : {}
}

/** What came to be stored has been checked, so that what cannot be read is of a later version. */
function contentOf(checked: CheckedBlock): BlockContent {
  const { block } = checked
  if (isErased(block)) return { type: 'erased' }
  if (block.kind === 'proposal') {
    const proposal = decodeProposal(block.payload)
    return { type: 'proposal', round: 'reason' in proposal ? 0 : proposal.round }
  }
  if (block.kind === 'transaction') {
    const transaction = decodeTransaction(block.payload)
    if ('reason' in transaction) return { type: 'other', topic: '' }
    const outputs = transaction.outputs.map(({ owner, amount }) => ({ to: encodeDidKey(owner), amount }))
    return { type: 'payment', outputs }
  }
  const [thing, record] = [streamIn(checked), recordIn(checked)]
  if (thing !== undefined && record !== undefined)
    return { type: 'readings', thing, sealed: record.type === 'encrypted' }
  const data = decodeData(block.payload)
  return { type: 'other', topic: 'reason' in data ? '' : data.topic }
}
