import { PAYLOAD_BYTES_MAX, SIGNATURE_BYTES } from '../model/block.ts'
import { ID_BYTES } from '../model/id.ts'
import {
  INPUTS_MAX,
  MEMO_BYTES_MAX,
  OUTPUTS_MAX,
  PREIMAGE_BYTES,
  PREIMAGES_MAX,
  UNLOCKS_MAX,
  outputIdOf,
  outputOf,
  type Output,
  type OutputId,
  type Transaction,
  type TransactionEssence,
  type Unlock,
} from '../model/transaction.ts'
import type { PayloadFault } from '../model/verdict.ts'
import { bytesOf, hashOf, publicKeyOf, transactionIdFrom } from './hex.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Bytes of a named output: 32 of its transaction's id and a u16. Protocol §5. */
const OUTPUT_ID_BYTES = ID_BYTES + 2

/** Bits of an output's conditions. Protocol §5. */
const NOT_BEFORE = 1
const HASHLOCK = 2
const EXPIRY = 4

/** An output's name as it stands on the wire: 34 bytes. Protocol §5. */
export function encodeOutputId(id: OutputId): Uint8Array<ArrayBuffer> {
  const { transaction, index } = outputOf(id)
  return new Writer(OUTPUT_ID_BYTES).bytes(bytesOf(transaction)).u16(index).finish()
}

/** An output on the wire and in the hash of the state: 41–121 bytes. Protocol §5, §6. */
export function encodeOutput({ amount, owner, notBeforeMs, hashlock, expiry }: Output) {
  const withNotBefore = notBeforeMs !== undefined
  const withHashlock = hashlock !== undefined
  const withExpiry = expiry !== undefined
  const conditions =
    (withNotBefore ? NOT_BEFORE : 0) | (withHashlock ? HASHLOCK : 0) | (withExpiry ? EXPIRY : 0)
  const length = 41 + (withNotBefore ? 8 : 0) + (withHashlock ? 32 : 0) + (withExpiry ? 40 : 0)
  const writer = new Writer(length).u64(amount).bytes(bytesOf(owner)).u8(conditions)
  if (withNotBefore) writer.u64(notBeforeMs)
  if (withHashlock) writer.bytes(bytesOf(hashlock))
  if (withExpiry) writer.u64(expiry.atMs).bytes(bytesOf(expiry.refundTo))
  return writer.finish()
}

/** The bytes a transaction's id is made from: everything before the unlocks. Protocol §5. */
export function encodeTransactionEssence({ inputs, outputs, memo }: TransactionEssence) {
  const encoded = outputs.map(encodeOutput)
  const outputBytes = encoded.reduce((sum, { length }) => sum + length, 0)
  const writer = new Writer(1 + OUTPUT_ID_BYTES * inputs.length + 1 + outputBytes + 2 + memo.length)
  writer.u8(inputs.length)
  for (const input of inputs) writer.bytes(encodeOutputId(input))
  writer.u8(outputs.length)
  for (const output of encoded) writer.bytes(output)
  return writer.u16(memo.length).bytes(memo).finish()
}

/**
 * The payload of a transaction block. It must be one `decodeTransaction` would accept and a block can carry: with 64
 * inputs, 64 outputs under all conditions, a full memo and 64 unlocks it is 16 326 bytes, which leaves room for one
 * preimage; with 64 preimages it would be 18 374. Protocol §4, §5.
 *
 * @throws RangeError for what is no such transaction: our own bug
 */
export function encodeTransaction(transaction: Transaction): Uint8Array<ArrayBuffer> {
  const essence = encodeTransactionEssence(transaction)
  const { unlocks, preimages } = transaction
  const unlockBytes = unlocks.length * (ID_BYTES + SIGNATURE_BYTES)
  const writer = new Writer(essence.length + 1 + unlockBytes + 1 + preimages.length * PREIMAGE_BYTES)
  writer.bytes(essence).u8(unlocks.length)
  for (const { key, signature } of unlocks) writer.bytes(bytesOf(key)).bytes(signature)
  writer.u8(preimages.length)
  for (const preimage of preimages) writer.bytes(preimage)
  const bytes = writer.finish()
  if (bytes.length > PAYLOAD_BYTES_MAX) throw new RangeError(`a transaction of ${bytes.length} bytes`)
  const decoded = decodeTransaction(bytes)
  if ('reason' in decoded) throw new RangeError(`not a transaction: ${decoded.reason}`)
  return bytes
}

/**
 * Parses any bytes. Signatures and preimages of the result are views of them. Amounts are not judged here, nor is
 * their sum: what is unbalanced or dust is so at its place in the order, and the block stays. Protocol §4, §5.
 */
