import { RIPE_AHEAD_MS } from '../../src/core/model/limits.ts'
import { buildWorld } from './build.ts'
import { Faults } from './faults/faults.ts'
import { Chance } from './random.ts'
import type { Violation } from './referee.ts'
import { drawScenario, type Options } from './scenario.ts'
import { Workload } from './workload.ts'
import type { World } from './world.ts'

/** What a run without a violation was like. */
export interface Summary {
  readonly type: 'summary'
  readonly seed: number
  /** Of every change of every honest node, in order: the same for the same seed, on every machine. */
  readonly digest: string
  readonly validators: number
  readonly others: number
  readonly events: number
  readonly commits: number
  /** Blocks that honest nodes took in, each counted at each of them. */
  readonly attached: number
  readonly applied: number
  readonly rejected: number
  readonly equivocations: number
  readonly invalid: number
  readonly certified: number
  readonly virtualMs: number
  /** How long after all had healed everything was committed. */
  readonly settledMs: number
}

/** When all has healed and nobody issues anything more, everything honest is committed within this. */
const SETTLED_MS_MAX = 60_000

/** How often that is looked at. */
const LOOK_MS = 250

/** Runs one world from its start until everything is committed, or until it does what it must not. */
export function simulate(options: Options): Summary | Violation {
  const scenario = drawScenario(options)
  const world = buildWorld(scenario)
  const { queue, referee, nodes } = world
  try {
    for (const node of nodes) node.start()
    new Workload(world, scenario, new Chance(scenario.seed, 'workload'))
    const faults = new Faults(world, scenario, new Chance(scenario.seed, 'faults'))
    runUntil(world, scenario.activeMs)
    faults.heal()
    const endMs = scenario.activeMs + SETTLED_MS_MAX
    while (!referee.violation && scenario.mode === 'mixed' && !isSettled(world)) {
      if (queue.nowMs >= endMs) referee.object('not-committed', describeUnsettled(world))
      runUntil(world, queue.nowMs + LOOK_MS)
    }
    for (const node of nodes) if (node.spec.isHonest) referee.checkCommitted(node)
  } catch (error) {
    referee.object('exception', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return (
    referee.violation ?? {
      type: 'summary',
      seed: scenario.seed,
      digest: referee.digest(),
      validators: scenario.validators.length,
      others: scenario.others.length,
      events: queue.ran,
      commits: referee.commits,
      ...referee.counts,
      virtualMs: queue.nowMs,
      settledMs: queue.nowMs - scenario.activeMs,
    }
  )
}

function runUntil({ queue, referee }: World, endMs: number): void {
  while (!referee.violation && queue.step(endMs));
}

/** Whether all honest nodes have made all commits there are, and no honest block is left over. */
function isSettled(world: World): boolean {
  return world.nodes.every((node) => !node.spec.isHonest || leftOver(world, node) === undefined)
}

function leftOver({ referee, startMs, queue }: World, node: World['nodes'][number]): string | undefined {
  const head = referee.headOf(node)
  if (head !== referee.commits) return `stands at commit ${head} of ${referee.commits}`
  const ripeMs = startMs + queue.nowMs + RIPE_AHEAD_MS
  for (const { id, block } of node.disk.open())
    // what a clock a day ahead has issued waits for that day
    if (block.issuedAtMs <= ripeMs) return `has ${block.kind} block ${id} uncommitted`
  return undefined
}

function describeUnsettled(world: World): string {
  const { nodes } = world
  const lines = nodes.flatMap((node) => {
    const left = node.spec.isHonest ? leftOver(world, node) : undefined
    return left ? [`node ${node.spec.index} ${left}`] : []
  })
  return lines.slice(0, 5).join('; ')
}
