/**
 * Chromium is killed with SIGKILL at seeded moments while it logs. What the app had acknowledged as stored is there
 * after each restart.
 */
import { expect, test, type Page } from '@playwright/test'
import type { StreamKey } from '../../src/node/api.ts'
import { clientScript } from './harness/client.ts'
import { heldBlocks, openReadings } from './harness/held.ts'
import { newProfile, openProfile } from './harness/profile.ts'
import { seeded } from './harness/seeded.ts'
import { startAppServer } from './harness/server.ts'

const KILLS = 50
const SEED = 20_240_607

/** A kill comes after fewer acknowledged blocks than this, none included, and some time into the next one. */
const ACKNOWLEDGED_BEFORE_KILL = 4

/** Longer than mining and storing one block takes, so that every part of it is met. */
const KILL_DELAY_MS_MAX = 500

/** Fifty starts of a browser on a shared machine. */
const TIMEOUT_MS = 15 * 60_000

declare global {
  /** Tells the test that the readings up to this time are acknowledged as stored. */
  var acknowledged: (atMs: number) => Promise<void>
}

/** Starts the app's page and waits for its peer. */
async function visit(page: Page, url: string): Promise<void> {
  await page.addInitScript({ content: await clientScript() })
  await page.goto(url)
  await page.evaluate(() => weftTest.snapshot(() => true))
}

/** Logs one reading after another, each in a block of its own, for as long as the page lives. */
function logForEver(thing: StreamKey): void {
  const run = async (): Promise<never> => {
    for (;;) {
      const atMs = Date.now()
      await weftTest.api.logReadings({
        thing,
        readings: [{ quantity: 'temperature', unit: 'Cel', value: 20, atMs }],
      })
      await weftTest.api.flush({ thing })
      await globalThis.acknowledged(atMs)
    }
  }
  void run()
}

test('every acknowledged block survives fifty kills', async () => {
  test.setTimeout(TIMEOUT_MS)
  const random = seeded(SEED)
  const app = await startAppServer()
  const profile = await newProfile()
  const acknowledged = new Set<number>()
  let onAcknowledged = (): void => undefined
  let thing: StreamKey | undefined
  let blocks = 0

  for (let round = 0; round <= KILLS; round++) {
    const browser = await openProfile(profile.folder)
    const { context, page } = browser
    await context.exposeFunction('acknowledged', (atMs: number) => {
      acknowledged.add(atMs)
      onAcknowledged()
    })
    await visit(page, app.url)
    const { network, storage } = await page.evaluate(() => weftTest.snapshot(() => true))
    const held = await heldBlocks(page, network.id)
    const stored = new Set([...held.values()].flatMap(openReadings).map(({ atMs }) => atMs))
    const lost = [...acknowledged].filter((atMs) => !stored.has(atMs))
    expect(lost, `lost after kill ${round} of seed ${SEED}`).toEqual([])
    expect(storage.damaged, `records damaged by kill ${round}`).toBe(0)
    expect(held.size).toBeGreaterThanOrEqual(blocks)
    blocks = held.size

    if (round === KILLS) {
      await context.close()
      break
    }
    thing ??= await page.evaluate(async () => {
      const key = await weftTest.api.addThing({ name: 'Barn', kind: 'simulated' })
      await weftTest.api.shareThing({ thing: key, open: true })
      return key
    })
    const enough = acknowledged.size + Math.floor(random() * ACKNOWLEDGED_BEFORE_KILL)
    await page.evaluate(logForEver, thing)
    while (acknowledged.size < enough) {
      await new Promise<void>((resolve) => {
        onAcknowledged = resolve
      })
    }
    // The moment is what is tested: it may fall before, within or after any write.
    await new Promise((resolve) => setTimeout(resolve, random() * KILL_DELAY_MS_MAX))
    await browser.kill()
  }

  await app.stop()
  await profile.remove()
})
