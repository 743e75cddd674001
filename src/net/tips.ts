/**
 * `/weft/<16 hex>/tips/1.0.0`: one frame of 32-byte ids, the asker's tips, is answered with one frame of the other's,
 * once the other has fetched what was named, or given up. Either list may be empty. Protocol §8.
 */
import type { Connection } from '@libp2p/interface'
import type { BlockId } from '../core/model/id.ts'
import { IDS_PER_MESSAGE_MAX } from '../ports.ts'
import { converse, decodeIds, encodeIds, IDS_BYTES_MAX, type Frames } from './exchange.ts'

/**
 * Names our tips and resolves with the peer's.
 *
 * @throws TransportError see `converse`; `too-much` or `malformed` where the peer broke the protocol
 */
export function requestTips(
  connection: Connection,
  protocol: string,
  ids: readonly BlockId[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<readonly BlockId[]> {
  const limits = { frameBytesMax: IDS_BYTES_MAX, bufferBytesMax: 2 * IDS_BYTES_MAX, timeoutMs }
  return converse(connection, protocol, limits, signal, async (frames) => {
    await frames.write(encodeIds(ids))
    return decodeIds(await frames.read())
  })
}

/** Answers one request with the tips that `meet` resolves with. */
export async function answerTips(
  frames: Frames,
  meet: (ids: readonly BlockId[]) => Promise<readonly BlockId[]>,
): Promise<void> {
  const ours = await meet(decodeIds(await frames.read()))
  await frames.write(encodeIds(ours.slice(0, IDS_PER_MESSAGE_MAX)))
}
