import { readFile } from 'node:fs/promises'
import { createMemoryBlockStore, createMemoryLedgerStore } from '../../src/store/memory.ts'
import { threadPort } from '../crypto/verify-port.ts'
import { benchCodec } from './codec.ts'
import { benchCommitLatency } from './commit-latency.ts'
import { benchFlatMemory } from './flat-memory.ts'
import { benchGossip } from './gossip.ts'
import { benchGreeting } from './greeting.ts'
import { benchIntake } from './intake.ts'
import { INTAKE_BLOCKS, ofIntake } from './intake-figures.ts'
import { benchGraphMemory } from './graph-memory.ts'
import { benchMiningKernels } from './mining-kernels.ts'
import { benchReconcile } from './reconcile.ts'
import type { Bench, Found } from './runner.ts'
import { benchVerify } from './verify.ts'

/** Blocks in commits that two have in common who greet each other; and a hundredth of it. */
const GREETING_BLOCKS = 1_000_000

/** What is measured in Node. */
export function nodeBenches(): readonly Bench[] {
  return [
    {
      name: 'mining',
      where: 'node',
      title: 'Nonce search on one core, by processor time',
      run: benchMiningKernels,
    },
    { name: 'verify', where: 'node', title: 'The check in isolation, by engine', run: verifyHere },
    { name: 'graph-memory', where: 'node', title: 'Memory of a full window', run: benchGraphMemory },
    {
      name: 'flat-memory',
      where: 'node',
      title: 'Memory of a device as committed history grows, its stores keeping nothing in memory',
      run: () => benchFlatMemory(),
    },
    { name: 'codec', where: 'node', title: 'Blocks to bytes and back, to JSON of the same', run: benchCodec },
    {
      name: 'reconcile',
      where: 'node',
      title: 'Reconciling 100 000 blocks in common, both sides together',
      run: async () => ({ rows: benchReconcile() }),
    },
    {
      name: 'greeting',
      where: 'node',
      title: 'Nothing to do, with blocks in commits in common',
      run: async () => ({
        rows: [await benchGreeting(GREETING_BLOCKS / 100), await benchGreeting(GREETING_BLOCKS)],
      }),
    },
    {
      name: 'gossip',
      where: 'node',
      title: 'Four nodes on websockets: blocks of 400 bytes, some to a message; for each that gets one',
      run: benchGossip,
    },
    {
      name: 'intake',
      where: 'node',
      title: 'Blocks taken in a second, 256 together and one by one, without a disk',
      run: async () => {
        const openStores = async () => {
          const stores = { blocks: createMemoryBlockStore(), ledger: createMemoryLedgerStore() }
          return { ...stores, close: async () => undefined }
        }
        return ofIntake(await benchIntake(openStores, INTAKE_BLOCKS))
      },
    },
    {
      name: 'latency',
      where: 'node',
      title: 'From issuing a payment to its commit, on the simulator’s clock, links of 20–80 ms; ms',
      run: benchCommitLatency,
    },
  ]
}

function verifyHere(): Promise<Found> {
  const read = async (name: string) =>
    Uint8Array.from(await readFile(new URL(`../../src/crypto/${name}.wasm`, import.meta.url)))
  return benchVerify({
    readHash: () => read('block-hash'),
    readBatch: () => read('signature-batch'),
    startWorker: () => threadPort(),
  })
}
