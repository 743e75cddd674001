/** A device with a month of one thing that is read each second, over a true browser's IndexedDB. Bundled into a page by the bench runner. */
import { Device } from '../../src/node/device.ts'
import { loadNetwork, saveNetwork } from '../../src/node/networks.ts'
import { Session } from '../../src/node/session.ts'
import { streamKeyOf } from '../../src/node/streams.ts'
import { streamIdOf, Things } from '../../src/node/things.ts'
import type { PageStore } from '../../src/ports.ts'
import {
  openBlockDatabase,
  openLedgerDatabase,
  openNoteDatabase,
  openPageDatabase,
} from '../../src/store/indexed-db.ts'
import {
  clock,
  devicePartsOf,
  keysIn,
  onceSigner,
  random,
  signedBy,
  type DeviceStores,
} from './device-parts.ts'
import { HistoryMaker } from './pipeline-history.ts'
import { openReceiver } from './pipeline-node.ts'
import { RecordMaker } from './record-maker.ts'

const MONTH_MS = 30 * 86_400_000

/** Blocks taken at a stretch, as `Receiving` has it. */
const BATCH = 256

/** The window of the engine that makes the history: enough for blocks that name the two before them. */
const MAKER_WINDOW = 1024

const NAME = 'charts'

/** Pages read at a time when they are counted. */
const PAGES_PER_READ = 256

/** Points across a chart, as the app asks for them. */
const BUCKETS = 360

/** How a history lies in the databases. */
export interface Indexed {
  readonly readings: number
  readonly blocks: number
  readonly blockBytes: number
  readonly pages: number
  readonly pageBytes: number
  /** From blocks that are all stored to the index of them, written. */
  readonly indexMs: number
}

/** What a page did that opened the device and asked for one chart. */
export interface Charted {
  readonly openMs: number
  readonly chartMs: number
  /** How many readings the chart sums up, and of how many points it is. */
  readonly readings: number
  readonly points: number
}

declare global {
  /** Makes the month, in blocks of so many readings, of which the index knows nothing yet. Resolves with when it ends. */
  var fillMonth: (readingsPerBlock: number) => Promise<number>
  /** Makes the index. */
  var indexMonth: () => Promise<Indexed>
  /** Opens the device and reads a chart of `lengthMs` up to `toMs`. The page is to be closed then. */
  var readChart: (lengthMs: number, toMs: number) => Promise<Charted>
}

globalThis.fillMonth = async (readingsPerBlock) => {
  const notes = await openNoteDatabase(`${NAME}-notes`)
  const keys = await keysIn(notes)
  const once = await onceSigner()
  const blockMs = 1000 * readingsPerBlock
  const nowMs = clock.nowMs()
  const maker = new HistoryMaker(once, nowMs - MONTH_MS, { blockMs, windowBlocksMax: MAKER_WINDOW })
  const { network } = maker
  await saveNetwork(notes, { network, relays: [] })
  const things = await Things.load(notes)
  const thing = await things.add(
    { name: 'Strap', kind: 'heart-rate', source: undefined },
    random,
    clock.nowMs(),
  )
  const owner = { keys: signedBy(once, keys), streamIds: [streamIdOf(thing)], open: false }
  const records = new RecordMaker(network.id, [owner], random, readingsPerBlock)
  const stores = await openStores()
  const { pages } = stores
  const node = await openReceiver({ ...devicePartsOf(notes, keys, stores), ...stores, network, signer: keys })
  while (maker.atMs < nowMs) {
    const batch: Uint8Array[] = []
    for (let i = 0; i < BATCH && maker.atMs < nowMs; i++)
      for (const { bytes } of await maker.next(await records.next(maker.atMs))) batch.push(bytes)
    await node.receiveAll(batch, 'peer')
  }
  await node.stop()
  await pages.close()
  await notes.close()
  return maker.atMs - blockMs // what a record says was before its block
}

globalThis.indexMonth = async () => {
  const notes = await openNoteDatabase(`${NAME}-notes`)
  const stores = await openStores()
  const entered = await loadNetwork(notes)
  if (entered === undefined) throw new Error('no network')
  const things = await Things.load(notes)
  const parts = { ...devicePartsOf(notes, await keysIn(notes), stores), things, onChanged: () => undefined }
  const startMs = performance.now()
  const session = await Session.open(parts, entered.network, [])
  await session.follower.follow()
  await session.follower.flush()
  const indexMs = performance.now() - startMs
  const { blocks, bytes: blockBytes } = stores.blocks.stats()
  const [summary] = session.index.summaries()
  const found = {
    readings: summary?.readings ?? 0,
    blocks,
    blockBytes,
    ...(await sizeOf(stores.pages)),
    indexMs,
  }
  await session.stop()
  await notes.close()
  return found
}

globalThis.readChart = async (lengthMs, toMs) => {
  const notes = await openNoteDatabase(`${NAME}-notes`)
  const keys = await keysIn(notes)
  const [thing] = (await Things.load(notes)).all()
  if (thing === undefined) throw new Error('no thing')
  const parts = devicePartsOf(notes, keys, await openStores())
  const startMs = performance.now()
  const device = await Device.open(parts)
  const openMs = performance.now() - startMs
  Object.assign(globalThis, { device }) // as long as the page is there, for its memory to be looked at
  const key = streamKeyOf(keys.publicKey, thing.streamId)
  const askedMs = performance.now()
  const asked = { thing: key, fromMs: toMs - lengthMs, toMs, buckets: BUCKETS }
  const { readings, series } = await device.readHistory(asked)
  const chartMs = performance.now() - askedMs
  return { openMs, chartMs, readings, points: series[0]?.atMs.length ?? 0 }
}

async function openStores(): Promise<DeviceStores> {
  return {
    blocks: await openBlockDatabase(NAME),
    ledger: await openLedgerDatabase(`${NAME}-ledger`),
    pages: await openPageDatabase(`${NAME}-pages`),
  }
}

/** How many pages there are, and of how many bytes. */
async function sizeOf(store: PageStore): Promise<Pick<Indexed, 'pages' | 'pageBytes'>> {
  let [pages, pageBytes] = [0, 0]
  for (let from: string | undefined = ''; from !== undefined;) {
    const found: Awaited<ReturnType<PageStore['range']>> = await store.range(from, '~', PAGES_PER_READ)
    for (const [, page] of found) pageBytes += page.length
    pages += found.length
    const last = found.at(-1)?.[0]
    from = found.length < PAGES_PER_READ || last === undefined ? undefined : `${last}!`
  }
  return { pages, pageBytes }
}
