/**
 * A peer for the app's page that has a flood of blocks: the project's own graph, feed and rpc, and no keys, work or disk, for
 * it is the page that is measured. Runs in a page of the app's origin, without the app, and takes the app's calls over from
 * its worker, whose snapshots go on. Blocks are made when they are asked for, as many as are due by then: nothing here needs
 * a timer, which a page in the background has none of.
 */
import { Graph } from '../../src/core/dag/graph.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import { ApiError, GRAPH_BLOCKS_MAX, type Api } from '../../src/node/api.ts'
import { GraphFeed } from '../../src/node/graph-feed.ts'
import { API_CHANNEL, serveApi } from '../../src/node/rpc.ts'

/** Those who make blocks, the device among them. */
const ISSUERS = 20

/** One in so many is a proposal, and one a payment. */
const PROPOSAL_EVERY = 25
const PAYMENT_EVERY = 7

/** A commit takes in what is a second old. */
const COMMIT_AFTER_MS = 1000

declare global {
  /** Serves a graph that grows by so many blocks a second, from as many as a page is told of on. */
  var serveFlood: (perSecond: number) => void
  /** Blocks made so far. */
  var floodBlocks: () => number
}

/** As good as hashes: each differs from the others in its first bytes. */
function idOf(number: number): BlockId {
  const word = (Math.imul(number + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0')
  return word.repeat(8) as BlockId
}

const nothing = () => undefined

const keyOf = (issuer: number) => (issuer + 1).toString(16).padStart(8, '0').repeat(8) as PublicKey

globalThis.serveFlood = (perSecond) => {
  const stepMs = 1000 / perSecond
  const beganMs = Date.now() - GRAPH_BLOCKS_MAX * stepMs
  const graph = new Graph({ id: 'f'.repeat(64) as BlockId, createdAtMs: 0 })
  const feed = new GraphFeed({
    graph,
    ledger: { newestCommits: async function* () {} },
    own: keyOf(0),
    name: '0123456789abcdef',
  })
  let committed = 0
  let commits = 0

  const grow = (nowMs: number) => {
    for (let number = graph.next; beganMs + number * stepMs < nowMs; number++) {
      const kind =
        number % PROPOSAL_EVERY === 0 ? 'proposal' : number % PAYMENT_EVERY === 0 ? 'transaction' : 'data'
      const distances = [1 + (number % 3), 4 + (number % 5)].filter((distance) => distance <= number)
      graph.add({
        id: idOf(number),
        issuedAtMs: Math.round(beganMs + number * stepMs),
        parents: distances.map((distance) => idOf(number - distance)),
        issuer: keyOf(number % ISSUERS),
        kind,
      })
    }
    const upTo = Math.max(committed, graph.next - Math.ceil(COMMIT_AFTER_MS / stepMs))
    const blocks = Array.from({ length: upTo - committed }, (_, i) => graph.idOf(committed + i))
    for (; committed < upTo; committed++) graph.mark(committed, 'committed')
    graph.keepFrom(committed)
    if (blocks.length > 0) feed.onCommitted({ index: ++commits, blocks })
  }

  const api: Pick<Api, 'graph' | 'blockFacts'> = {
    graph: async ({ after }) => {
      grow(Date.now())
      return feed.changes(after)
    },
    blockFacts: async () => {
      throw new ApiError('unknown-block', 'Nobody asks for it here.')
    },
  }
  serveApi(
    new BroadcastChannel(API_CHANNEL),
    { api: Promise.resolve(api as Api), onWake: nothing, onHidden: nothing, onUsed: nothing },
    'flood',
  )
  globalThis.floodBlocks = () => graph.next
}
