/**
 * From bytes off the wire to blocks on disk and in commits: how many a second, and where the time goes. Runs in Node and,
 * by `pipeline-page.ts`, in a page.
 *
 * The stages are each run alone over the same blocks, in the same round as the whole; `rest` is what the whole takes
 * beyond their sum: turns at verification, promises, passing on, the garbage of all of them together.
 */
import {
  checkGuard,
  checkPayloadHash,
  checkWork,
  identify,
  signedMessage,
} from '../../src/core/check/isolation.ts'
import type { BlockHasher } from '../../src/core/crypto/block-hasher.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockStore, Clock, LedgerStore, Verifier } from '../../src/ports.ts'
import { webCryptoSigner } from './open-node.ts'
import { committedHistory, type History } from './pipeline-history.ts'
import { openReceiver } from './pipeline-node.ts'

const ROUNDS = 3

/** Blocks taken at a stretch, as `Receiving` has it. */
const BATCH = 256

/** Signatures in verification at once, as `Turns` has it. */
const VERIFYING = 64

const STAGES = ['decode and hash', 'work and guard', 'verify', 'graph', 'agreement', 'store'] as const

type Stage = (typeof STAGES)[number] | 'rest'

/** One round: blocks a second of the whole, and microseconds of processor a block for each stage. */
export interface PipelineRound {
  readonly rate: number
  readonly stages: Readonly<Record<Stage, number>>
}

export interface PipelineParts {
  /** Opens the stores of a new node, empty ones, under a name that was not used before. */
  readonly openStores: (name: string) => Promise<{
    readonly blocks: BlockStore
    readonly ledger: LedgerStore
    readonly close: () => Promise<void>
  }>
  readonly verifier: Verifier
  readonly hasher: BlockHasher
  /** Milliseconds of processor used so far; where that cannot be had, of time. */
  readonly cpuMs: () => number
}

/** Has new nodes receive `count` truly signed data blocks and the proposals that commit them. */
export async function benchPipeline(parts: PipelineParts, count: number): Promise<readonly PipelineRound[]> {
  const history = await committedHistory(await webCryptoSigner(), count)
  const rounds: PipelineRound[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await runRound(parts, history, round))
  return rounds
}

async function runRound(parts: PipelineParts, history: History, round: number): Promise<PipelineRound> {
  const whole = await runWhole(parts, history, `pipeline-${round}`)
  const alone = await runStages(parts, history, `pipeline-alone-${round}`)
  const sum = STAGES.reduce((total, stage) => total + alone[stage], 0)
  return { rate: whole.rate, stages: { ...alone, rest: whole.cpuUs - sum } }
}

/** A node that is no validator takes the history from a peer. */
async function runWhole(
  { openStores, verifier, hasher, cpuMs }: PipelineParts,
  { network, blocks, commits }: History,
  name: string,
): Promise<{ readonly rate: number; readonly cpuUs: number }> {
  const stores = await openStores(name)
  const clock: Clock = { nowMs: () => Date.now() }
  const signer = await webCryptoSigner()
  const node = await openReceiver({ network, clock, signer, verifier, hasher, ...stores })
  const [startMs, startCpuMs] = [performance.now(), cpuMs()]
  for (let at = 0; at < blocks.length; at += BATCH)
    await node.receiveAll(
      blocks.slice(at, at + BATCH).map(({ bytes }) => bytes),
      'peer',
    )
  const [ms, cpu] = [performance.now() - startMs, cpuMs() - startCpuMs]
  if (stores.blocks.stats().blocks !== blocks.length || node.head.index !== commits)
    throw new Error(`${node.head.index} of ${commits} commits`)
  await node.stop()
  await stores.close()
  return { rate: (blocks.length / ms) * 1000, cpuUs: (cpu / blocks.length) * 1000 }
}

/** Microseconds a block of each stage alone. */
async function runStages(
  { openStores, verifier, hasher, cpuMs }: PipelineParts,
  { network, blocks }: History,
  name: string,
): Promise<Readonly<Record<(typeof STAGES)[number], number>>> {
  const key = networkKeyOf(network.id)
  const measured = async (work: () => unknown) => {
    const start = cpuMs()
    await work()
    return ((cpuMs() - start) / blocks.length) * 1000
  }
  const data = blocks.filter(({ block }) => block.kind === 'data')
  const graph = await measured(() => receive(new Engine(network), data))
  const stores = await openStores(name)
  const stages = {
    'decode and hash': await measured(() =>
      blocks.forEach((checked) => {
        identify(checked.bytes, key, hasher)
        checkPayloadHash(checked, key, hasher)
      }),
    ),
    'work and guard': await measured(() =>
      blocks.forEach((checked) => checkWork(checked, network.genesis) ?? checkGuard(checked)),
    ),
    verify: await measured(() => verifyAll(verifier, blocks)),
    graph,
    agreement: Math.max(0, (await measured(() => receive(new Engine(network), blocks))) - graph),
    store: await measured(() => append(stores.blocks, blocks)),
  }
  await stores.blocks.close()
  await stores.ledger.close()
  await stores.close()
  return stages
}

function receive(engine: Engine, blocks: readonly CheckedBlock[]): void {
  const nowMs = Date.now()
  for (const checked of blocks) engine.receive(checked, 'peer', nowMs)
}

async function verifyAll(verifier: Verifier, blocks: readonly CheckedBlock[]): Promise<void> {
  for (let at = 0; at < blocks.length; at += VERIFYING)
    await Promise.all(
      blocks
        .slice(at, at + VERIFYING)
        .map(({ id, block }) => verifier.verify(block.signature, signedMessage(id), block.issuer)),
    )
}

async function append(store: BlockStore, blocks: readonly CheckedBlock[]): Promise<void> {
  for (let at = 0; at < blocks.length; at += BATCH)
    await store.append(
      blocks.slice(at, at + BATCH).map(({ id, bytes }) => ({ id, bytes })),
      'relaxed',
    )
}
