/**
 * `/weft/<16 hex>/tips/1.0.0`: one frame, the asker's, is answered with one of the other's, once the other has fetched
 * what was named, or given up. A frame is the sender's clock, u64 little-endian in Unix milliseconds, and its tips, 32
 * bytes each; it may name none. Protocol §6, §8.
 */
import type { Connection } from '@libp2p/interface'
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import type { BlockId } from '../core/model/id.ts'
import { IDS_PER_MESSAGE_MAX, type Clock } from '../ports.ts'
import { TransportError } from './error.ts'
import { converse, decodeIds, encodeIds, IDS_BYTES_MAX } from './exchange.ts'
import type { Frames } from './frames.ts'

const CLOCK_BYTES = 8

/** Bytes of the longest frame. */
export const TIPS_BYTES_MAX = CLOCK_BYTES + IDS_BYTES_MAX

/** Our clock, and who hears how far the peer's is ahead of it. */
export interface ClockPair {
  readonly clock: Clock
  readonly heard: (offsetMs: number) => void
}

/**
 * Names our tips and resolves with the peer's.
 *
 * @throws TransportError see `converse`; `too-much` or `malformed` where the peer broke the protocol
 */
export function requestTips(
  connection: Connection,
  protocol: string,
  ids: readonly BlockId[],
  clocks: ClockPair,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<readonly BlockId[]> {
  const limits = { frameBytesMax: TIPS_BYTES_MAX, bufferBytesMax: 2 * TIPS_BYTES_MAX, timeoutMs }
  return converse(connection, protocol, limits, signal, async (frames) => {
    await writeTips(frames, ids, clocks)
    return readTips(frames, clocks)
  })
}

/**
 * Answers one request with the tips that `meet` resolves with.
 *
 * @throws TransportError `malformed` or `too-much` where the peer broke the protocol; what `meet` throws; whatever the
 *   stream fails with
 */
export async function answerTips(
  frames: Frames,
  clocks: ClockPair,
  meet: (ids: readonly BlockId[]) => Promise<readonly BlockId[]>,
): Promise<void> {
  const ours = await meet(await readTips(frames, clocks))
  await writeTips(frames, ours.slice(0, IDS_PER_MESSAGE_MAX), clocks)
}

function writeTips(frames: Frames, ids: readonly BlockId[], { clock }: ClockPair): Promise<void> {
  const list = encodeIds(ids)
  const frame = new Writer(CLOCK_BYTES + list.length).u64(clock.nowMs()).bytes(list)
  return frames.write(frame.finish())
}

async function readTips(frames: Frames, { clock, heard }: ClockPair): Promise<BlockId[]> {
  const frame = new Reader(await frames.read())
  const nowMs = clock.nowMs()
  const theirsMs = frame.u64()
  if (frame.fault !== undefined) {
    throw new TransportError('malformed', `A frame of tips begins with no clock: ${frame.fault}.`)
  }
  const ids = decodeIds(frame.bytes(frame.left))
  heard(theirsMs - nowMs)
  return ids
}
