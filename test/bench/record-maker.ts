/** Blocks with records of streams, as they come to a device: its own things', and those of others, sealed and open. */
import { encodeData } from '../../src/core/codec/data.ts'
import type { NetworkId } from '../../src/core/model/id.ts'
import { RecordReader } from '../../src/node/record-reader.ts'
import type { KeyStore, Random } from '../../src/ports.ts'
import { epochOf } from '../../src/stream/epoch.ts'
import { NONCE_BYTES, STREAM_TOPIC } from '../../src/stream/record.ts'
import type { MadeData } from './pipeline-history.ts'

const KIND = 'heart-rate'

/** Somebody's streams. */
export interface Owner {
  readonly keys: KeyStore
  readonly streamIds: readonly Uint8Array[]
  readonly open: boolean
}

interface Writer extends Omit<Owner, 'streamIds'> {
  readonly streamId: Uint8Array
  readonly records: RecordReader
  /** Of the next record in the epoch. */
  index: number
  epoch: number
}

/** Writes the records of some streams in turn, each with the readings of the time since its last. */
export class RecordMaker {
  readonly #writers: readonly Writer[]
  readonly #random: Random
  readonly #readings: number
  #made = 0

  /** @param readings in a record, a second apart */
  constructor(network: NetworkId, owners: readonly Owner[], random: Random, readings: number) {
    this.#random = random
    this.#readings = readings
    this.#writers = owners.flatMap(({ keys, streamIds, open }) => {
      const records = new RecordReader(network, keys)
      return streamIds.map((streamId): Writer => ({ keys, streamId, open, records, index: 0, epoch: 0 }))
    })
  }

  /** The next record, of readings before `atMs`. */
  async next(atMs: number): Promise<MadeData> {
    const writer = this.#writers[this.#made++ % this.#writers.length]
    if (writer === undefined) throw new RangeError('no streams')
    const { keys, streamId, open, records } = writer
    const firstAtMs = atMs - 1000 * this.#readings
    const readings = Array.from({ length: this.#readings }, (_, i) => ({
      quantity: 'heart-rate' as const,
      unit: 'beat/min' as const,
      value: 60 + ((this.#made + i) % 70),
      atMs: firstAtMs + 1000 * i,
    }))
    const epoch = epochOf(firstAtMs)
    if (epoch !== writer.epoch) Object.assign(writer, { epoch, index: 0 })
    const place = { streamId, epoch, index: writer.index++ }
    const body = await records.write(place, KIND, readings, open, this.#random.bytes(NONCE_BYTES))
    return { payload: encodeData({ topic: STREAM_TOPIC, body }), signer: keys }
  }
}
