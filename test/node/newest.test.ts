import { describe, expect, it } from 'vitest'
import type { StreamKey } from '../../src/node/api.ts'
import { measured } from '../../src/reading/measured.ts'
import { type AlertRule, DEFAULT_SETTINGS } from '../../src/reading/thing-settings.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'
import { HOUR_MS, strap } from './make-strap.ts'

const YEAR_MS = 365 * 24 * HOUR_MS

let world: World
eachWithWorld((made) => (world = made))

async function save({ peer }: TestPeer, thing: StreamKey, quantity: string, value: number, aheadMs = 0) {
  const readings = [measured(quantity, value, world.clock.nowMs() + aheadMs)]
  await peer.logReadings({ thing, readings })
  await peer.flush({ thing })
  await world.quiet()
}

async function watched(rule: AlertRule) {
  const [a, thing] = await strap(world)
  await a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, alerts: [rule] } })
  return [a, thing] as const
}

async function restart(a: TestPeer): Promise<void> {
  await a.peer.stop()
  await world.openPeer(a)
}

const rulesOf = (a: TestPeer) => a.snapshot().things[0]?.alerts?.map(({ rule }) => rule) ?? []

describe('After a restart', () => {
  it('an alert holds on about a quantity that fell silent while others went on', async () => {
    const rule = { type: 'stale', quantity: 'temperature', afterMs: 60_000 } as const
    const [a, thing] = await watched(rule)
    await save(a, thing, 'temperature', 20)
    for (let minute = 0; minute < 3; minute++) {
      world.clock.advance(60_000)
      await save(a, thing, 'humidity', 50 + minute)
    }
    expect(rulesOf(a)).toEqual([rule])
    await restart(a)
    expect(rulesOf(a)).toEqual([rule])
    expect(a.snapshot().things[0]?.latest).toMatchObject([
      { quantity: 'humidity', value: 52 },
      { quantity: 'temperature', value: 20 },
    ])
  })

  it('one reading of a clock that was ahead hides nothing, and no silence', async () => {
    const rule = { type: 'stale', quantity: 'heart-rate', afterMs: 60_000 } as const
    const [a, thing] = await watched(rule)
    await save(a, thing, 'heart-rate', 99, YEAR_MS)
    await save(a, thing, 'heart-rate', 60)
    world.clock.advance(48 * HOUR_MS)
    await restart(a)
    expect(a.snapshot().things[0]?.latest).toMatchObject([{ value: 60 }])
    expect(rulesOf(a)).toEqual([rule])
  })

  it('a reading of a clock that was ahead is shown where there is no other', async () => {
    const [a, thing] = await strap(world)
    await save(a, thing, 'heart-rate', 99, YEAR_MS)
    await restart(a)
    expect(a.snapshot().things[0]?.latest).toMatchObject([{ value: 99 }])
  })
})
