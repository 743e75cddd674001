import { encodeData } from '../../src/core/codec/data.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { buildWorld } from './build.ts'
import { Flooder, type Flood } from './faults/flooder.ts'
import { calm } from './latency.ts'
import type { SimNode } from './node.ts'
import { ownOutputs, payment } from './payment.ts'
import { Chance } from './random.ts'
import type { StageCounts } from './verification.ts'
import type { World } from './world.ts'

export interface FloodOptions {
  /** Signatures each node verifies in a second. */
  readonly verificationsPerSecond: number
  /** What is sent, each by a flooder of its own. */
  readonly floods?: readonly Flood[]
  /** Blocks a second, or messages of reconciling, that each node gets of all of them together. */
  readonly floodPerSecond?: number
  /** A planted fault: no turns for peers and issuers. */
  readonly isFirstCome?: boolean
  readonly durationMs?: number
}

/** What payments of honest nodes were like while a flood went on. */
export interface FloodOutcome {
  /** Milliseconds from issue to commit, at the issuer. */
  readonly median: number
  readonly slowTenth: number
  readonly payments: number
  /** Payments not committed in time. */
  readonly stuck: number
  /** Blocks that honest nodes made in a second, proposals among them. */
  readonly honestPerSecond: number
  readonly flooded: number
  /** Of all nodes together; what waited at most, of the worst. */
  readonly counts: StageCounts
}

/** How many times as much as all honest nodes together flooders send to each of them. */
export const FLOOD_FACTOR = 20

const DURATION_MS = 30_000

/** Before the first payment is measured, the flood has filled what it can. */
const WARM_MS = 5_000

const PAYMENT_EVERY_MS = 500
const DATA_EVERY_MS = 100
const PAYERS = 6
const THINGS = 4

/** Work that a flooder can lack and that costs a run little. */
const POW_BASE = 16

/** How exactly a commit is timed. */
const LOOK_MS = 10

/** A payment that takes longer counts as this long. */
const PATIENCE_MS = 30_000

/** Four validators, payers and things, and flooders with a link to each of them; links of 20–80 ms. */
export function measureFlood(options: FloodOptions): FloodOutcome {
  const { verificationsPerSecond: perSecond, isFirstCome = false, durationMs = DURATION_MS } = options
  const world = buildWorld({
    ...calm(PAYERS + THINGS),
    powBase: POW_BASE,
    verification: { perSecond, isFirstCome },
  })
  for (const node of world.nodes) node.start()
  const endMs = WARM_MS + durationMs
  const { floods = [], floodPerSecond = 0 } = options
  const flooders = floods.map(
    (flood, place) => new Flooder(world, flood, place, new Chance(1, `flood ${flood}`)),
  )
  for (const flooder of flooders) flooder.start(floodPerSecond / floods.length, endMs)
  issueData(world, endMs)
  const tookMs = pay(world, endMs)
  const sorted = tookMs.sort((a, b) => a - b)
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    slowTenth: sorted[Math.floor(sorted.length * 0.9)] ?? 0,
    payments: sorted.length,
    stuck: sorted.filter((ms) => ms >= PATIENCE_MS).length,
    honestPerSecond: (world.referee.blocksMade * 1000) / world.queue.nowMs,
    flooded: flooders.reduce((total, { sent }) => total + sent, 0),
    counts: sumOf(world),
  }
}

function issueData({ nodes, queue }: World, endMs: number): void {
  const things = nodes.slice(-THINGS)
  for (let atMs = 0, i = 0; atMs < endMs; atMs += DATA_EVERY_MS, i++) {
    const thing = things[i % THINGS]
    queue.after(atMs, () => thing?.issue('data', encodeData({ topic: 'sim', body: thing.chance.bytes(200) })))
  }
}

/** Pays in turn until the end, and returns how long each payment took to be committed where it was issued. */
function pay({ nodes, queue }: World, endMs: number): number[] {
  const payers = nodes.slice(-THINGS - PAYERS, -THINGS)
  const open = new Map<BlockId, { readonly payer: SimNode; readonly atMs: number }>()
  for (let atMs = WARM_MS, i = 0; atMs < endMs; atMs += PAYMENT_EVERY_MS, i++) {
    const payer = payers[i % PAYERS]
    queue.after(atMs, () => {
      const [spent] = payer ? payer.chance.shuffled(ownOutputs(payer)) : []
      if (payer === undefined || spent === undefined) return
      const { id } = payer.issue('transaction', payment(payer, [spent]))
      open.set(id, { payer, atMs: queue.nowMs })
    })
  }
  const tookMs: number[] = []
  for (let untilMs = LOOK_MS; untilMs <= endMs || open.size > 0; untilMs += LOOK_MS) {
    while (queue.step(untilMs));
    for (const [id, { payer, atMs }] of open) {
      const isCommitted = payer.disk.has(id) && !payer.disk.isOpen(id)
      if (!isCommitted && untilMs - atMs < PATIENCE_MS) continue
      tookMs.push(untilMs - atMs)
      open.delete(id)
    }
  }
  return tookMs
}

/** What nodes let go of together, and what waited at most at any of them. */
function sumOf({ nodes }: World): StageCounts {
  const all = nodes.map(({ stage }) => stage?.counts).filter((counts) => counts !== undefined)
  const sum = (of: (counts: StageCounts) => number) => all.reduce((total, counts) => total + of(counts), 0)
  const most = (of: (counts: StageCounts) => number) => Math.max(...all.map(of))
  return {
    cutOff: sum(({ cutOff }) => cutOff),
    badWork: sum(({ badWork }) => badWork),
    badSignature: sum(({ badSignature }) => badSignature),
    forgotten: sum(({ forgotten }) => forgotten),
    busy: sum(({ busy }) => busy),
    verified: sum(({ verified }) => verified),
    answered: sum(({ answered }) => answered),
    queuedMax: most(({ queuedMax }) => queuedMax),
    queuedBytesMax: most(({ queuedBytesMax }) => queuedBytesMax),
    parkedMax: most(({ parkedMax }) => parkedMax),
  }
}
