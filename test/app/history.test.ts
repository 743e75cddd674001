import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HistoryState } from '../../src/app/state/history.svelte.ts'
import { ApiError, type CallOptions, type History, type HistoryQuery } from '../../src/node/api.ts'
import { sampleReadings } from '../../src/stream/series.ts'
import { keyOf } from './views.ts'

const HOUR_MS = 3_600_000
const NOW_MS = Date.UTC(2026, 4, 3)

/** A peer with a thing that spoke every ten seconds from `fromMs` to `NOW_MS`; it notes what it is asked. */
function peerWith(fromMs: number) {
  const readings = Array.from({ length: (NOW_MS - fromMs) / 10_000 }, (_, i) => ({
    quantity: 'temperature',
    unit: 'Cel',
    value: 20,
    atMs: fromMs + i * 10_000,
  }))
  const asked: HistoryQuery[] = []
  const readHistory = (query: HistoryQuery, options: CallOptions = {}): Promise<History> => {
    asked.push(query)
    if (options.signal?.aborted) return Promise.reject(new ApiError('cancelled', 'Cancelled.'))
    return Promise.resolve({ series: sampleReadings(readings, query), readings: readings.length, missing: 0 })
  }
  return { asked, readHistory }
}

const historyOf = (peer: Pick<ReturnType<typeof peerWith>, 'readHistory'>) =>
  new HistoryState(peer, keyOf(1), () => NOW_MS)

const settled = () => vi.advanceTimersByTimeAsync(0)

