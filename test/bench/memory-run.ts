/** A node that receives a history without end, made as it goes, of which nothing but the node itself keeps anything. */
import { nobleHasher } from '../../src/core/crypto/block-hasher.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Node } from '../../src/node/node.ts'
import type { BlockStore, Clock, LedgerStore, Signer } from '../../src/ports.ts'
import { webCryptoSigner } from './open-node.ts'
import { HistoryMaker } from './pipeline-history.ts'
import { openReceiver } from './pipeline-node.ts'

/** Blocks taken at a stretch, as `Receiving` has it. */
const BATCH = 256

/** The window of the engine that makes the history: enough for blocks that name the two before them. */
const MAKER_WINDOW = 1024

/** Before the clock's time, so that a million blocks are in the past. */
const PAST_MS = 30 * 86_400_000

export interface MemoryRun {
  readonly node: Node
  /** Has the node receive so many more blocks of data, and the proposals that commit them. */
  receive(count: number): Promise<void>
}

/**
 * Opens the node. The history's blocks all bear one true signature, of something else: the verifier here believes any,
 * and signing a million would take an hour.
 */
export async function openMemoryRun(stores: {
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
}): Promise<MemoryRun> {
  const maker = new HistoryMaker(await onceSigner(), Date.now() - PAST_MS, MAKER_WINDOW)
  const clock: Clock = { nowMs: () => Date.now() }
  const verifier = { verify: async () => true }
  const signer = await webCryptoSigner()
  const node = await openReceiver({
    network: maker.network,
    clock,
    signer,
    verifier,
    hasher: nobleHasher,
    ...stores,
  })
  return {
    node,
    async receive(count) {
      for (let made = 0; made < count; made += BATCH) {
        const blocks: CheckedBlock[] = []
        for (let i = made; i < Math.min(made + BATCH, count); i++) blocks.push(...(await maker.next()))
        await node.receiveAll(
          blocks.map(({ bytes }) => bytes),
          'peer',
        )
      }
      if (node.head.index !== maker.engine.head.index) throw new Error('a commit is missing')
    },
  }
}

/** Signs once, and gives that signature ever after. */
async function onceSigner(): Promise<Signer> {
  const signer = await webCryptoSigner()
  const signature = await signer.sign(new Uint8Array(33))
  return { publicKey: signer.publicKey, sign: async () => signature }
}
