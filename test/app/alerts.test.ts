import { describe, expect, it } from 'vitest'
import { AlertsState } from '../../src/app/state/alerts.ts'
import type { FiredAlert, ThingView } from '../../src/node/api.ts'
import { keyOf, thingWith } from './views.ts'

const HOT: FiredAlert = { rule: { quantity: 'temperature', type: 'over', value: 30 }, sinceMs: 0 }
const STILL: FiredAlert = { rule: { quantity: 'temperature', type: 'stale', afterMs: 60_000 }, sinceMs: 0 }

const things = (...alerts: readonly FiredAlert[]): readonly ThingView[] => [thingWith({ alerts })]

/** A tab, with what it told and what it would remember over a reload. */
function tab(remembered: readonly string[] = []) {
  const told: string[] = []
  const clock = { nowMs: 1_000_000 }
  let kept: readonly string[] = remembered
  const alerts = new AlertsState({
    now: () => clock.nowMs,
    tell: ({ name }, { type }) => told.push(`${name} ${type}`),
    remembered,
    remember: (tags) => (kept = tags),
  })
  return { alerts, told, clock, kept: () => kept }
}

describe('alerts', () => {
  it('are told once while they hold, in however many snapshots and for however long', () => {
    const { alerts, told, clock } = tab()
    for (let i = 0; i < 10; i++) {
      alerts.follow(things(HOT))
      clock.nowMs += 3_600_000
    }
    expect(told).toEqual(['Thing over'])
  })

  it('are told again when they hold again later, and not when a value sits on its limit', () => {
    const { alerts, told, clock } = tab()
    for (let i = 0; i < 20; i++) {
      alerts.follow(things(HOT))
      clock.nowMs += 1000
      alerts.follow(things())
      clock.nowMs += 1000
    }
    expect(told).toHaveLength(1)
    clock.nowMs += 61_000
    alerts.follow(things(HOT))
    expect(told).toHaveLength(2)
  })

  it('are each told, of each thing', () => {
    const { alerts, told } = tab()
    alerts.follow(things(HOT))
    alerts.follow([
      thingWith({ alerts: [HOT, STILL] }),
      thingWith({ key: keyOf(2), name: 'Other', alerts: [HOT] }),
    ])
    expect(told).toEqual(['Thing over', 'Thing stale', 'Other over'])
  })

  it('that go on over a reload are not told anew', () => {
    const before = tab()
    before.alerts.follow(things(HOT))
    const after = tab(before.kept())
    after.alerts.follow(things())
    after.clock.nowMs += 2000
    after.alerts.follow(things(HOT, STILL))
    expect(after.told).toEqual(['Thing stale'])
  })

  it('are forgotten once they are over', () => {
    const { alerts, clock, kept } = tab()
    alerts.follow(things(HOT))
    alerts.follow(things())
    clock.nowMs += 61_000
    alerts.follow(things(STILL))
    expect(kept()).toHaveLength(1)
  })
})