export function decodeTransaction(payload: Uint8Array): Transaction | PayloadFault {
  const reader = new Reader(payload)
  const inputs = readInputs(reader)
  if ('reason' in inputs) return inputs
  const outputs = readOutputs(reader)
  if ('reason' in outputs) return outputs
  const memo = readMemo(reader)
  if ('reason' in memo) return memo
  const unlocks = readUnlocks(reader)
  if ('reason' in unlocks) return unlocks
  const preimages = readPreimages(reader)
  if ('reason' in preimages) return preimages
  const { length } = payload
  if (reader.left > 0) return { reason: 'trailing-bytes', length, expected: length - reader.left }
  return { inputs, outputs, memo, unlocks, preimages }
}

function readInputs(reader: Reader): readonly OutputId[] | PayloadFault {
  const inputs = readList(reader, 'input-count', 1, INPUTS_MAX, () => readOutputId(reader))
  if ('reason' in inputs) return inputs
  const index = firstNotAscending(inputs)
  return index < 0 ? inputs : { reason: 'inputs-not-ascending', index }
}

function readOutputs(reader: Reader): readonly Output[] | PayloadFault {
  let unknown: PayloadFault | undefined
  const outputs = readList(reader, 'output-count', 1, OUTPUTS_MAX, (index) => {
    const { output, conditions } = readOutput(reader)
    if (conditions > (NOT_BEFORE | HASHLOCK | EXPIRY))
      unknown ??= { reason: 'unknown-conditions', index, value: conditions }
    return output
  })
  // told first: what follows a condition nobody knows cannot be read
  return unknown ?? outputs
}

/** What `encodeOutput` wrote, and its byte of conditions, which may have bits nobody knows. */
export function readOutput(reader: Reader): { readonly output: Output; readonly conditions: number } {
  const amount = reader.u64()
  const owner = publicKeyOf(reader.bytes(ID_BYTES))
  const conditions = reader.u8()
  const output = {
    amount,
    owner,
    ...(conditions & NOT_BEFORE && { notBeforeMs: reader.u64() }),
    ...(conditions & HASHLOCK && { hashlock: hashOf(reader.bytes(ID_BYTES)) }),
    ...(conditions & EXPIRY && {
      expiry: { atMs: reader.u64(), refundTo: publicKeyOf(reader.bytes(ID_BYTES)) },
    }),
  }
  return { output, conditions }
}

/** What `encodeOutputId` wrote. */
export function readOutputId(reader: Reader): OutputId {
  const transaction = transactionIdFrom(reader.bytes(ID_BYTES))
  return outputIdOf(transaction, reader.u16())
}

/** A copy, because a memo is kept in the history long after the block's bytes are let go. */
function readMemo(reader: Reader): Uint8Array | PayloadFault {
  const length = reader.u16()
  if (length > MEMO_BYTES_MAX) return { reason: 'memo-length', length, limit: MEMO_BYTES_MAX }
  const memo = reader.bytes(length).slice()
  return reader.fault ? { reason: reader.fault } : memo
}

function readUnlocks(reader: Reader): readonly Unlock[] | PayloadFault {
  const unlocks = readList(reader, 'unlock-count', 0, UNLOCKS_MAX, () => ({
    key: publicKeyOf(reader.bytes(ID_BYTES)),
    signature: reader.bytes(SIGNATURE_BYTES),
  }))
  if ('reason' in unlocks) return unlocks
  const index = firstNotAscending(unlocks.map(({ key }) => key))
  return index < 0 ? unlocks : { reason: 'unlocks-not-ascending', index }
}

function readPreimages(reader: Reader): readonly Uint8Array[] | PayloadFault {
  const preimages = readList(reader, 'preimage-count', 0, PREIMAGES_MAX, () => reader.bytes(PREIMAGE_BYTES))
  if ('reason' in preimages) return preimages
  const index = firstNotAscending(preimages.map(hashOf))
  return index < 0 ? preimages : { reason: 'preimages-not-ascending', index }
}

type CountFault = 'input-count' | 'output-count' | 'unlock-count' | 'preimage-count'

function readList<T>(
  reader: Reader,
  reason: CountFault,
  least: number,
  limit: number,
  read: (index: number) => T,
): readonly T[] | PayloadFault {
  const count = reader.u8()
  if (reader.fault) return { reason: reader.fault }
  if (count < least || count > limit) return { reason, count, limit }
  const items: T[] = []
  for (let index = 0; index < count; index++) items.push(read(index))
  return reader.fault ? { reason: reader.fault } : items
}

/** The first index whose hex string is not above the one before, or −1. */
function firstNotAscending(list: readonly string[]): number {
  return list.findIndex((item, index) => index > 0 && item <= (list[index - 1] ?? ''))
}
