import { networkOf } from '../../src/core/codec/genesis.ts'
import { Committee } from '../../src/core/model/committee.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import type { Conduct } from './conduct.ts'
import { byzantineValidator, maliciousPeer } from './faults/adversaries.ts'
import { Forge } from './forge.ts'
import { Network as Links } from './network.ts'
import { SimNode, type NodeSpec } from './node.ts'
import { EventQueue } from './queue.ts'
import { Chance } from './random.ts'
import { Referee } from './referee.ts'
import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

const CREATED_AT_MS = 1_700_000_000_000

/** A run starts so long after the genesis that a clock a day behind is still past it. */
const START_MS = CREATED_AT_MS + 3 * 86_400_000

/** Outputs every node owns at first, and how much each holds. */
const OUTPUTS_EACH = 4
const AMOUNT = 1_000_000

type Draft = Pick<NodeSpec, 'key' | 'isHonest' | 'conduct'> & {
  readonly isValidator: boolean
  /** Of twins: which half of the others it is linked with. */
  readonly side?: number
}

/** A world as the scenario says, with all nodes down. */
export function buildWorld(scenario: Scenario): World {
  const chance = new Chance(scenario.seed, 'world')
  const network = foundNetwork(scenario)
  const drafts = draftNodes(scenario, chance)
  const neighbours = scenario.mode === 'twins' ? linkSides(drafts) : linkAll(drafts, chance, scenario.isMesh)
  const queue = new EventQueue()
  const nodes: SimNode[] = []
  const links = new Links(queue, new Chance(scenario.seed, 'links'), scenario.weather, (to, from, message) =>
    nodes[to]?.handle(from, message),
  )
  const honest = new Set(drafts.filter(({ isHonest }) => isHonest).map(({ key }) => key))
  const world: World = {
    network,
    committee: new Committee(network.genesis.committee),
    forge: new Forge(network),
    queue,
    links,
    referee: new Referee(() => world, honest),
    nodes,
    startMs: START_MS,
    miningMs: scenario.miningMs,
    proposalMiningMs: scenario.proposalMiningMs,
    holdBackMs: scenario.holdBackMs,
    isForgetful: scenario.isForgetful,
    ...(scenario.verification && { verification: scenario.verification }),
  }
  for (const [index, { key, isHonest, conduct }] of drafts.entries()) {
    const spec: NodeSpec = {
      index,
      key,
      isHonest,
      conduct,
      neighbours: neighbours[index] ?? [],
      windowBlocksMax: scenario.windowBlocksMax,
      isSparing: chance.happens(0.5),
      commitsPerCheckpoint: chance.between(1, 12),
      clockOffMs: chance.between(-scenario.clockOffMsMax, scenario.clockOffMsMax),
    }
    nodes.push(new SimNode(world, spec, new Chance(scenario.seed, `node ${index}`)))
  }
  return world
}

function foundNetwork(scenario: Scenario): Network {
  const { validators, others, powBase, minRoundMs, dataRoundMs, leaderTimeoutMs } = scenario
  const owners = [...validators.map(({ key }) => key), ...others]
  return networkOf({
    name: `simulation ${scenario.seed}`,
    createdAtMs: CREATED_AT_MS,
    powBase,
    powPerKiB: 0,
    dust: 10,
    minRoundMs,
    dataRoundMs,
    leaderTimeoutMs,
    committee: validators.map(({ key, weight }) => ({ key, weight })),
    outputs: owners.flatMap((owner) =>
      Array.from({ length: OUTPUTS_EACH }, () => ({ owner, amount: AMOUNT })),
    ),
  })
}

/** Validators first, then the others, then second copies of twins. */
function draftNodes(scenario: Scenario, chance: Chance): Draft[] {
  const { validators, others, malicious } = scenario
  const copies: Draft[] = []
  const drafts = validators.map(({ key, failing }): Draft => {
    if (failing === 'byzantine')
      return { key, isValidator: true, isHonest: false, conduct: byzantineValidator(key, chance) }
    if (failing !== 'twins') return { key, isValidator: true, isHonest: true, conduct: {} }
    const twin = { key, isValidator: true, isHonest: false, conduct: {} }
    copies.push({ ...twin, side: 1 })
    return { ...twin, side: 0 }
  })
  for (const [index, key] of others.entries())
    drafts.push(draftOther(key, index >= others.length - malicious, chance))
  return [...drafts, ...copies]
}

function draftOther(key: PublicKey, isMalicious: boolean, chance: Chance): Draft {
  const conduct: Conduct = isMalicious ? maliciousPeer(chance) : {}
  return { key, isValidator: false, isHonest: !isMalicious, conduct }
}

/**
 * Validators all know each other; anybody else knows a few, an honest node before it among them, so that the honest
 * ones hang together.
 */
function linkAll(drafts: readonly Draft[], chance: Chance, isMesh: boolean): number[][] {
  const linked = drafts.map(() => new Set<number>())
  const link = (a: number, b: number) => {
    if (!mayMeet(drafts, a, b)) return
    linked[a]?.add(b)
    linked[b]?.add(a)
  }
  const honest = drafts.flatMap(({ isHonest }, index) => (isHonest ? [index] : []))
  for (const [a, { isValidator }] of drafts.entries()) {
    const before = honest.filter((index) => index < a)
    if (!isValidator && before.length > 0) link(a, chance.pick(before))
    for (let b = 0; b < a; b++) if (isMesh || (isValidator && drafts[b]?.isValidator)) link(a, b)
    if (!isValidator) for (let i = 0; i < 2; i++) link(a, chance.between(0, a))
  }
  return linked.map((set) => [...set].sort((a, b) => a - b))
}

/** Twins never meet, nor does anybody know both. */
function mayMeet(drafts: readonly Draft[], a: number, b: number): boolean {
  const sideOf = (index: number) => drafts[index]?.side ?? index % 2
  const isTwin = drafts[a]?.side !== undefined || drafts[b]?.side !== undefined
  return a !== b && (!isTwin || sideOf(a) === sideOf(b))
}

/** A partition that never heals, with a copy of each twin on both sides. */
function linkSides(drafts: readonly Draft[]): number[][] {
  const sideOf = (index: number) => drafts[index]?.side ?? index % 2
  const all = [...drafts.keys()]
  return all.map((a) => all.filter((b) => a !== b && sideOf(a) === sideOf(b)))
}
