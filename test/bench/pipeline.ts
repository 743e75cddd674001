/**
 * From bytes off the wire to blocks on disk and in commits: how many a second, and where the time goes. Runs in Node and,
 * by `pipeline-page.ts`, in a page.
 *
 * The stages are each run alone over the same blocks, in the same round as the whole, with signatures checked in the same
 * thread; `rest` is what the whole takes beyond their sum: turns at verification, promises, passing on, the garbage of
 * all of them together.
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
import {
  COMMITTED_BLOCKS_MAX,
  type BlockStore,
  type Clock,
  type LedgerStore,
  type Verifier,
} from '../../src/ports.ts'
import { ratios, type Figure } from './figure.ts'
import { median } from './median.ts'
import { webCryptoSigner } from './open-node.ts'
import { committedHistory, type History } from './pipeline-history.ts'
import { openReceiver } from './pipeline-node.ts'
import type { Found } from './runner.ts'

const ROUNDS = 3

/** Blocks written at a stretch, as `Receiving` has it. */
const BATCH = 256

/** Signatures in verification at once where the verifier does not ask for more, as `Turns` has it. */
const VERIFYING = 64

const STAGES = ['decode and hash', 'work and guard', 'verify', 'graph', 'agreement', 'store'] as const

type Stage = (typeof STAGES)[number] | 'rest'

/**
 * Where signatures are checked: in this thread, one by one by WebCrypto or in batches; on so many workers; or not at all,
 * which leaves everything else.
 */
const PLACES = ['here', 'here, in batches', 'one worker', 'two workers', 'nowhere'] as const

type Place = (typeof PLACES)[number]

/** Blocks a second that are to pass every check and be stored. */
const RATE_GOALS: Partial<Record<Place, number>> = { 'one worker': 12_000, 'two workers': 15_000 }

/** What verification is to be of all stages, so that the others are near free. */
const VERIFY_SHARE_GOAL = 0.75

/** One round: blocks a second by place, and microseconds a block for each stage. */
interface PipelineRound {
  readonly rates: Readonly<Record<Place, number>>
  readonly stages: Readonly<Record<Stage, number>>
}

export interface PipelineParts {
  /** Opens the stores of a new node, empty ones, under a name that was not used before. */
  readonly openStores: (name: string) => Promise<{
    readonly blocks: BlockStore
    readonly ledger: LedgerStore
    readonly close: () => Promise<void>
  }>
  readonly verifiers: Readonly<Record<Place, Verifier>>
  readonly hasher: BlockHasher
  /** Milliseconds of processor used so far; where that cannot be had, of time. */
  readonly cpuMs: () => number
}

/** Has new nodes receive `count` truly signed data blocks and the proposals that commit them, in interleaved rounds. */
export async function benchPipeline(parts: PipelineParts, count: number): Promise<Found> {
  const history = await committedHistory(await webCryptoSigner(), count)
  const rounds: PipelineRound[] = []
  await runRound(parts, history, 'warm-up') // workers are started, code is compiled
  for (let round = 0; round < ROUNDS; round++) rounds.push(await runRound(parts, history, String(round)))
  return foundIn(rounds)
}

function foundIn(rounds: readonly PipelineRound[]): Found {
  const rates = (place: Place) => rounds.map((round) => round.rates[place])
  const sums = rounds.map(({ stages }) => Object.values(stages).reduce((sum, us) => sum + us, 0))
  const names = [...STAGES, 'rest'] as const
  const of = (stage: Stage) => rounds.map(({ stages }) => stages[stage])
  const figures: Figure[] = PLACES.map((place) => {
    const goal = RATE_GOALS[place]
    const name = `verified ${place}`
    return {
      name,
      unit: 'blocks/s',
      better: 'more',
      rounds: rates(place),
      ...(goal !== undefined && { goal }),
    }
  })
  figures.push(
    ...(['here, in batches', 'one worker', 'two workers', 'nowhere'] as const).map((place): Figure => {
      const name = `verified ${place}, to here`
      return { name, unit: 'times', better: 'more', rounds: ratios(rates(place), rates('here')) }
    }),
    ...names.map((stage): Figure => {
      const share = {
        name: `${stage}, of all stages`,
        unit: 'share',
        rounds: ratios(of(stage), sums),
      } as const
      return stage === 'verify'
        ? { ...share, better: 'more', goal: VERIFY_SHARE_GOAL }
        : { ...share, better: 'less' }
    }),
  )
  return { rows: [Object.fromEntries(names.map((stage) => [`${stage}, µs`, median(of(stage))]))], figures }
}

async function runRound(parts: PipelineParts, history: History, round: string): Promise<PipelineRound> {
  const whole = {} as Record<Place, { readonly rate: number; readonly cpuUs: number }>
  for (const place of PLACES)
    whole[place] = await runWhole(parts, history, place, `pipeline-${round}-${place}`)
  const alone = await runStages(parts, history, `pipeline-${round}-alone`)
  const sum = STAGES.reduce((total, stage) => total + alone[stage], 0)
  const rates = Object.fromEntries(PLACES.map((place) => [place, whole[place].rate])) as Record<Place, number>
  return {
    rates,
    stages: { ...alone, rest: Math.max(0, whole.here.cpuUs - sum) },
  }
}

/** A node that is no validator takes the history from a peer, in answers as long as a request for commits gets. */
async function runWhole(
  { openStores, verifiers, hasher, cpuMs }: PipelineParts,
  { network, blocks, commits }: History,
  place: Place,
  name: string,
): Promise<{ readonly rate: number; readonly cpuUs: number }> {
  const stores = await openStores(name)
  const clock: Clock = { nowMs: () => Date.now() }
  const signer = await webCryptoSigner()
  const node = await openReceiver({ network, clock, signer, verifier: verifiers[place], hasher, ...stores })
  const [startMs, startCpuMs] = [performance.now(), cpuMs()]
  for (let at = 0; at < blocks.length; at += COMMITTED_BLOCKS_MAX)
    await node.receiveAll(
      blocks.slice(at, at + COMMITTED_BLOCKS_MAX).map(({ bytes }) => bytes),
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
  { openStores, verifiers, hasher, cpuMs }: PipelineParts,
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
    verify: await measured(() => verifyAll(verifiers.here, blocks)),
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
