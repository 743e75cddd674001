/**
 * How the ledger lies on disk: byte strings, little-endian, each begun by the CRC-32 of what follows, which tells
 * damage from data. A newer layout gets a newer version of the database.
 *
 * ```
 * head     u64 index ‖ u32 round ‖ u64 atMs ‖ 32 digest ‖ 2048 lanes
 *          ‖ u64 blocksNeeded ‖ u64 blocksStored ‖ u64 commit records ‖ u64 unspent outputs
 * commit   u64 index ‖ 32 leader ‖ u32 round ‖ u64 atMs ‖ 32 digest ‖ u64 blocksStored ‖ u32 part ‖ block ids, 32 each
 * output   34 its id ‖ u64 amount ‖ 32 owner ‖ u8 conditions ‖ what these name, as in protocol §5
 * history  u64 commit ‖ u32 place ‖ u64 atMs ‖ 32 block ‖ 32 transaction ‖ u32 n ‖ memo
 *          ‖ u32 n ‖ outputs spent ‖ u32 n ‖ outputs created
 * ```
 * Each `decode…` takes whatever was found in the database, and throws `StoreError` `failed` where it is no such record.
 */
import crc32 from 'crc-32'
import { blockIdOf, bytesOf, hashOf, publicKeyOf } from '../core/codec/hex.ts'
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import { ID_BYTES, type Hash } from '../core/model/id.ts'
import type { HistoryEntry, LedgerHead } from '../core/model/ledger.ts'
import type { NamedOutput, Output, OutputId, TransactionId } from '../core/model/transaction.ts'
import { StoreError, type StoredCommit } from '../ports.ts'

/** Block ids in one record of a commit: 48 kB. Chromium keeps a value of over 64 kB in a file of its own, which is slow. */
export const PART_BLOCKS_MAX = 1500

const CHECKSUM_BYTES = 4
const LANES_BYTES = 2048
const HEAD_BYTES = 8 + 4 + 8 + ID_BYTES + LANES_BYTES + 4 * 8
const PART_HEADER_BYTES = 8 + ID_BYTES + 4 + 8 + ID_BYTES + 8 + 4
const OUTPUT_ID_BYTES = ID_BYTES + 2
const ENTRY_FIXED_BYTES = 8 + 4 + 8 + 2 * ID_BYTES + 3 * 4

/** Bits of `conditions`. Protocol §5. */
const NOT_BEFORE = 1
const HASHLOCK = 2
const EXPIRY = 4

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
  return new StoreError('failed', 'The stored ledger is damaged. It can be made again from the blocks.')
}

/** The key of an output, 34 bytes, or of a transaction, 32: half of what their digits would take on disk. */
export function keyOf(id: OutputId | TransactionId): Uint8Array {
  return bytesOf(id as string as Hash)
}

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

export function encodeOutput(output: NamedOutput): Uint8Array<ArrayBuffer> {
  return sealed(outputBytes(output), (writer) => writeOutput(writer, output))
}

export function decodeOutput(value: unknown): NamedOutput {
  return unsealed(value, readOutput)
}

export function encodeEntry(entry: HistoryEntry): Uint8Array<ArrayBuffer> {
  const outputs = [...entry.spent, ...entry.created].reduce((sum, output) => sum + outputBytes(output), 0)
  return sealed(ENTRY_FIXED_BYTES + entry.memo.length + outputs, (writer) => {
    writer.u64(entry.commit).u32(entry.place).u64(entry.atMs)
    writer.bytes(bytesOf(entry.block)).bytes(keyOf(entry.transaction))
    writer.u32(entry.memo.length).bytes(entry.memo)
    for (const list of [entry.spent, entry.created]) {
      writer.u32(list.length)
      for (const output of list) writeOutput(writer, output)
    }
  })
}

export function decodeEntry(value: unknown): HistoryEntry {
  return unsealed(value, (reader) => ({
    commit: reader.u64(),
    place: reader.u32(),
    atMs: reader.u64(),
    block: blockIdOf(reader.bytes(ID_BYTES)),
    transaction: hashOf(reader.bytes(ID_BYTES)) as string as TransactionId,
    memo: reader.bytes(reader.u32()).slice(),
    spent: readOutputs(reader),
    created: readOutputs(reader),
  }))
}

function readOutputs(reader: Reader): readonly NamedOutput[] {
  const count = reader.u32()
  const outputs: NamedOutput[] = []
  while (outputs.length < count && reader.fault === undefined) outputs.push(readOutput(reader))
  return outputs
}

function outputBytes([, { notBeforeMs, hashlock, expiry }]: NamedOutput): number {
  const plain = OUTPUT_ID_BYTES + 8 + ID_BYTES + 1
  return (
    plain + (notBeforeMs === undefined ? 0 : 8) + (hashlock ? ID_BYTES : 0) + (expiry ? 8 + ID_BYTES : 0)
  )
}

function writeOutput(writer: Writer, [id, output]: NamedOutput): void {
  const { amount, owner, notBeforeMs, hashlock, expiry } = output
  const conditions =
    (notBeforeMs === undefined ? 0 : NOT_BEFORE) | (hashlock ? HASHLOCK : 0) | (expiry ? EXPIRY : 0)
  writer.bytes(keyOf(id)).u64(amount).bytes(bytesOf(owner)).u8(conditions)
  if (notBeforeMs !== undefined) writer.u64(notBeforeMs)
  if (hashlock !== undefined) writer.bytes(bytesOf(hashlock))
  if (expiry !== undefined) writer.u64(expiry.atMs).bytes(bytesOf(expiry.refundTo))
}

function readOutput(reader: Reader): NamedOutput {
  const id = hashOf(reader.bytes(OUTPUT_ID_BYTES)) as string as OutputId
  const amount = reader.u64()
  const owner = publicKeyOf(reader.bytes(ID_BYTES))
  const conditions = reader.u8()
  const output: Output = {
    amount,
    owner,
    ...(conditions & NOT_BEFORE && { notBeforeMs: reader.u64() }),
    ...(conditions & HASHLOCK && { hashlock: hashOf(reader.bytes(ID_BYTES)) }),
    ...(conditions & EXPIRY && {
      expiry: { atMs: reader.u64(), refundTo: publicKeyOf(reader.bytes(ID_BYTES)) },
    }),
  }
  return [id, output]
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
