import { describe, expect, it } from 'vitest'
import { freeSpace, planOf } from '../../src/app/free-space.ts'
import { freedWords } from '../../src/app/settings-words.ts'
import type { ThingView } from '../../src/node/api.ts'
import { keyOf, thingWith } from './views.ts'

const DAY_MS = 86_400_000
const blocks = { total: 4, hereOnly: 1, newestHeldBy: 1, committed: 4, newestCommitted: true }
const kept = { keepMs: 7 * DAY_MS } as NonNullable<ThingView['settings']>

const THINGS = [
  thingWith({ key: keyOf(1), blocks, settings: kept }),
  thingWith({ key: keyOf(2), blocks }),
  thingWith({ key: keyOf(3), blocks, mine: false, settings: kept }),
  thingWith({ key: keyOf(4), settings: kept }),
]

const reached = (plan: ReturnType<typeof planOf>) => plan.map(({ thing, beforeMs }) => [thing.key, beforeMs])

describe('making room', () => {
  it('goes by what each thing is set to keep, and lets those be that keep all', () => {
    expect(reached(planOf('settings', THINGS, 10 * DAY_MS))).toEqual([[keyOf(1), 3 * DAY_MS]])
  })

  it('goes by age, for all of one’s own that have anything', () => {
    expect(reached(planOf('month', THINGS, 40 * DAY_MS))).toEqual([
      [keyOf(1), 10 * DAY_MS],
      [keyOf(2), 10 * DAY_MS],
    ])
  })

  it('deletes thing by thing, and says how far it has got', async () => {
    const asked: string[] = []
    const told: number[] = []
    const api = {
      deleteHistory: async ({ thing }: { thing: string }) => {
        asked.push(thing)
        return { blocks: 2, left: 1 }
      },
    }
    const freed = await freeSpace(api, planOf('month', THINGS, 0), { onProgress: (done) => told.push(done) })
    expect(freed).toEqual({ blocks: 4, left: 2, notReached: 0 })
    expect(asked).toEqual([keyOf(1), keyOf(2)])
    expect(told).toEqual([0.5, 1])
  })

  it('stops between two things when it is cancelled, and says what was done', async () => {
    const abort = new AbortController()
    const api = {
      deleteHistory: async () => {
        abort.abort()
        return { blocks: 2, left: 0 }
      },
    }
    const freed = await freeSpace(api, planOf('month', THINGS, 0), { signal: abort.signal })
    expect(freed).toEqual({ blocks: 2, left: 0, notReached: 1 })
    expect(freedWords(freed)).toBe('What was in 2 blocks is gone from this device. 1 thing left as before.')
  })
})
