import { beforeAll, describe, expect, it } from 'vitest'
import { PARKED_PER_PEER_MAX } from '../../src/core/model/limits.ts'
import {
  QUEUED_BYTES_MAX,
  QUEUED_BYTES_PER_PEER_MAX,
  QUEUED_MAX,
  QUEUED_PER_PEER_MAX,
} from '../../src/node/fair-queue.ts'
import { FLOODS } from './faults/flooder.ts'
import { FLOOD_FACTOR, measureFlood, type FloodOutcome } from './flood.ts'

/** A bound on a test that works for seconds, on a machine that does other things too. */
const TEST_MS_MAX = 120_000

/** Less than the flood takes, more than honest nodes do. */
const DEVICE = { verificationsPerSecond: 400, durationMs: 6_000 } as const

let quiet: FloodOutcome
let floodPerSecond: number

beforeAll(() => {
  quiet = measureFlood(DEVICE)
  floodPerSecond = FLOOD_FACTOR * quiet.honestPerSecond
}, TEST_MS_MAX)

/** Each honest neighbour may have a block or two waiting besides what a flooder may. */
const HONEST_MAX = 100

describe('Flooders that send twenty times what honest nodes do', { timeout: TEST_MS_MAX }, () => {
  it('slow payments by less than half, and fill no more than they are granted', () => {
    const flooded = measureFlood({ ...DEVICE, floods: FLOODS, floodPerSecond })
    const { counts, median, stuck } = flooded
    expect(stuck).toBe(0)
    expect(median).toBeLessThanOrEqual(2 * quiet.median)
    expect(counts.badWork).toBeGreaterThan(0)
    expect(counts.badSignature).toBeGreaterThan(0)
    expect(counts.answered).toBeGreaterThan(0)
    expect(counts.queuedMax).toBeLessThanOrEqual(QUEUED_MAX)
    expect(counts.queuedBytesMax).toBeLessThanOrEqual(QUEUED_BYTES_MAX)
    expect(counts.parkedMax).toBeLessThanOrEqual(PARKED_PER_PEER_MAX + HONEST_MAX)
  })

  it('that nobody can send away, since nothing they send is false, slow them no more', () => {
    const flooded = measureFlood({ ...DEVICE, floods: ['unsolid chains'], floodPerSecond })
    const { counts, median, stuck } = flooded
    expect(stuck).toBe(0)
    expect(median).toBeLessThanOrEqual(2 * quiet.median)
    expect(counts.busy).toBeGreaterThan(0)
    expect(counts.queuedMax).toBeLessThanOrEqual(QUEUED_PER_PEER_MAX + HONEST_MAX)
    expect(counts.queuedBytesMax).toBeLessThanOrEqual(QUEUED_BYTES_PER_PEER_MAX + 1000 * HONEST_MAX)
    expect(counts.parkedMax).toBeLessThanOrEqual(PARKED_PER_PEER_MAX + HONEST_MAX)
  })

  it('would stop them where all blocks wait in one line', () => {
    const flooded = measureFlood({
      ...DEVICE,
      floods: ['unsolid chains'],
      floodPerSecond,
      isFirstCome: true,
    })
    expect(flooded.median).toBeGreaterThan(2 * quiet.median)
  })
})
