/** A device's time in a network whose history has no end and is made as it goes, of which nothing but the device keeps anything. */
import type { CheckedBlock } from '../../src/core/model/block.ts'
import { Session } from '../../src/node/session.ts'
import { streamIdOf, Things } from '../../src/node/things.ts'
import type { KeyStore } from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { STREAM_ID_BYTES } from '../../src/stream/record.ts'
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
import { RecordMaker, type Owner } from './record-maker.ts'

/** Blocks taken at a stretch, as `Receiving` has it. */
const BATCH = 256

/** The window of the engine that makes the history: enough for blocks that name the two before them. */
const MAKER_WINDOW = 1024

/** Before the clock's time, so that a million blocks are in the past. */
const PAST_MS = 30 * 86_400_000

/** Streams of this device, which are sealed and read; of another, sealed; and of a third, open to all. */
const OWN_STREAMS = 3
const SEALED_STREAMS = 6
const OPEN_STREAMS = 3

/** A thing that is read each second makes a block of five readings: a batch is five seconds old at most. */
const READINGS_PER_RECORD = 5

/** All streams are such things. A million blocks are five days of them. */
const BLOCK_MS = (1000 * READINGS_PER_RECORD) / (OWN_STREAMS + SEALED_STREAMS + OPEN_STREAMS)

export interface MemoryRun {
  readonly session: Session
  /** Has the device receive so many more blocks of data, and the proposals that commit them; all are in its index then. */
  receive(count: number): Promise<void>
}

/** Opens a session over these stores. The history's blocks all bear one true signature, of something else. */
export async function openMemoryRun(stores: DeviceStores): Promise<MemoryRun> {
  const once = await onceSigner()
  const maker = new HistoryMaker(once, Date.now() - PAST_MS, {
    blockMs: Math.ceil(BLOCK_MS),
    windowBlocksMax: MAKER_WINDOW,
  })
  const notes = createMemoryNoteStore()
  const keys = await keysIn(notes)
  const things = await Things.load(notes)
  for (let i = 0; i < OWN_STREAMS; i++)
    await things.add({ name: `Strap ${i}`, kind: 'heart-rate', source: undefined }, random, clock.nowMs())
  const owners = await ownersOf(keys, things.all().map(streamIdOf))
  const signing = owners.map((owner) => ({ ...owner, keys: signedBy(once, owner.keys) }))
  const records = new RecordMaker(maker.network.id, signing, random, READINGS_PER_RECORD)
  const parts = { ...devicePartsOf(notes, keys, stores), things, onChanged: () => undefined }
  const session = await Session.open(parts, maker.network, [])
  return {
    session,
    async receive(count) {
      for (let made = 0; made < count; made += BATCH) {
        const batch: CheckedBlock[] = []
        for (let i = made; i < Math.min(made + BATCH, count); i++)
          batch.push(...(await maker.next(await records.next(maker.atMs))))
        await session.node.receiveAll(
          batch.map(({ bytes }) => bytes),
          'peer',
        )
        await session.follower.follow()
      }
      await session.follower.flush() // as it is some seconds later
      assertComplete(session, maker)
    },
  }
}

/** What is missing takes no memory. */
function assertComplete({ node, index }: Session, { engine }: HistoryMaker): void {
  if (node.head.index !== engine.head.index) throw new Error('a commit is missing')
  const streams = [...index.summaries()]
  if (streams.length !== OWN_STREAMS + SEALED_STREAMS + OPEN_STREAMS) throw new Error('a stream is missing')
  const records = streams.map((stream) => stream.records)
  if (Math.max(...records) - Math.min(...records) > 1) throw new Error('a record is missing')
  const read = streams.filter((stream) => stream.readings === stream.records * READINGS_PER_RECORD)
  if (read.length !== OWN_STREAMS + OPEN_STREAMS) throw new Error('a record was not read')
}

async function ownersOf(keys: KeyStore, streamIds: readonly Uint8Array[]): Promise<readonly Owner[]> {
  const newIds = (count: number) => Array.from({ length: count }, () => random.bytes(STREAM_ID_BYTES))
  return [
    { keys, streamIds, open: false },
    { keys: await keysIn(), streamIds: newIds(SEALED_STREAMS), open: false },
    { keys: await keysIn(), streamIds: newIds(OPEN_STREAMS), open: true },
  ]
}
