/**
 * How the ledger lies on disk: byte strings, little-endian, each begun by the CRC-32 of what follows, which tells
 * damage from data. A newer layout gets a newer version of the database.
 *
 * ```
 * head     u64 index ‖ u32 round ‖ u64 atMs ‖ 32 digest ‖ 2048 lanes
 *          ‖ u64 blocksNeeded ‖ u64 blocksStored ‖ u64 commit records ‖ u64 unspent outputs
 * commit   u64 index ‖ 32 leader ‖ u32 round ‖ u64 atMs ‖ 32 digest ‖ u64 blocksStored ‖ u32 part ‖ block ids, 32 each
 * output   32 transaction ‖ u16 index ‖ the output as in protocol §5
 * history  u64 commit ‖ u32 place ‖ u64 atMs ‖ 32 block ‖ 32 transaction ‖ u16 length ‖ memo
 *          ‖ u16 count ‖ outputs spent ‖ u16 count ‖ outputs created
 * ```
 */
import crc32 from 'crc-32'
import { blockIdOf, bytesOf, hashOf, transactionIdFrom } from '../core/codec/hex.ts'
import { Reader } from '../core/codec/reader.ts'
import { encodeOutput, encodeOutputId, readOutput, readOutputId } from '../core/codec/transaction.ts'
import { Writer } from '../core/codec/writer.ts'
import { ID_BYTES } from '../core/model/id.ts'
import type { HistoryEntry, LedgerHead } from '../core/model/ledger.ts'
import type { NamedOutput } from '../core/model/transaction.ts'
import { StoreError, type StoredCommit } from '../ports.ts'

/** Block ids in one record of a commit: 48 kB. Chromium keeps a value of over 64 kB in a file of its own, which is slow. */
export const PART_BLOCKS_MAX = 1500

const CHECKSUM_BYTES = 4
const LANES_BYTES = 2048
const HEAD_BYTES = 8 + 4 + 8 + ID_BYTES + LANES_BYTES + 4 * 8
const PART_HEADER_BYTES = 8 + ID_BYTES + 4 + 8 + ID_BYTES + 8 + 4
const OUTPUT_ID_BYTES = ID_BYTES + 2
const ENTRY_FIXED_BYTES = 8 + 4 + 8 + 2 * ID_BYTES + 3 * 2

/** The newest step: where the order stands, and how much is kept beside it. */
export interface HeadRecord {
  readonly head: LedgerHead
  readonly blocksNeeded: number
  readonly blocksStored: number
  /** Records that all commits together take. */
  readonly commitRecords: number
  /** Unspent outputs kept. */
  readonly outputs: number
}

/** A commit or, where it has too many blocks for one record, a part of it. */
export interface CommitPart {
  /** From 0; each part repeats everything but the blocks. */
  readonly part: number
  /** With the blocks of this part alone. */
  readonly commit: StoredCommit
}

/** What was stored cannot be what was written. */
export function damaged(): StoreError {
  return new StoreError('damaged', 'The stored ledger is damaged. It can be made again from the blocks.')
}

/** The one record of the newest step. */
export function encodeHead(record: HeadRecord): Uint8Array<ArrayBuffer> {
  const { index, round, atMs, digest, lanes } = record.head
  return sealed(HEAD_BYTES, (writer) =>
    writer
      .u64(index)
      .u32(round)
      .u64(atMs)
      .bytes(bytesOf(digest))
      .bytes(lanes)
      .u64(record.blocksNeeded)
      .u64(record.blocksStored)
      .u64(record.commitRecords)
      .u64(record.outputs),
  )
}

/** Takes any value; throws `StoreError` `damaged`. */
export function decodeHead(value: unknown): HeadRecord {
  return unsealed(value, (reader) => ({
    head: {
      index: reader.u64(),
      round: reader.u32(),
      atMs: reader.u64(),
      digest: hashOf(reader.bytes(ID_BYTES)),
      lanes: reader.bytes(LANES_BYTES).slice(),
    },
    blocksNeeded: reader.u64(),
    blocksStored: reader.u64(),
    commitRecords: reader.u64(),
    outputs: reader.u64(),
  }))
}

/** The records of a commit, first part first; at least one. */
export function encodeCommit(commit: StoredCommit): readonly Uint8Array<ArrayBuffer>[] {
  const records: Uint8Array<ArrayBuffer>[] = []
  do {
    const part = records.length
    const blocks = commit.blocks.slice(part * PART_BLOCKS_MAX, (part + 1) * PART_BLOCKS_MAX)
    records.push(encodePart({ part, commit: { ...commit, blocks } }))
  } while (records.length * PART_BLOCKS_MAX < commit.blocks.length)
  return records
}

