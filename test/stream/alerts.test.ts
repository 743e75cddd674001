import { describe, expect, it } from 'vitest'
import { measured } from '../../src/reading/measured.ts'
import type { AlertRule } from '../../src/reading/thing-settings.ts'
import { AlertWatch } from '../../src/stream/alerts.ts'

const AT_MS = 1_700_000_000_000

function watch(...rules: readonly AlertRule[]) {
  const alerts = new AlertWatch()
  alerts.set(rules)
  const rate = (value: number, atMs: number) => alerts.take([measured('heart-rate', value, AT_MS + atMs)])
  const fired = (nowMs: number) =>
    alerts.fired(AT_MS + nowMs).map(({ rule, sinceMs }) => [rule.type, sinceMs - AT_MS])
  return { alerts, rate, fired }
}

describe('A person is told', () => {
  it('when a value is over or under a line, since when, and no longer than it is', () => {
    const { rate, fired } = watch(
      { type: 'over', quantity: 'heart-rate', value: 150 },
      { type: 'under', quantity: 'heart-rate', value: 40 },
    )
    expect(fired(0)).toEqual([])
    rate(150, 0)
    expect(fired(0)).toEqual([])
    rate(151, 1000)
    expect(fired(1000)).toEqual([['over', 1000]])
    expect(fired(5000)).toEqual([['over', 1000]])
    rate(39, 6000)
    expect(fired(6000)).toEqual([['under', 6000]])
  })

  it('when nothing has come for a while, and not of what never came', () => {
    const { rate, fired } = watch({ type: 'stale', quantity: 'heart-rate', afterMs: 10_000 })
    expect(fired(1e9)).toEqual([])
    rate(60, 0)
    expect([fired(9999), fired(10_000)]).toEqual([[], [['stale', 10_000]]])
    rate(61, 11_000)
    expect(fired(11_000)).toEqual([])
  })

  it('when a value changes fast, up or down, within a minute', () => {
    const { rate, fired } = watch({ type: 'changes', quantity: 'heart-rate', perMinute: 30 })
    for (let s = 0; s < 120; s++) rate(60 + s / 5, s * 1000) // 12 a minute
    expect(fired(119_000)).toEqual([])
    rate(40, 120_000)
    expect(fired(120_000)).toEqual([['changes', 120_000]])
    expect(fired(240_000)).toEqual([])
  })

  it('nothing by what is older than what was seen, or is of another quantity', () => {
    const { alerts, rate, fired } = watch({ type: 'over', quantity: 'heart-rate', value: 100 })
    rate(60, 1000)
    rate(200, 0)
    alerts.take([measured('temperature', 500, AT_MS + 2000)])
    expect(fired(2000)).toEqual([])
  })

  it('by what comes now, where the clock was set back, and of no change that this would make', () => {
    const { alerts, rate, fired } = watch(
      { type: 'over', quantity: 'heart-rate', value: 100 },
      { type: 'changes', quantity: 'heart-rate', perMinute: 30 },
    )
    rate(60, 3_600_000)
    alerts.take([measured('heart-rate', 120, AT_MS)], AT_MS)
    expect(fired(0)).toEqual([['over', 0]])
    alerts.take([measured('heart-rate', 90, AT_MS - 1)], AT_MS)
    expect(fired(0)).toEqual([['over', 0]])
  })

  it('nothing by a reading from a clock that was far ahead, and of silence again by the next', () => {
    const { alerts, rate, fired } = watch(
      { type: 'stale', quantity: 'heart-rate', afterMs: 10_000 },
      { type: 'over', quantity: 'heart-rate', value: 100 },
    )
    rate(200, 3_600_000)
    expect(fired(0)).toEqual([])
    alerts.take([measured('heart-rate', 60, AT_MS)], AT_MS)
    expect(fired(10_000)).toEqual([['stale', 10_000]])
  })

  it('only of news', () => {
    const { alerts, rate } = watch({ type: 'over', quantity: 'heart-rate', value: 100 })
    rate(120, 0)
    const news = () => alerts.hasNews(AT_MS)
    expect([news(), news()]).toEqual([true, false])
    rate(90, 1)
    expect([news(), news()]).toEqual([true, false])
  })
})
