import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HistoryState } from '../../src/app/state/history.svelte.ts'
import { ApiError, type CallOptions, type History, type HistoryQuery } from '../../src/node/api.ts'
import { sampleReadings } from '../../src/stream/series.ts'
import { keyOf } from './views.ts'

const HOUR_MS = 3_600_000
const NOW_MS = Date.UTC(2026, 4, 3)

/** A peer with a thing that spoke once a second from `fromMs` to `NOW_MS`; it notes what it is asked. */
function peerWith(fromMs: number) {
  const readings = Array.from({ length: (NOW_MS - fromMs) / 1000 }, (_, i) => ({
    quantity: 'temperature',
    unit: 'Cel',
    value: 20,
    atMs: fromMs + i * 1000,
  }))
  const asked: HistoryQuery[] = []
  const readHistory = (query: HistoryQuery, options: CallOptions = {}): Promise<History> => {
    asked.push(query)
    if (options.signal?.aborted) return Promise.reject(new ApiError('cancelled', 'Cancelled.'))
    return Promise.resolve({ series: sampleReadings(readings, query), readings: readings.length, missing: 0 })
  }
  return { asked, readHistory }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

describe('the history of a thing', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('reads a full range in one go', async () => {
    const peer = peerWith(NOW_MS - 2 * HOUR_MS)
    const history = new HistoryState(peer, () => NOW_MS, 360)
    history.refresh(keyOf(1), '1h')
    await settled()
    expect(peer.asked).toHaveLength(1)
    expect(history.read).toMatchObject({ fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS })
  })

  it('fills the chart of an hour with a thing of five minutes', async () => {
    const beganMs = NOW_MS - 300_000
    const history = new HistoryState(peerWith(beganMs), () => NOW_MS, 360)
    history.refresh(keyOf(1), '1h')
    await settled()
    expect(history.read?.fromMs).toBeLessThanOrEqual(beganMs)
    expect(history.read?.fromMs).toBeGreaterThan(beganMs - 60_000)
  })

  it('starts "all" near the first reading and not in 1970', async () => {
    const beganMs = NOW_MS - 2 * HOUR_MS
    const history = new HistoryState(peerWith(beganMs), () => NOW_MS, 360)
    history.refresh(keyOf(1), 'all')
    await settled()
    expect(history.read?.fromMs).toBeLessThanOrEqual(beganMs)
    expect(history.read?.fromMs).toBeGreaterThan(beganMs - HOUR_MS / 2)
  })

  it('shows a minute at least, and the whole range of a thing without readings', async () => {
    const young = new HistoryState(peerWith(NOW_MS - 3000), () => NOW_MS, 360)
    young.refresh(keyOf(1), '1h')
    const empty = new HistoryState(peerWith(NOW_MS), () => NOW_MS, 360)
    empty.refresh(keyOf(1), '24h')
    await settled()
    expect(young.read?.fromMs).toBe(NOW_MS - 60_000)
    expect(empty.read?.fromMs).toBe(NOW_MS - 24 * HOUR_MS)
  })

  it('reads again at most once in two seconds however often it is asked, and at once for another range', async () => {
    const peer = peerWith(NOW_MS - 2 * HOUR_MS)
    const history = new HistoryState(peer, () => NOW_MS, 360)
    for (let i = 0; i < 20; i++) {
      history.refresh(keyOf(1), '1h')
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(peer.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(peer.asked).toHaveLength(2)
    history.refresh(keyOf(1), '24h')
    await settled()
    expect(history.read?.fromMs).toBeLessThanOrEqual(NOW_MS - 2 * HOUR_MS)
    history.stop()
  })

  describe('of a long time', () => {
    const TAKES_MS = 3000
    /** A peer that takes its time, and a clock beside it. */
    function slow() {
      const peer = peerWith(NOW_MS - 2 * HOUR_MS)
      const beganMs = Date.now()
      const readHistory = async (query: HistoryQuery, options: CallOptions = {}) => {
        const history = await peer.readHistory(query, options)
        await new Promise((resolve) => setTimeout(resolve, TAKES_MS))
        if (options.signal?.aborted) throw new ApiError('cancelled', 'Cancelled.')
        return history
      }
      const history = new HistoryState({ readHistory }, () => NOW_MS + Date.now() - beganMs, 360)
      return { asked: peer.asked, history }
    }

    /** As snapshots do while blocks come in. */
    async function grow(history: HistoryState, forMs: number): Promise<void> {
      for (let ms = 0; ms < forMs; ms += 100) {
        history.refresh(keyOf(1), '1h')
        await vi.advanceTimersByTimeAsync(100)
      }
    }

    it('is read to its end however fast it grows', async () => {
      const { asked, history } = slow()
      await grow(history, TAKES_MS + 100)
      expect(asked).toHaveLength(1)
      expect(history.read).toBeDefined()
      history.stop()
    })

    it('is read again, and takes a tenth of the time for it', async () => {
      const { asked, history } = slow()
      await grow(history, 9 * TAKES_MS)
      expect(asked).toHaveLength(1)
      await grow(history, 9 * TAKES_MS)
      expect(asked).toHaveLength(2)
      history.stop()
    })

    it('is read at once where another range is asked for', async () => {
      const { asked, history } = slow()
      await grow(history, 2 * TAKES_MS)
      history.refresh(keyOf(1), '24h')
      await settled()
      expect(asked.at(-1)?.fromMs).toBeLessThan(NOW_MS - 2 * HOUR_MS)
      history.stop()
    })
  })

  it('says what is wrong, and forgets it when the next reading works', async () => {
    const peer = peerWith(NOW_MS - 2 * HOUR_MS)
    let broken = true
    const readHistory = (query: HistoryQuery) =>
      broken ? Promise.reject(new ApiError('failed', 'It broke.')) : peer.readHistory(query)
    const history = new HistoryState({ readHistory }, () => NOW_MS, 360)
    history.refresh(keyOf(1), '1h')
    await settled()
    expect(history.failure).toBe('It broke.')
    broken = false
    history.refresh(keyOf(1), '1h')
    await vi.advanceTimersByTimeAsync(2000)
    expect(history.failure).toBeUndefined()
  })
})
