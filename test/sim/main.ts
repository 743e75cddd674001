/**
 * `npm run sim`: runs the protocol on one virtual clock, everything drawn from a seed.
 *
 * `-- --seed 42` replays a seed; `--nodes` (validators), `--others`, `--byzantine` and `--minutes` fix what it would
 * draw. `--seeds 1-2000 --jobs 2` runs many and goes on where it stopped. `--twins` puts more than a third of the
 * weight on both sides of a partition and expects a disagreement; `--failing loses-store --forgetful` plants a fault and
 * expects it to be noticed. `--latency` measures. `--flood` measures payments while flooders send 20 times as much as all
 * honest nodes, on devices that verify `--verify` signatures a second; `--first-come` takes their queue's fairness away.
 */
import { parseArgs } from 'node:util'
import { PARKED_BYTES_PER_PEER_MAX, PARKED_PER_PEER_MAX } from '../../src/core/model/limits.ts'
import {
  QUEUED_BYTES_MAX,
  QUEUED_BYTES_PER_PEER_MAX,
  QUEUED_MAX,
  QUEUED_PER_PEER_MAX,
} from '../../src/node/fair-queue.ts'
import { FLOODS } from './faults/flooder.ts'
import { FLOOD_FACTOR, measureFlood, type FloodOutcome } from './flood.ts'
import { measureDataOnly, measureLatency, type Latency } from './latency.ts'
import type { Violation } from './referee.ts'
import { simulate, type Summary } from './run.ts'
import { FAILINGS, type Options } from './scenario.ts'
import { runSeeds } from './seeds.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    nodes: { type: 'string' },
    others: { type: 'string' },
    byzantine: { type: 'string' },
    minutes: { type: 'string' },
    twins: { type: 'boolean', default: false },
    failing: { type: 'string' },
    forgetful: { type: 'boolean', default: false },
    latency: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
    verify: { type: 'string', default: '400' },
    'first-come': { type: 'boolean', default: false },
  },
})

/** Where results of many seeds are kept, from the repository's root. */
const RESULTS = '.sim/results.jsonl'

const failing = FAILINGS.find((kind) => kind === values.failing)

const options: Omit<Options, 'seed'> = {
  ...(values.nodes !== undefined && { validators: Number(values.nodes) }),
  ...(values.others !== undefined && { others: Number(values.others) }),
  ...(values.byzantine !== undefined && { byzantine: Number(values.byzantine) }),
  ...(values.minutes !== undefined && { activeMs: Number(values.minutes) * 60_000 }),
  ...(values.twins && { mode: 'twins' as const }),
  ...(failing && { failing }),
  ...(values.forgetful && { isForgetful: true }),
}

if (values.latency) showLatency()
else if (values.flood) showFloods(Number(values.verify), values['first-come'])
else if (values.seeds === undefined) process.exitCode = runOne(Number(values.seed))
else process.exitCode = await runMany(values.seeds)

/** The exit code: a run shows a violation exactly where one is expected. */
function exitCodeOf(violations: number): number {
  const isExpected = values.twins || values.forgetful
  return violations > 0 === isExpected ? 0 : 1
}

function runOne(seed: number): number {
  const startedMs = performance.now()
  const outcome = simulate({ seed, ...options })
  const seconds = (performance.now() - startedMs) / 1000
  if (outcome.type === 'violation') {
    showViolation(seed, outcome)
    return exitCodeOf(1)
  }
  console.log({ ...outcome, seconds: round(seconds), eventsPerSecond: Math.round(outcome.events / seconds) })
  return exitCodeOf(0)
}

