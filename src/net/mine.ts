/**
 * `/weft/<16 hex>/mine/1.0.0`: one frame asks for a nonce, one answers. The asker says no more; where its stream ends
 * before the answer, the work is called off. Protocol §4.
 *
 * ```
 * request   32 digest, u64 target, u32 milliseconds for which an answer is of use
 * answer    u8 0, u64 nonce; or u8 1 … 5, why there is none
 * ```
 */
import { NONCE_BYTES } from '../core/model/block.ts'
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import { MINE_MS_MAX, type MineAnswer, type MineRefusal, type MineRequest } from '../ports.ts'
import { TransportError } from './error.ts'
import type { Frames } from './frames.ts'

const DIGEST_BYTES = 32

/** A target is a fraction of the 2^32 values of an id's last word. Protocol §4. */
const TARGET_MAX = 2 ** 32

const FOUND = 0

/** By the byte that stands for each. */
const REFUSALS: readonly (MineRefusal | undefined)[] = [
  undefined,
  'off',
  'busy',
  'too-much',
  'too-often',
  'unfinished',
]

/** Bytes of a request. */
export const MINE_REQUEST_BYTES = DIGEST_BYTES + 8 + 4

/** Bytes of the longest answer. */
export const MINE_ANSWER_BYTES_MAX = 1 + NONCE_BYTES

export function encodeMineRequest({ digest, target, withinMs }: MineRequest): Uint8Array {
  return new Writer(MINE_REQUEST_BYTES).bytes(digest).u64(target).u32(withinMs).finish()
}

/** @throws TransportError `malformed` where the frame is no request, or asks for what cannot be */
export function decodeMineRequest(frame: Uint8Array): MineRequest {
  const reader = new Reader(frame)
  const digest = reader.bytes(DIGEST_BYTES).slice()
  const target = reader.u64()
  const withinMs = reader.u32()
  const isWhole = reader.fault === undefined && reader.left === 0
  if (!isWhole || target < 1 || target > TARGET_MAX || withinMs < 1 || withinMs > MINE_MS_MAX)
    throw new TransportError('malformed', 'A frame is no request for work.')
  return { digest, target, withinMs }
}

export function encodeMineAnswer(answer: MineAnswer): Uint8Array {
  return answer.type === 'found'
    ? new Writer(MINE_ANSWER_BYTES_MAX).u8(FOUND).u64(answer.nonce).finish()
    : Uint8Array.of(REFUSALS.indexOf(answer.reason))
}

/** @throws TransportError `malformed` where the frame is no answer */
export function decodeMineAnswer(frame: Uint8Array): MineAnswer {
  const reader = new Reader(frame)
  const kind = reader.u8()
  const reason = REFUSALS[kind]
  const answer: MineAnswer =
    reason === undefined ? { type: 'found', nonce: reader.u64() } : { type: 'refused', reason }
  const isKnown = reason !== undefined || kind === FOUND
  if (reader.fault !== undefined || reader.left > 0 || !isKnown)
    throw new TransportError('malformed', 'A frame is no answer to a request for work.')
  return answer
}

/** Asks, and resolves with what the peer answers. Throws what `frames` does, and TransportError `malformed`. */
export async function requestMine(frames: Frames, request: MineRequest): Promise<MineAnswer> {
  await frames.write(encodeMineRequest(request))
  return decodeMineAnswer(await frames.read())
}

/**
 * Answers one request with what `mine` finds, whose signal aborts once nobody waits for it.
 *
 * @throws TransportError `malformed` where the peer broke the protocol; what `mine` throws; whatever the stream fails with
 */
export async function answerMine(
  frames: Frames,
  mine: (request: MineRequest, signal: AbortSignal) => Promise<MineAnswer>,
): Promise<void> {
  const request = decodeMineRequest(await frames.read())
  const calledOff = new AbortController()
  // nothing follows a request, so what reading ends with is its stream's end or a breach
  const ended = frames.read().then((): never => {
    throw new TransportError('malformed', 'Something follows a request for work.')
  })
  try {
    await frames.write(encodeMineAnswer(await Promise.race([mine(request, calledOff.signal), ended])))
  } finally {
    calledOff.abort()
  }
}
