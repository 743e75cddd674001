import { bytesOf, blockIdOf, hashOf, publicKeyOf } from '../core/codec/hex.ts'
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import { ID_BYTES, type BlockId, type Hash, type PublicKey } from '../core/model/id.ts'
import { LEVELS, type BucketPage } from './bucket-page.ts'
import { SERIES_MAX } from './series.ts'

/** Another version of any page is read as none, and the index made again from the blocks. */
const VERSION = 1

/** version 1 ‖ issuer 32 ‖ stream id 32 ‖ records, readings, first, last 8 each ‖ newest: id 32, issuedAt 8, flags 1 ‖ series 1 */
const HEAD_BYTES = 1 + 3 * ID_BYTES + 5 * 8 + 2
const META_BYTES = 1 + 8 + 4

/** The record of a stream that was issued last. */
export interface NewestRecord {
  readonly id: BlockId
  readonly issuedAtMs: number
  readonly encrypted: boolean
}

/** What is known of a stream without looking further. */
export interface StreamSummary {
  /** `<issuer>:<stream id>` */
  readonly key: string
  readonly issuer: PublicKey
  readonly streamId: Hash
  /** Records here, without repeats. */
  readonly records: number
  readonly newest: NewestRecord
  /** The times its records tell of, Unix milliseconds: of their readings, or of those we cannot read when they were issued. */
  readonly firstMs: number
  readonly lastMs: number
  /** Readings in those records that could be read. */
  readonly readings: number
}

/** One quantity of a stream in one unit; texts are a series of their own. */
export class SeriesEntry {
  readonly quantity: string
  /** Empty where there is none. */
  readonly unit: string
  readonly isText: boolean
  /** By level, the page its last reading went to, while that waits to be written; and which that is. */
  readonly pages: (BucketPage | undefined)[] = LEVELS.map(() => undefined)
  readonly pageNumbers: number[] = LEVELS.map(() => -1)

  constructor(quantity: string, unit: string, isText: boolean) {
    this.quantity = quantity
    this.unit = unit
    this.isText = isText
  }

  /** Lets go of the pages. */
  cool(): void {
    this.pages.fill(undefined)
    this.pageNumbers.fill(-1)
  }
}

/** A stream in the index. Its number stands for it in keys, and is never given again. */
export interface StreamEntry {
  readonly number: number
  readonly series: SeriesEntry[]
  summary: StreamSummary
}

/** Where an index stands. */
export interface IndexMeta {
  /** Of `BlockStore.since`: the blocks up to here are in the index. */
  readonly place: number
  /** The number the next stream gets. */
  readonly nextStream: number
}

export function encodeMeta({ place, nextStream }: IndexMeta): Uint8Array {
  return new Writer(META_BYTES).u8(VERSION).u64(place).u32(nextStream).finish()
}

/** From bytes that may be anything; `undefined` where they are none of this version. Never throws. */
export function decodeMeta(bytes: Uint8Array): IndexMeta | undefined {
  const reader = new Reader(bytes)
  const version = reader.u8()
  const meta = { place: reader.u64(), nextStream: reader.u32() }
  return version !== VERSION || reader.fault !== undefined || reader.left > 0 ? undefined : meta
}

export function encodeStream({ series, summary }: StreamEntry): Uint8Array {
  const nameBytes = series.reduce((sum, { quantity, unit }) => sum + 3 + quantity.length + unit.length, 0)
  const writer = new Writer(HEAD_BYTES + nameBytes)
  const { issuer, streamId, records, readings, firstMs, lastMs, newest } = summary
  writer.u8(VERSION).bytes(bytesOf(issuer)).bytes(bytesOf(streamId))
  writer.u64(records).u64(readings).u64(firstMs).u64(lastMs)
  writer.bytes(bytesOf(newest.id)).u64(newest.issuedAtMs).u8(Number(newest.encrypted))
  writer.u8(series.length)
  for (const { quantity, unit, isText } of series) {
    writer.u8(Number(isText)).u8(quantity.length).bytes(characters(quantity))
    writer.u8(unit.length).bytes(characters(unit))
  }
  return writer.finish()
}

/** From bytes that may be anything; `undefined` where they are no stream. Never throws. */
export function decodeStream(bytes: Uint8Array, number: number): StreamEntry | undefined {
  const reader = new Reader(bytes)
  const version = reader.u8()
  const issuerBytes = reader.bytes(ID_BYTES)
  const streamIdBytes = reader.bytes(ID_BYTES)
  const [records, readings, firstMs, lastMs] = [reader.u64(), reader.u64(), reader.u64(), reader.u64()]
  const id = reader.bytes(ID_BYTES)
  const newest = { id: blockIdOf(id), issuedAtMs: reader.u64(), encrypted: reader.u8() === 1 }
  const count = reader.u8()
  if (version !== VERSION || count > SERIES_MAX) return undefined
  const series: SeriesEntry[] = []
  for (let i = 0; i < count; i++) {
    const isText = reader.u8() === 1
    const quantity = String.fromCharCode(...reader.bytes(reader.u8()))
    series.push(new SeriesEntry(quantity, String.fromCharCode(...reader.bytes(reader.u8())), isText))
  }
  if (reader.fault !== undefined || reader.left > 0 || firstMs > lastMs) return undefined
  const issuer = publicKeyOf(issuerBytes)
  const streamId = hashOf(streamIdBytes)
  const key = streamKey(issuer, streamId)
  const summary = { key, issuer, streamId, records, newest, firstMs, lastMs, readings }
  return { number, series, summary }
}

/** Names a stream for good. */
export function streamKey(issuer: PublicKey, streamId: Hash): string {
  return `${issuer}:${streamId}`
}

/** Names and units are ASCII (RFC 8428 §4.5.1), and short: who reads readings has checked it. */
function characters(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