async function runMany(range: string): Promise<number> {
  const [first = 1, last = first] = range.split('-').map(Number)
  const startedMs = performance.now()
  const isPlain = Object.keys(options).length === 0
  const done = await runSeeds(
    { first, last, options, jobs: Number(values.jobs), results: isPlain ? RESULTS : undefined },
    (seed, outcome, left) => {
      if (outcome.type === 'violation') showViolation(seed, outcome)
      else if (left % 100 === 0) console.log(`${left} seeds left`)
    },
  )
  const summaries = done.filter((each): each is Summary & { wallMs: number } => each.type === 'summary')
  const sum = (of: (each: Summary) => number) => summaries.reduce((total, each) => total + of(each), 0)
  const coreSeconds = done.reduce((total, { wallMs }) => total + wallMs, 0) / 1000
  const violations = done.length - summaries.length
  console.log({
    seeds: done.length,
    violations,
    wallSeconds: round((performance.now() - startedMs) / 1000),
    coreSeconds: round(coreSeconds),
    secondsPerSeed: round(coreSeconds / done.length),
    events: sum(({ events }) => events),
    eventsPerSecond: Math.round(sum(({ events }) => events) / coreSeconds),
    commits: sum(({ commits }) => commits),
    applied: sum(({ applied }) => applied),
    rejected: sum(({ rejected }) => rejected),
    virtualHours: round(sum(({ virtualMs }) => virtualMs) / 3_600_000),
    settledSecondsMax: round(Math.max(0, ...summaries.map(({ settledMs }) => settledMs)) / 1000),
  })
  return exitCodeOf(violations)
}

function showViolation(seed: number, { kind, node, atMs, detail }: Violation): void {
  const given = (['nodes', 'others', 'byzantine', 'minutes', 'failing'] as const).filter(
    (name) => values[name] !== undefined,
  )
  const flags = (['twins', 'forgetful'] as const).filter((name) => values[name])
  const words = [
    `--seed ${seed}`,
    ...given.map((name) => `--${name} ${values[name]}`),
    ...flags.map((name) => `--${name}`),
  ]
  console.log(`seed ${seed}: ${kind} at ${atMs / 1000} s, node ${node}: ${detail}`)
  console.log(`replay: npm run sim -- ${words.join(' ')}`)
}

function showLatency(): void {
  const runs: Record<string, Latency> = {}
  for (const miningMs of [0, 100])
    for (const offline of [0, 1]) {
      const proposalMiningMs = miningMs / 10
      const name = `mining ${miningMs} and ${proposalMiningMs} ms, ${offline} of 4 offline`
      runs[name] = measureLatency({ miningMs, proposalMiningMs, offline })
    }
  console.log('Median milliseconds of a payment, 4 validators, links of 20–80 ms')
  console.table(runs)
  console.log('Only data: 3 things, a block each 5 s, defaults of a network')
  console.table(measureDataOnly())
}

function showFloods(verificationsPerSecond: number, isFirstCome: boolean): void {
  const common = { verificationsPerSecond, isFirstCome }
  const quiet = measureFlood(common)
  const floodPerSecond = FLOOD_FACTOR * quiet.honestPerSecond
  const rows = new Map([['no flood', quiet]])
  for (const flood of FLOODS) rows.set(flood, measureFlood({ ...common, floods: [flood], floodPerSecond }))
  rows.set('all four', measureFlood({ ...common, floods: FLOODS, floodPerSecond }))
  const line = ({ median, slowTenth, stuck, flooded, counts }: FloodOutcome) => ({
    'median ms': median,
    'slow tenth ms': slowTenth,
    times: round(median / quiet.median),
    stuck,
    flooded,
    ...counts,
  })
  console.log(
    `Payments, 4 validators, 14 nodes that verify ${verificationsPerSecond} signatures a second; honest blocks ` +
      `${round(quiet.honestPerSecond)} a second, a flood of ${Math.round(floodPerSecond)} to each node. ` +
      'What was let go of is of all nodes together; what waited at most, of the worst.',
  )
  console.table(Object.fromEntries([...rows].map(([name, outcome]) => [name, line(outcome)])))
  console.log('Bounds', {
    queued: `${QUEUED_MAX}, of one peer ${QUEUED_PER_PEER_MAX}`,
    queuedBytes: `${QUEUED_BYTES_MAX}, of one peer ${QUEUED_BYTES_PER_PEER_MAX}`,
    parked: `${PARKED_PER_PEER_MAX} of one peer`,
    parkedBytes: `${PARKED_BYTES_PER_PEER_MAX} of one peer`,
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