describe('the history of a thing', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('reads what is shown first, and what is around it after', async () => {
    const peer = peerWith(NOW_MS - 9 * HOUR_MS)
    const history = historyOf(peer)
    history.choose('1h')
    await settled()
    expect(peer.asked[0]).toMatchObject({ fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS })
    expect(history.shown).toEqual({ fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS })
    expect(history.read?.fromMs).toBeLessThanOrEqual(NOW_MS - 3 * HOUR_MS)
    history.stop()
  })

  it('fills the chart of an hour with a thing of five minutes', async () => {
    const beganMs = NOW_MS - 300_000
    const history = historyOf(peerWith(beganMs))
    history.choose('1h')
    await settled()
    expect(history.shown?.fromMs).toBeLessThanOrEqual(beganMs)
    expect(history.shown?.fromMs).toBeGreaterThan(beganMs - 60_000)
    history.stop()
  })

  it('starts "all" near the first reading and not in 1970', async () => {
    const beganMs = NOW_MS - 2 * HOUR_MS
    const history = historyOf(peerWith(beganMs))
    history.choose('all')
    await settled()
    expect(history.shown?.fromMs).toBeLessThanOrEqual(beganMs)
    expect(history.shown?.fromMs).toBeGreaterThan(beganMs - HOUR_MS / 2)
    expect(history.limits.fromMs).toBeGreaterThan(beganMs - HOUR_MS / 2)
    history.stop()
  })

  it('shows a minute at least, and the whole range of a thing without readings', async () => {
    const young = historyOf(peerWith(NOW_MS - 20_000))
    young.choose('1h')
    const empty = historyOf(peerWith(NOW_MS))
    empty.choose('24h')
    await settled()
    expect(young.shown).toEqual({ fromMs: NOW_MS - 60_000, toMs: NOW_MS })
    expect(empty.shown).toEqual({ fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS })
  })

  it('reads again at most once in two seconds however often it is told of news, and at once for another range', async () => {
    const peer = peerWith(NOW_MS - 9 * HOUR_MS)
    const history = historyOf(peer)
    history.choose('1h')
    await settled()
    const first = peer.asked.length
    for (let i = 0; i < 20; i++) {
      history.refresh()
      await vi.advanceTimersByTimeAsync(99)
    }
    expect(peer.asked).toHaveLength(first)
    await vi.advanceTimersByTimeAsync(20)
    const second = peer.asked.length
    expect(second).toBeGreaterThan(first)
    history.choose('24h')
    expect(peer.asked).toHaveLength(second + 1)
    history.stop()
  })

  describe('moved by hand', () => {
    async function shown() {
      const peer = peerWith(NOW_MS - 40 * HOUR_MS)
      const history = historyOf(peer)
      history.choose('1h')
      await settled()
      const asked = peer.asked.length
      const back = (hours: number) =>
        history.move({ fromMs: NOW_MS - (hours + 1) * HOUR_MS, toMs: NOW_MS - hours * HOUR_MS })
      return { peer, history, asked, back }
    }

    it('asks for nothing while it moves inside what was read', async () => {
      const { peer, history, asked, back } = await shown()
      for (let i = 1; i <= 60; i++) back(i / 60)
      expect(peer.asked).toHaveLength(asked)
      expect(history.following).toBe(false)
      expect(history.range).toBe('1h')
      history.stop()
    })

    it('asks once for what comes next, however many frames pass meanwhile', async () => {
      const { peer, history, asked, back } = await shown()
      for (let i = 0; i <= 60; i++) back(1 + i / 30)
      expect(peer.asked).toHaveLength(asked + 1)
      await settled()
      expect(history.read?.fromMs).toBeLessThanOrEqual(NOW_MS - 5 * HOUR_MS)
      history.stop()
    })

    it('lets what goes by it follow once it rests', async () => {
      const { history, back } = await shown()
      back(5)
      await vi.advanceTimersByTimeAsync(100)
      expect(history.shown?.toMs).toBe(NOW_MS)
      await vi.advanceTimersByTimeAsync(200)
      expect(history.shown?.toMs).toBe(NOW_MS - 5 * HOUR_MS)
      history.stop()
    })

    it('stays in the past while readings come in, until it is to follow now again', async () => {
      const { peer, history, back } = await shown()
      back(20)
      await vi.advanceTimersByTimeAsync(300)
      const asked = peer.asked.length
      history.refresh()
      await vi.advanceTimersByTimeAsync(10_000)
      expect(peer.asked).toHaveLength(asked)
      history.follow()
      await settled()
      expect(history.following).toBe(true)
      expect(history.shown).toEqual({ fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS })
      history.stop()
    })

    it('is of no range any more once it is zoomed, and follows with its new length', async () => {
      const { history } = await shown()
      history.move({ fromMs: NOW_MS - HOUR_MS / 2, toMs: NOW_MS })
      await vi.advanceTimersByTimeAsync(300)
      expect(history.range).toBeUndefined()
      expect(history.following).toBe(true)
      history.follow()
      await settled()
      expect(history.shown).toEqual({ fromMs: NOW_MS - HOUR_MS / 2, toMs: NOW_MS })
      history.stop()
    })
  })

  it('is read to its end however fast it grows, and takes a tenth of the time for it', async () => {
    const TAKES_MS = 1000
    const peer = peerWith(NOW_MS - 9 * HOUR_MS)
    const beganMs = Date.now()
    const readHistory = async (query: HistoryQuery, options: CallOptions = {}) => {
      const history = await peer.readHistory(query, options)
      await new Promise((resolve) => setTimeout(resolve, TAKES_MS))
      if (options.signal?.aborted) throw new ApiError('cancelled', 'Cancelled.')
      return history
    }
    const history = new HistoryState({ readHistory }, keyOf(1), () => NOW_MS + Date.now() - beganMs)
    history.choose('1h')
    const counts: number[] = []
    for (let ms = 0; ms < 60_000; ms += 100) {
      history.refresh()
      await vi.advanceTimersByTimeAsync(100)
      counts.push(peer.asked.length)
    }
    const perRun = counts[199] ?? 0
    expect(history.read).toBeDefined()
    // the first reading, nine times its length of rest, and part of the second
    expect(perRun).toBeLessThan(8)
    expect(counts.at(-1)).toBeLessThanOrEqual(2 * perRun)
    history.stop()
  })

  it('says what is wrong, and forgets it when the next reading works', async () => {
    const peer = peerWith(NOW_MS - 2 * HOUR_MS)
    let broken = true
    const readHistory = (query: HistoryQuery) =>
      broken ? Promise.reject(new ApiError('failed', 'It broke.')) : peer.readHistory(query)
    const history = historyOf({ readHistory })
    history.choose('1h')
    await settled()
    expect(history.failure).toBe('It broke.')
    broken = false
    history.refresh()
    await vi.advanceTimersByTimeAsync(2000)
    expect(history.failure).toBeUndefined()
    history.stop()
  })

  it('begins anew after a deletion', async () => {
    const peer = peerWith(NOW_MS - 9 * HOUR_MS)
    const history = historyOf(peer)
    history.choose('all')
    await settled()
    const left = peerWith(NOW_MS - HOUR_MS)
    peer.readHistory = left.readHistory
    history.reload()
    await settled()
    expect(history.shown?.fromMs).toBeGreaterThan(NOW_MS - 1.5 * HOUR_MS)
    history.stop()
  })
})
