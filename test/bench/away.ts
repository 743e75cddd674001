/**
 * How long a peer that was away takes to be equal again: two devices of one network, one its only validator. One tab is
 * closed, the other device logs blocks and commits them, the tab is opened again. Production build, Chromium, WebRTC
 * between the two on one machine, whose cores they share.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import assert from 'node:assert/strict'
import { recordRtc } from '../browser/harness/rtc.ts'
import { startAppServer, startRelay } from '../browser/harness/server.ts'
import type { Snapshot, StreamKey } from '../../src/node/api.ts'
import { decodeHead } from '../../src/store/ledger-record.ts'
import { directBytes, takeWatched, watchPage } from './away-page.ts'
import { builtApp } from './built-app.ts'
import { joinOwnNetwork, newDevice, tabOf } from './device.ts'
import { median } from './median.ts'

/** Devices that come back to each, one after the other. */
const VISITORS = 3

/** A thing that is read each second has so many readings in a block, which is five seconds of it. */
const READINGS_PER_BLOCK = 5

/** Two things that are, in a round of thirty seconds. */
const BLOCKS_PER_ROUND = 12

/** Blocks logged to find out how fast that goes. */
const PACE_BLOCKS = 200

/** Blocks logged by one call into the page. */
const BLOCKS_PER_CALL = 1000

/** What one return measured; medians. Times in milliseconds. */
export interface AwayBench {
  /** Blocks that came, proposals among them, and the commits they are in. */
  readonly blocks: number
  readonly commits: number
  /** From opening the tab to the direct connection. */
  readonly connectMs: number
  /** From there until all blocks are stored and the newest commit is the other's. */
  readonly equalMs: number
  readonly blocksPerSecond: number
  /** Bytes the direct connection carried both ways for each block. */
  readonly bytesPerBlock: number
  /** Of them the block's own. */
  readonly storedPerBlock: number
  /** See away-page.ts; from the direct connection on. */
  readonly longestTaskMs: number
  readonly longestGapMs: number
  /** The same of the page of who was asked. */
  readonly otherTaskMs: number
  readonly otherGapMs: number
}

/** A device that was in the network once. */
interface Visitor {
  readonly context: BrowserContext
  /** Blocks it held when it left, and its newest commit. */
  readonly blocks: number
  readonly index: number
}

/** Has devices leave, logs blocks, and measures how each comes back; a row for each of `counts`, numbers of blocks. */
export async function benchAway(browser: Browser, counts: readonly number[]): Promise<readonly AwayBench[]> {
  const relay = await startRelay()
  const app = await startAppServer({ folder: await builtApp(), relays: [relay.multiaddr] })
  const contexts: BrowserContext[] = []
  const newContext = async () => {
    const context = await newDevice(browser)
    await context.addInitScript(recordRtc)
    await context.addInitScript(watchPage)
    contexts.push(context)
    return context
  }
  try {
    const staying = await tabOf(await newContext(), app.url)
    const invitation = await joinOwnNetwork(staying, roundsOf(await paceOf(staying)))
    const thing = await staying.evaluate(() => weftTest.api.addThing({ name: 'Strap', kind: 'heart-rate' }))
    const rows: AwayBench[] = []
    let logged = 0
    for (const count of counts) {
      const visitors: Visitor[] = []
      for (let each = 0; each < VISITORS; each++)
        visitors.push(await visit(await newContext(), app.url, invitation, staying))
      await logBlocks(staying, thing, count)
      logged += count
      const all = await committed(staying, logged)
      const runs: AwayBench[] = []
      for (const visitor of visitors) {
        runs.push(await comeBack(visitor, app.url, staying, all))
        await visitor.context.close()
      }
      rows.push(medians(runs))
    }
    return rows
  } finally {
    for (const context of contexts) await context.close()
    await app.stop()
    await relay.stop()
  }
}

/** Rounds for a device that logs a block so often: as much faster as the blocks are, and commits as large. */
function roundsOf(blockMs: number) {
  return { minRoundMs: 1, dataRoundMs: Math.ceil(BLOCKS_PER_ROUND * blockMs) }
}

/** Milliseconds in which the device logs a block, in a network left again. */
async function paceOf(page: Page): Promise<number> {
  await joinOwnNetwork(page, roundsOf(1))
  const thing = await page.evaluate(() => weftTest.api.addThing({ name: 'Watch', kind: 'heart-rate' }))
  const beganMs = performance.now()
  await logBlocks(page, thing, PACE_BLOCKS)
  return (performance.now() - beganMs) / PACE_BLOCKS
}

/** A device joins, is equal, and its tab is closed. */
async function visit(
  context: BrowserContext,
  url: string,
  invitation: string,
  staying: Page,
): Promise<Visitor> {
  const page = await tabOf(context, url)
  await page.evaluate((text) => weftTest.api.join({ invitation: text }), invitation)
  const all = await staying.evaluate(() => weftTest.snapshot(() => true))
  const { storage, network } = await equalWith(page, all)
  await leave(page, staying)
  return { context, blocks: storage.blocks, index: network.order.index }
}

