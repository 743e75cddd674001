/** Blocks a node takes in a second, together and one by one. Runs in Node and, by `intake-page.ts`, in a page. */
import { encodeData } from '../../src/core/codec/data.ts'
import { signedMessage } from '../../src/core/check/isolation.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import type { Node } from '../../src/node/node.ts'
import type { BlockStore, Clock, LedgerStore, Signer } from '../../src/ports.ts'
import { makeBlock, NETWORK } from '../core/make.ts'
import { median } from './median.ts'
import { openNode, webCryptoSigner } from './open-node.ts'

const ROUNDS = 3
const BATCH = 256

/** With header, parents and signature, 400 bytes a block. */
const BODY_BYTES = 160

/** What one run measured: blocks a second, and the first as a multiple of the second. */
export interface IntakeBench {
  readonly blocks: number
  readonly togetherRate: number
  readonly singleRate: number
  readonly timesSingle: number
}

/** Opens the stores of a new node: empty ones, under a name that was not used before. */
type OpenStores = (name: string) => Promise<{
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly close: () => Promise<void>
}>

/** Has new nodes take `count` truly signed blocks that cost no work, in interleaved rounds. */
export async function benchIntake(openStores: OpenStores, count: number): Promise<IntakeBench> {
  const clock: Clock = { nowMs: () => Date.now() }
  const signer = await webCryptoSigner()
  const blocks = await signedBlocks(signer, count, clock.nowMs() - 10 * count)
  const contenders = [
    async (node: Node) => {
      for (let at = 0; at < count; at += BATCH) await node.receiveAll(blocks.slice(at, at + BATCH), 'peer')
    },
    async (node: Node) => {
      for (const bytes of blocks) await node.receive(bytes, 'peer')
    },
  ]
  const rates = contenders.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, take] of contenders.entries()) {
      const stores = await openStores(`intake-bench-${round}-${i}`)
      const hub = new MemoryHub({ clock, fault: (error) => console.error(error) })
      const node = await openNode(stores, clock, signer, hub.transport('node'))
      const start = performance.now()
      await take(node)
      rates[i]?.push((count / (performance.now() - start)) * 1000)
      if (stores.blocks.stats().blocks !== count) throw new Error('a block was lost')
      await node.stop()
      await stores.close()
    }
  const [togetherRate = Number.NaN, singleRate = Number.NaN] = rates.map((each) => Math.round(median(each)))
  return { blocks: count, togetherRate, singleRate, timesSingle: togetherRate / singleRate }
}

/** Blocks of one issuer, 10 ms apart, that each name the two before. */
async function signedBlocks(
  signer: Signer,
  count: number,
  firstAtMs: number,
): Promise<readonly Uint8Array[]> {
  const payload = encodeData({ topic: 'bench', body: new Uint8Array(BODY_BYTES) })
  const made: ReturnType<typeof makeBlock>[] = []
  for (let i = 0; i < count; i++) {
    const before = made.slice(-2).map(({ id }) => id)
    const parents = before.length > 0 ? before : [NETWORK.id]
    const parts = { issuer: signer.publicKey, issuedAtMs: firstAtMs + 10 * i, payload, parents }
    const signature = await signer.sign(signedMessage(makeBlock(parts).id))
    made.push(makeBlock({ ...parts, signature }))
  }
  return made.map(({ bytes }) => bytes)
}
