import { encodeData } from '../../src/core/codec/data.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { DEFAULT_PARAMS } from '../../src/core/model/params.ts'
import { buildWorld } from './build.ts'
import type { SimNode } from './node.ts'
import { ownOutputs, payment } from './payment.ts'
import { drawScenario, type Scenario } from './scenario.ts'
import type { World } from './world.ts'

/** Median milliseconds of the steps of a payment, each from the one before. */
export interface Latency {
  /** From issue to commit, at the issuer. */
  readonly total: number
  /** What one payment in ten takes at least. */
  readonly slowTenth: number
  /** Until its block is made. */
  readonly made: number
  /** Until the first proposal that has it in its past cone. */
  readonly covered: number
  /** Until the proposal of the leader that commits it. */
  readonly leader: number
  /** Until a quorum of the next round is made: votes. */
  readonly votes: number
  /** Until a quorum of the round after that is made: certificates. */
  readonly certificates: number
  /** Until the issuer has them. */
  readonly told: number
  /** Rounds from the first proposal that covers it to the last that its commit takes: 3 is the floor. */
  readonly rounds: number
}

/** The same of one payment. */
type Steps = Omit<Latency, 'slowTenth'>

interface LatencyOptions {
  readonly miningMs: number
  readonly proposalMiningMs: number
  /** Validators that are off. */
  readonly offline: number
}

const PAYMENTS = 200

/** Payments are this far apart, so that each finds an idle network. */
const APART_MS = 6000

/** Four validators and one who pays, links of 20–80 ms, one payment at a time. */
export function measureLatency({ miningMs, proposalMiningMs, offline }: LatencyOptions): Latency {
  const world = buildWorld({ ...calm(1), miningMs, proposalMiningMs })
  for (const node of world.nodes.slice(offline)) node.start()
  const issuer = world.nodes.at(-1)
  if (issuer === undefined) throw new Error('nobody to pay')
  const samples: Steps[] = []
  for (let i = 0; i < PAYMENTS; i++) {
    const pauseMs = world.queue.nowMs + APART_MS + issuer.chance.between(0, 1000)
    while (world.queue.step(pauseMs));
    samples.push(payOnce(world, issuer))
  }
  const median = (step: keyof Steps) => quantile(samples, step, 0.5)
  return {
    total: median('total'),
    slowTenth: quantile(samples, 'total', 0.9),
    made: median('made'),
    covered: median('covered'),
    leader: median('leader'),
    votes: median('votes'),
    certificates: median('certificates'),
    told: median('told'),
    rounds: median('rounds'),
  }
}

/** Proposals of each validator in an hour in which three things issue a block each five seconds, and nobody pays. */
export function measureDataOnly(): { readonly proposals: number; readonly commits: number } {
  const world = buildWorld(calm(3))
  const hourMs = 3_600_000
  for (const node of world.nodes) node.start()
  const things = world.nodes.slice(-3)
  for (const thing of things)
    for (let atMs = thing.chance.between(0, 5000); atMs < hourMs; atMs += 5000)
      world.queue.after(atMs, () =>
        thing.issue('data', encodeData({ topic: 'sim', body: thing.chance.bytes(8) })),
      )
  while (world.queue.step(hourMs));
  const [first] = world.nodes
  const proposals = first?.disk.blocks().filter(({ block }) => block.kind === 'proposal').length ?? 0
  return { proposals: proposals / world.committee.size, commits: world.referee.commits }
}

/** A network as its defaults make it, in which nothing goes wrong. */
export function calm(others: number): Scenario {
  return {
    ...drawScenario({ seed: 1, validators: 4, byzantine: 0, others }),
    ...DEFAULT_PARAMS,
    malicious: 0,
    weather: { delayMs: [20, 75], jitterMs: 5, loss: 0, duplication: 0, reordering: 0 },
    holdBackMs: 0,
    miningMs: 0,
    proposalMiningMs: 0,
    windowBlocksMax: 131_072,
    clockOffMsMax: 0,
    isMesh: true,
    powBase: 1,
  }
}

function payOnce(world: World, issuer: SimNode): Steps {
  const { queue } = world
  const startMs = queue.nowMs
  const spent = issuer.chance.shuffled(ownOutputs(issuer)).slice(0, 1)
  const { id } = issuer.issue('transaction', payment(issuer, spent))
  while (!(issuer.disk.has(id) && !issuer.disk.isOpen(id)))
    if (!queue.step(startMs + 60_000)) throw new Error('stuck')
  const committedMs = queue.nowMs
  const commit = world.referee.log.findLast(({ commit: { blocks } }) => blocks.includes(id))?.commit
  if (commit === undefined) throw new Error(`${id} is in no commit`)

  const all = issuer.disk.blocks()
  const covering = proposalsOver(id, all)
  const timeOf = ({ block }: CheckedBlock) => block.issuedAtMs - world.startMs
  const roundOf = (checked: CheckedBlock) => issuer.engine.entryOf(checked).slot?.round ?? 0
  const quorumMs = (round: number) => {
    const times = all.filter((checked) => roundOf(checked) === round).map(timeOf)
    return times.sort((a, b) => a - b)[world.committee.quorum - 1] ?? committedMs
  }
  const first = covering.reduce((a, b) => (timeOf(a) <= timeOf(b) ? a : b))
  const leader = all.find((checked) => checked.id === commit.leader) ?? first
  const steps = [
    startMs,
    startMs + world.miningMs,
    timeOf(first),
    timeOf(leader),
    quorumMs(commit.round + 1),
    quorumMs(commit.round + 2),
    committedMs,
  ]
  const took = (step: number) => (steps[step] ?? 0) - (steps[step - 1] ?? 0)
  return {
    total: committedMs - startMs,
    made: took(1),
    covered: took(2),
    leader: took(3),
    votes: took(4),
    certificates: took(5),
    told: took(6),
    rounds: commit.round + 2 - roundOf(first) + 1,
  }
}

/** Proposals with a block in their past cone. */
function proposalsOver(id: BlockId, all: readonly CheckedBlock[]): CheckedBlock[] {
  const over = new Set([id])
  for (const checked of all)
    if (checked.block.parents.some((parent) => over.has(parent))) over.add(checked.id)
  return all.filter((checked) => checked.block.kind === 'proposal' && over.has(checked.id))
}

/** The value of a step that a share of all payments is below. */
function quantile(samples: readonly Steps[], name: keyof Steps, share: number): number {
  const sorted = samples.map((sample) => sample[name]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? 0
}
