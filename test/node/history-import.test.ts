import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import type { ImportReport } from '../../src/node/api.ts'
import { importFile } from '../../src/node/history-import.ts'
import type { HistoryStores } from '../../src/node/history.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import type { Batch } from '../../src/stream/batch.ts'
import type { HistoryIndex } from '../../src/stream/history-index.ts'
import { GENESIS, NETWORK } from '../core/make.ts'
import { KEY, START_MS } from '../stream/make-index.ts'
import { eachWithWorld, until, type World } from './make-peer.ts'
import { CSV_HEAD, HOUR_MS, rowsAt, strap, valuesOf } from './make-strap.ts'

let world: World
eachWithWorld((made) => (world = made))

/** A file whose text comes in these pieces, each once it is there. */
class Pieces extends Blob {
  readonly #pieces: readonly (string | Promise<string>)[]

  constructor(...pieces: readonly (string | Promise<string>)[]) {
    super([])
    this.#pieces = pieces
  }

  override stream(): ReturnType<Blob['stream']> {
    const encoder = new TextEncoder()
    const pieces = this.#pieces.values()
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const { done, value } = pieces.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(await value))
      },
    })
  }
}

describe('A file', () => {
  /** Imports into a thing of which nothing is here, and tells what went into blocks. */
  async function imported(file: Blob, thing: { open: boolean }, onBatch = () => {}) {
    const batches: Batch[] = []
    const index = { records: async function* () {} } as unknown as HistoryIndex
    const stores = { index } as HistoryStores
    const sealer = {
      sealBatch: async (_thing: unknown, batch: Batch) => {
        batches.push(batch)
        onBatch()
      },
    }
    const into = {
      thing: thing as Parameters<typeof importFile>[2]['thing'],
      key: KEY,
      sealer,
      place: async () => stores,
      inTurn: <T>(work: () => Promise<T>) => work(),
    }
    return { report: await importFile(file, 'csv', into, {}), batches }
  }

  it('is taken whole where all of it comes at once', async () => {
    const values = Array.from({ length: 40_000 }, (_, i) => i)
    const { report, batches } = await imported(new Pieces(CSV_HEAD + rowsAt(START_MS, ...values)), {
      open: false,
    })
    expect(report.taken).toBe(values.length)
    expect(batches.flatMap(({ readings }) => readings.map(({ value }) => value))).toEqual(values)
  })

  it('shows nobody what is taken after its person stops sharing, and nothing where they begin to', async () => {
    const text = CSV_HEAD + [0, 1, 2].map((hour) => rowsAt(START_MS + hour * HOUR_MS, 60)).join('')
    for (const isOpen of [true, false]) {
      const thing = { open: isOpen }
      const { batches } = await imported(new Pieces(text), thing, () => (thing.open = !isOpen))
      expect(batches.map(({ open }) => open)).toEqual([isOpen, false, false])
    }
  })

  it('that is given twice at once is taken once', async () => {
    const [a, thing] = await strap(world)
    const file = new Blob([CSV_HEAD + rowsAt(START_MS, 60, 61, 62)])
    const give = () => a.peer.importHistory({ thing, format: 'csv', file })
    const reports = await Promise.all([give(), give()])
    expect(reports.map(({ taken, known }) => [taken, known])).toEqual([
      [3, 0],
      [0, 3],
    ])
    expect(await valuesOf(a, thing)).toEqual([60, 61, 62])
  })

  it('may say a number and a text, or two units, at one time', async () => {
    const [a, thing] = await strap(world)
    const time = new Date(START_MS).toISOString()
    const text = `${CSV_HEAD}${time},q,Cel,1\n${time},q,K,1\n${time},q,,"1"\n`
    const file = new Blob([text])
    expect(await a.peer.importHistory({ thing, format: 'csv', file })).toMatchObject({ taken: 3, known: 0 })
    expect(await a.peer.importHistory({ thing, format: 'csv', file })).toMatchObject({ taken: 0, known: 3 })
  })

  it('can be called off while the disk is full', async () => {
    const [a, thing] = await strap(world)
    const disk = a.disks.get(NETWORK.id)!
    disk.refusal = 'quota-exceeded'
    const cancel = new AbortController()
    let report: ImportReport | undefined
    const file = new Blob([CSV_HEAD + rowsAt(START_MS, 60)])
    void a.peer
      .importHistory({ thing, format: 'csv', file }, { signal: cancel.signal })
      .then((done) => (report = done))
    await until(() => a.snapshot().storage.state === 'full')
    cancel.abort()
    await world.quiet()
    expect(report).toMatchObject({ bad: 0 })
    disk.refusal = undefined
    await world.pass(1000)
    expect(await valuesOf(a, thing)).toEqual([60])
  })

  it('goes into the network it was given in, and into no other', async () => {
    const [a, thing] = await strap(world)
    const rest = Promise.withResolvers<string>()
    const many = Array.from({ length: 5000 }, (_, i) => i)
    const file = new Pieces(CSV_HEAD + rowsAt(START_MS, ...many), rest.promise)
    const going = a.peer.importHistory({ thing, format: 'csv', file })
    going.catch(() => undefined)
    await until(() => (a.snapshot().things[0]?.blocks.total ?? 0) > 0)
    await world.quiet()
    const other = networkOf({ ...GENESIS, name: 'other' })
    await a.peer.join({ invitation: encodeInvitation({ network: other, relays: [] }) })
    rest.resolve(rowsAt(START_MS + 24 * HOUR_MS, 60))
    await expect(going).rejects.toThrow()
    await world.quiet()
    expect(await valuesOf(a, thing)).toEqual([])
  })
})
