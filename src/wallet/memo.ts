import { bytesToHex } from '@noble/hashes/utils.js'
import { MEMO_BYTES_MAX } from '../core/model/transaction.ts'

/** A memo as a person reads it. Anybody may put any bytes in one: what is no UTF-8 is shown as hex digits. */
export type Memo =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'bytes'; readonly hex: string }

export type MemoFault = { readonly type: 'memo-too-long'; readonly bytes: number; readonly limit: number }

/** The bytes of a memo: UTF-8, at most 256 (protocol §5). */
export function encodeMemo(text: string): Uint8Array | MemoFault {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > MEMO_BYTES_MAX)
    return { type: 'memo-too-long', bytes: bytes.length, limit: MEMO_BYTES_MAX }
  return bytes
}

/** Reads the bytes of any memo; never throws. The text may hold anything UTF-8 can, so it is a stranger's word. */
export function readMemo(bytes: Uint8Array): Memo {
  try {
    return { type: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { type: 'bytes', hex: bytesToHex(bytes) }
  }
}
