/** What it takes two nodes that have the same to find out, whatever their history. Runs in Node. */
import { genesisOutputs } from '../../src/core/ledger/ledger.ts'
import type { BlockId, Hash } from '../../src/core/model/id.ts'
import { GREETING_BYTES } from '../../src/net/greeting.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import type { Clock, StoredCommit, Transport } from '../../src/ports.ts'
import { createMemoryBlockStore, createMemoryLedgerStore } from '../../src/store/memory.ts'
import { NETWORK } from '../core/make.ts'
import { openNode, webCryptoSigner } from './open-node.ts'

/** A commit every second or so of a busy network. */
const BLOCKS_PER_COMMIT = 100

/** Commits kept by one step. */
const COMMITS_PER_STEP = 1000

/** What one meeting took. */
export interface GreetingRow {
  readonly blocksInCommon: number
  readonly commits: number
  /** Exchanges of each kind, both sides together. */
  readonly greetings: number
  readonly others: number
  /** Of the greetings, both ways. */
  readonly bytes: number
  /** Both nodes together, from connecting on. */
  readonly cpuMs: number
}

const hex = (number: number) => number.toString(16).padStart(64, '0')

/** Connects two nodes with so many blocks in commits, and none above them. The blocks themselves are not there. */
export async function benchGreeting(blocks: number): Promise<GreetingRow> {
  const clock: Clock = { nowMs: () => Date.now() }
  const hub = new MemoryHub({ clock, fault: (error) => console.error(error) })
  const calls = { greetings: 0, others: 0 }
  const ends = Promise.withResolvers<void>()
  const commits = blocks / BLOCKS_PER_COMMIT
  const nodes = ['a', 'b'].map(async (name) => {
    const signer = await webCryptoSigner()
    const transport = counted(hub.transport(name, signer.publicKey), calls, () => ends.resolve())
    const stores = { blocks: createMemoryBlockStore(), ledger: await historyOf(commits) }
    const node = await openNode(stores, clock, signer, transport)
    await node.start()
    return node
  })
  const opened = await Promise.all(nodes)
  const start = process.cpuUsage()
  hub.link('a', 'b')
  await ends.promise
  // whatever followed from the greeting would have been asked for by now
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  const { user, system } = process.cpuUsage(start)
  await Promise.all(opened.map((node) => node.stop()))
  const cpuMs = Math.round((user + system) / 100) / 10
  return { blocksInCommon: blocks, commits, ...calls, bytes: calls.greetings * 2 * GREETING_BYTES, cpuMs }
}

async function historyOf(count: number) {
  const ledger = createMemoryLedgerStore()
  for (let first = 1; first <= count; first += COMMITS_PER_STEP) {
    const commits = Array.from({ length: Math.min(COMMITS_PER_STEP, count - first + 1) }, (_, i) =>
      commitAt(first + i),
    )
    const last = commits.at(-1)
    if (last === undefined) break
    const { index, digest, round, atMs } = last
    await ledger.append({
      commits,
      head: { index, digest, round, atMs, lanes: new Uint8Array(2048) },
      blocksNeeded: 0,
      spent: [],
      created: first === 1 ? genesisOutputs(NETWORK) : [],
      applied: [],
      history: [],
    })
  }
  return ledger
}

function commitAt(index: number): StoredCommit {
  const first = index * BLOCKS_PER_COMMIT
  const blocks = Array.from({ length: BLOCKS_PER_COMMIT }, (_, i) => hex(first + i) as BlockId)
  const leader = blocks.at(-1) ?? (hex(0) as BlockId)
  return { index, leader, round: index, atMs: index, digest: hex(index) as Hash, blocks, blocksStored: 0 }
}

function counted(
  inner: Transport,
  calls: { greetings: number; others: number },
  greeted: () => void,
): Transport {
  const other = <T>(work: Promise<T>) => {
    calls.others++
    return work
  }
  return {
    start: (handlers) => inner.start(handlers),
    stop: () => inner.stop(),
    peers: () => inner.peers(),
    blame: (peer, reason) => inner.blame(peer, reason),
    publish: (bytes) => other(inner.publish(bytes)),
    fetch: (peer, ids, signal) => other(inner.fetch(peer, ids, signal)),
    exchangeTips: (peer, ids, signal) => other(inner.exchangeTips(peer, ids, signal)),
    commits: (peer, cursor, upTo, signal) => other(inner.commits(peer, cursor, upTo, signal)),
    reconcile: (peer, signal) => other(inner.reconcile(peer, signal)),
    mine: (peer, request, signal) => other(inner.mine(peer, request, signal)),
    greet: async (peer, signal) => {
      calls.greetings++
      try {
        return await inner.greet(peer, signal)
      } finally {
        greeted()
      }
    },
  }
}
