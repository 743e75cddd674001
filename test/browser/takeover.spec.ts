/**
 * The tab that leads is closed while it logs. Another tab of the same browser takes over the peer and the sensor, and
 * what had been acknowledged as stored is there.
 */
import type { Page } from '@playwright/test'
import type { StreamKey } from '../../src/node/api.ts'
import { heldBlocks, openReadings, streamRecord } from './harness/held.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

/** What a simulated thing is called when nobody names it. */
const NAME = 'Simulated room'

/** Acknowledgements before the tab is closed, each of at least one reading in a block. */
const ACKNOWLEDGED_BEFORE_CLOSE = 4

/** Readings the other tab then has to bring: one might be an echo, three are a feed. */
const READINGS_AFTER = 3

declare global {
  /** Tells the test that the reading of this time is acknowledged as stored. */
  var readingAcknowledged: (atMs: number) => Promise<void>
}

/** The clients (tabs and workers) that hold a lock and that wait for it. */
interface Queue {
  readonly held: readonly string[]
  readonly pending: readonly string[]
}

/** Who wants the lock of this name, over all tabs of the browser. Asked in `page`. */
function queueOf(page: Page, lock: string): Promise<Queue> {
  return page.evaluate(async (name) => {
    const locks = await navigator.locks.query()
    const clients = (infos: readonly LockInfo[] = []): string[] =>
      infos.filter((info) => info.name === name).map(({ clientId = '' }) => clientId)
    return { held: clients(locks.held), pending: clients(locks.pending) }
  }, lock)
}

/** Waits for a reading of `thing` newer than `afterMs`; resolves with its time. */
function readingAfter(page: Page, thing: StreamKey, afterMs: number): Promise<number> {
  return page.evaluate(
    async ([key, after]) => {
      let newest = after
      await weftTest.snapshot(({ things }) => {
        newest = things.find((one) => one.key === key)?.latest[0]?.atMs ?? after
        return newest > after
      })
      return newest
    },
    [thing, afterMs] as const,
  )
}

/** Runs in the page: makes a block of what its sensor has measured, again and again, for as long as the page lives. */
function flushForEver(thing: StreamKey): void {
  const run = async (): Promise<never> => {
    // What is measured from now on is open, so that the test can read it in the blocks.
    let atMs = Date.now()
    for (;;) {
      await weftTest.snapshot(({ things }) => {
        const newest = things.find(({ key }) => key === thing)?.latest[0]?.atMs ?? 0
        const accepted = newest > atMs
        if (accepted) atMs = newest
        return accepted
      })
      await weftTest.api.flush({ thing })
      await globalThis.readingAcknowledged(atMs)
    }
  }
  void run()
}

/** Opens the thing's readings to all and has `peer`'s tab store them; resolves once enough are acknowledged. */
async function logOpenly(peer: Peer, thing: StreamKey): Promise<ReadonlySet<number>> {
  const acknowledged = new Set<number>()
  const enough = Promise.withResolvers<void>()
  await peer.page.exposeFunction('readingAcknowledged', (atMs: number) => {
    acknowledged.add(atMs)
    if (acknowledged.size === ACKNOWLEDGED_BEFORE_CLOSE) enough.resolve()
  })
  await peer.page.evaluate((key) => weftTest.api.shareThing({ thing: key, open: true }), thing)
  await peer.page.evaluate(flushForEver, thing)
  await enough.promise
  return acknowledged
}

test('a second tab takes over from one that is closed while it logs', async ({ stage }) => {
  const first = await stage.peer((await stage.app()).url)
  await first.addThing('Simulated')
  await expect(first.value(NAME)).toHaveText(/\d/)
  const second = await stage.tab(first)
  const { page } = second
  const state = second.card(NAME).getByTestId('thing-state')
  const { device, network, things } = await second.snapshot()
  const thing = things[0]?.key ?? ''
  const locks = ['weft-peer', `weft-sensor:${thing}`]

  await test.step('both show the thing, and one leads and feeds it', async () => {
    await expect(first.card(NAME).getByTestId('thing-state')).toHaveText('live')
    await expect(state).toHaveText('live in another tab')
    await expect(second.value(NAME)).toHaveText(/\d/)
  })

  const queues = (): Promise<readonly Queue[]> => Promise.all(locks.map((lock) => queueOf(page, lock)))
  await expect
    .poll(async () => (await queues()).map(({ held, pending }) => [held.length, pending.length]))
    .toEqual(locks.map(() => [1, 1]))
  const before = await queues()
  const acknowledged = await logOpenly(first, thing)
  const idsBefore = [...(await heldBlocks(page, network.id)).keys()]

  await test.step('the tab that leads is closed while a reading waits for its block', async () => {
    await page.evaluate(
      (key) => weftTest.snapshot((now) => now.things.some((one) => one.key === key && one.waiting > 0)),
      thing,
    )
    await first.page.close()
    await expect.poll(queues).toEqual(before.map(({ pending }) => ({ held: pending, pending: [] })))
  })

  const fresh: number[] = []
  await test.step('the other goes on with the live values', async () => {
    let newest = await readingAfter(page, thing, Math.max(...acknowledged))
    while (fresh.length < READINGS_AFTER) fresh.push((newest = await readingAfter(page, thing, newest)))
    await expect(state).toHaveText('live')
    await expect(second.card(NAME)).toContainText(/\bnow\b/)
    await expect(second.notice()).toHaveCount(0)
  })

  await test.step('it issues blocks, and all that was acknowledged is there once', async () => {
    await page.evaluate((key) => weftTest.api.flush({ thing: key }), thing)
    const held = await heldBlocks(page, network.id)
    const stored = [...held.values()].flatMap(openReadings).map(({ atMs }) => atMs)
    expect([...acknowledged, ...fresh].filter((atMs) => !stored.includes(atMs))).toEqual([])
    expect(stored).toHaveLength(new Set(stored).size)

    expect(idsBefore.filter((id) => !held.has(id))).toEqual([])
    const issued = [...held.values()].filter(({ id }) => !idsBefore.includes(id))
    expect(issued.flatMap(openReadings).map(({ atMs }) => atMs)).toEqual(expect.arrayContaining(fresh))
    const places = [...held.values()].map(streamRecord).map(({ epoch, index }) => `${epoch}/${index}`)
    expect(places).toHaveLength(new Set(places).size)

    const after = await second.snapshot()
    expect(after.storage.damaged).toBe(0)
    expect([after.device, after.network.id, after.things.length]).toEqual([device, network.id, 1])
  })
})
