/** Committed histories to stream from one node to another: made once, by validators that are on none of them. */
import { beforeAll, expect } from 'vitest'
import { encodeData } from '../../src/core/codec/data.ts'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { LedgerHead } from '../../src/core/model/ledger.ts'
import type { PeerId, Signer } from '../../src/ports.ts'
import { at, CREATED_AT_MS } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { blockIn, networkFor } from './make-committee.ts'
import { eachWithWorld, type TestNode, type World } from './make-peer.ts'

/** Between two rounds. */
const ROUND_MS = 10

/** Commits from one with data to the next: most commits of a network are of proposals alone. */
const DATA_EVERY = 4

/** Commits of a long history: more than a node takes before it sees commits come of them. */
export const COMMITS = 400

/** Making the long history may take so long on a busy machine. */
const MAKING_MS = 60_000

/** What a peer has in no commit that has nothing. */
export const NO_IDS = { times: new Float64Array(), ids: new Uint8Array() }

export interface History {
  readonly network: Network
  /** Parents first. The proposals that decide the last commit are in none. */
  readonly blocks: readonly CheckedBlock[]
  /** Where a node stands that has all of them. */
  readonly head: LedgerHead
  /** The blocks of commit k, which the network made in this order; of 0 none. */
  readonly commits: readonly (readonly BlockId[])[]
}

interface HistoryOptions {
  readonly commits: number
  /** Blocks of data in the first commit and every fourth after it, and the bytes of each. One of none by default. */
  readonly data?: number
  readonly bytes?: number
  /** Validators of weight 1; one for this alone by default. */
  readonly committee?: readonly Signer[]
  /** Those of them that propose, which are a quorum: all by default. */
  readonly authors?: readonly Signer[]
  /** Told in the data, so that two histories of one network differ. */
  readonly name?: string
}

/** So many commits, and the proposals that decide the last of them. */
export async function makeHistory({
  commits,
  data = 1,
  bytes = 0,
  committee = [testSigner(77)],
  authors = committee,
  name = 'history',
}: HistoryOptions): Promise<History> {
  const network = networkFor(committee)
  const engine = new Engine(network, { windowBlocksMax: 8192 })
  const blocks: CheckedBlock[] = []
  const made: (readonly BlockId[])[] = [[]]
  const take = (block: CheckedBlock): BlockId => {
    blocks.push(block)
    for (const change of engine.receive(block, 'somebody', CREATED_AT_MS + 1e9))
      if (change.type === 'committed') made.push(change.commit.blocks)
    return block.id
  }
  let before: readonly BlockId[] = [network.id]
  for (let round = 1; engine.head.index < commits; round++) {
    const issuedAtMs = CREATED_AT_MS + ROUND_MS * round
    const parents = [...before]
    const hasData = round <= commits && round % DATA_EVERY === 1
    for (let i = 0; i < (hasData ? data : 0); i++) {
      const payload = encodeData({ topic: `${name}.${i}`, body: new Uint8Array(bytes) })
      const parts = { kind: 'data', payload, parents: before, issuedAtMs } as const
      parents.push(take(await blockIn(network, at(authors, 0), parts)))
    }
    const { index: commitIndex, digest: commitDigest } = engine.head
    const payload = encodeProposal({ epoch: 0, round, commitIndex, commitDigest })
    const parts = { kind: 'proposal', payload, parents, issuedAtMs: issuedAtMs + 1 } as const
    before = (await Promise.all(authors.map((author) => blockIn(network, author, parts)))).map(take)
  }
  return { network, blocks, head: engine.head, commits: made }
}

/** Gives each story of a file a world of its own, and all of them one history of `COMMITS` commits. */
export function eachWithHistory(take: (world: World, history: History) => void): void {
  let history: History
  beforeAll(async () => {
    history = await makeHistory({ commits: COMMITS })
  }, MAKING_MS)
  eachWithWorld((world) => take(world, history))
}

/** Blocks given at a time: the largest ones together are less than a peer may have waiting for their check. */
const GIVEN_AT_ONCE = 64

/** Gives a node blocks, as if a friend had brought them on a stick. */
export async function give({ node }: TestNode, blocks: readonly CheckedBlock[]): Promise<void> {
  for (let at = 0; at < blocks.length; at += GIVEN_AT_ONCE) {
    const some = blocks.slice(at, at + GIVEN_AT_ONCE).map(({ bytes }) => bytes)
    const outcomes = await node.receiveAll(some, 'a friend with a stick')
    const refused = outcomes.find(({ type }) => type !== 'attached')
    if (refused !== undefined) throw new Error(`a block was not taken: ${refused.type}`)
  }
}

/** A node of a history's network that has the first so many of its blocks. */
export async function nodeWith(
  world: World,
  name: PeerId,
  { network, blocks }: History,
  count: number,
): Promise<TestNode> {
  const made = await world.node(name, { network })
  await give(made, blocks.slice(0, count))
  return made
}

/** One that has all of them, and to be quick believes every signature. */
export async function giver(world: World, name: PeerId, { network, blocks }: History): Promise<TestNode> {
  const made = await world.node(name, { network, verifier: { verify: async () => true } })
  await give(made, blocks)
  return made
}

/** Expects nodes to have a history and nothing else, each block stored once, and to go on syncing no more. */
export async function expectEqual(nodes: readonly TestNode[], { head, blocks }: History): Promise<void> {
  const ids = blocks.map(({ id }) => id).sort()
  for (const { node, disk } of nodes) {
    expect(node.head).toEqual(head)
    expect([...(await disk.ids())].sort()).toEqual(ids)
    expect(disk.twice).toEqual([])
    expect(node.sync.progress).toBeUndefined()
  }
}