async function leave(page: Page, staying: Page): Promise<void> {
  await page.close({ runBeforeUnload: true })
  await staying.evaluate(() => weftTest.snapshot(({ network }) => network.peers.length === 0))
}

async function logBlocks(page: Page, thing: StreamKey, count: number): Promise<void> {
  for (let left = count; left > 0; left -= BLOCKS_PER_CALL)
    await page.evaluate(
      async ({ key, blocks, perBlock }) => {
        for (let made = 0; made < blocks; made++) {
          const readings = Array.from({ length: perBlock }, (_, i) => ({
            quantity: 'heart-rate' as const,
            unit: 'beat/min' as const,
            value: 60 + ((made + i) % 70),
            atMs: Date.now() + i,
          }))
          await weftTest.api.logReadings({ thing: key, readings })
          await weftTest.api.flush({ thing: key })
        }
      },
      { key: thing, blocks: Math.min(left, BLOCKS_PER_CALL), perBlock: READINGS_PER_BLOCK },
    )
}

/** What the device holds once all the blocks of its one thing, so many, are committed: it is at rest then. */
function committed(page: Page, count: number): Promise<Snapshot> {
  return page.evaluate(
    (total) => weftTest.snapshot(({ things }) => things.some(({ blocks }) => blocks.committed === total)),
    count,
  )
}

/** The page's snapshot once it holds as many blocks and commits as another that is at rest. */
function equalWith(page: Page, { storage, network }: Snapshot): Promise<Snapshot> {
  return page.evaluate(
    ({ blocks, index }) =>
      weftTest.snapshot(
        (mine) =>
          mine.storage.waitingBlocks === 0 &&
          mine.storage.blocks >= blocks &&
          mine.network.order.index >= index,
      ),
    { blocks: storage.blocks, index: network.order.index },
  )
}

async function comeBack(visitor: Visitor, url: string, staying: Page, all: Snapshot): Promise<AwayBench> {
  await takeWatched(staying)
  const page = await visitor.context.newPage()
  await page.goto(url)
  const { storage, network } = await equalWith(page, all)
  const equalAtMs = await page.evaluate(() => performance.timeOrigin + performance.now())
  const watched = await takeWatched(page)
  const other = await takeWatched(staying)
  const bytes = await directBytes(page)
  const held = await staying.evaluate(() => weftTest.snapshot(() => true))
  assert.equal(storage.blocks, held.storage.blocks)
  assert.equal(await newestDigest(page, network.id), await newestDigest(staying, network.id))
  await leave(page, staying)
  const { openedAtMs, connectedAtMs = Number.NaN } = watched
  const blocks = storage.blocks - visitor.blocks
  return {
    blocks,
    commits: network.order.index - visitor.index,
    connectMs: connectedAtMs - openedAtMs,
    equalMs: equalAtMs - connectedAtMs,
    blocksPerSecond: (1000 * blocks) / (equalAtMs - connectedAtMs),
    bytesPerBlock: bytes / blocks,
    storedPerBlock: storage.bytes / storage.blocks,
    longestTaskMs: watched.longestTaskMs,
    longestGapMs: watched.longestGapMs,
    otherTaskMs: other.longestTaskMs,
    otherGapMs: other.longestGapMs,
  }
}

/** The digest of the newest commit in the page's storage. */
async function newestDigest(page: Page, network: string): Promise<string> {
  const bytes = await page.evaluate(
    (name) =>
      new Promise<number[]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => reject(new Error(String(opening.error)))
        opening.onsuccess = () => {
          const reading = opening.result.transaction('head').objectStore('head').get(0)
          reading.onerror = () => reject(new Error(String(reading.error)))
          reading.onsuccess = () => {
            opening.result.close()
            resolve([...(reading.result as Uint8Array)])
          }
        }
      }),
    `weft-${network.slice(0, 16)}-ledger`,
  )
  return decodeHead(Uint8Array.from(bytes)).head.digest
}

function medians(runs: readonly AwayBench[]): AwayBench {
  const of = (figure: keyof AwayBench) => Math.round(median(runs.map((run) => run[figure])))
  return {
    blocks: of('blocks'),
    commits: of('commits'),
    connectMs: of('connectMs'),
    equalMs: of('equalMs'),
    blocksPerSecond: of('blocksPerSecond'),
    bytesPerBlock: of('bytesPerBlock'),
    storedPerBlock: of('storedPerBlock'),
    longestTaskMs: of('longestTaskMs'),
    longestGapMs: of('longestGapMs'),
    otherTaskMs: of('otherTaskMs'),
    otherGapMs: of('otherGapMs'),
  }
}