function encodePart({ part, commit }: CommitPart): Uint8Array<ArrayBuffer> {
  return sealed(PART_HEADER_BYTES + ID_BYTES * commit.blocks.length, (writer) => {
    writer.u64(commit.index).bytes(bytesOf(commit.leader)).u32(commit.round).u64(commit.atMs)
    writer.bytes(bytesOf(commit.digest)).u64(commit.blocksStored).u32(part)
    for (const block of commit.blocks) writer.bytes(bytesOf(block))
  })
}

/** One record of `encodeCommit`. Takes any value; throws `StoreError` `damaged`. */
export function decodePart(value: unknown): CommitPart {
  return unsealed(value, (reader) => {
    const index = reader.u64()
    const leader = blockIdOf(reader.bytes(ID_BYTES))
    const round = reader.u32()
    const atMs = reader.u64()
    const digest = hashOf(reader.bytes(ID_BYTES))
    const blocksStored = reader.u64()
    const part = reader.u32()
    const count = Math.floor(reader.left / ID_BYTES)
    const blocks = Array.from({ length: count }, () => blockIdOf(reader.bytes(ID_BYTES)))
    return { part, commit: { index, leader, round, atMs, digest, blocks, blocksStored } }
  })
}

/** An unspent output, its id included. */
export function encodeUnspent(output: NamedOutput): Uint8Array<ArrayBuffer> {
  const bytes = encodeNamed(output)
  return sealed(bytes.length, (writer) => writer.bytes(bytes))
}

/** Takes any value; throws `StoreError` `damaged`. */
export function decodeUnspent(value: unknown): NamedOutput {
  return unsealed(value, readNamed)
}

/** An entry of the history, its place included. */
export function encodeEntry(entry: HistoryEntry): Uint8Array<ArrayBuffer> {
  const lists = [entry.spent.map(encodeNamed), entry.created.map(encodeNamed)]
  const outputBytes = lists.flat().reduce((sum, { length }) => sum + length, 0)
  return sealed(ENTRY_FIXED_BYTES + entry.memo.length + outputBytes, (writer) => {
    writer.u64(entry.commit).u32(entry.place).u64(entry.atMs)
    writer.bytes(bytesOf(entry.block)).bytes(bytesOf(entry.transaction))
    writer.u16(entry.memo.length).bytes(entry.memo)
    for (const list of lists) {
      writer.u16(list.length)
      for (const output of list) writer.bytes(output)
    }
  })
}

/** Takes any value; throws `StoreError` `damaged`. */
export function decodeEntry(value: unknown): HistoryEntry {
  return unsealed(value, (reader) => ({
    commit: reader.u64(),
    place: reader.u32(),
    atMs: reader.u64(),
    block: blockIdOf(reader.bytes(ID_BYTES)),
    transaction: transactionIdFrom(reader.bytes(ID_BYTES)),
    memo: reader.bytes(reader.u16()).slice(),
    spent: readAllNamed(reader),
    created: readAllNamed(reader),
  }))
}

function encodeNamed([id, output]: NamedOutput): Uint8Array<ArrayBuffer> {
  const bytes = encodeOutput(output)
  return new Writer(OUTPUT_ID_BYTES + bytes.length).bytes(encodeOutputId(id)).bytes(bytes).finish()
}

function readAllNamed(reader: Reader): readonly NamedOutput[] {
  return Array.from({ length: reader.u16() }, () => readNamed(reader))
}

function readNamed(reader: Reader): NamedOutput {
  return [readOutputId(reader), readOutput(reader).output]
}

/** A record of `length` bytes behind its checksum, in a buffer of exactly that size. */
function sealed(length: number, write: (writer: Writer) => void): Uint8Array<ArrayBuffer> {
  const writer = new Writer(CHECKSUM_BYTES + length).u32(0)
  write(writer)
  const record = writer.finish()
  new DataView(record.buffer).setUint32(0, checksum(record), true)
  return record
}

/** What `read` makes of a record whose checksum holds, if that is all there is in it. */
function unsealed<T>(value: unknown, read: (reader: Reader) => T): T {
  if (!(value instanceof Uint8Array)) throw damaged()
  const reader = new Reader(value)
  if (reader.u32() !== checksum(value)) throw damaged()
  const content = read(reader)
  if (reader.fault !== undefined || reader.left > 0) throw damaged()
  return content
}

function checksum(record: Uint8Array): number {
  return crc32.buf(record.subarray(CHECKSUM_BYTES)) >>> 0
}
