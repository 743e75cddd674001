/**
 * `/weft/<16 hex>/fetch/1.0.0`: one frame of 32-byte ids is answered with a frame for each block held, in any order,
 * and an empty frame. The asker ends with an empty frame of its own: it has read the whole answer. (The end of a stream
 * says less: a data channel closes the same way when its connection is lost.) Protocol §8.
 */
import type { Connection } from '@libp2p/interface'
import { BLOCK_BYTES_MAX } from '../core/model/block.ts'
import type { BlockId } from '../core/model/id.ts'
import { FETCH_ANSWER_BYTES_MAX, type StoredBlock } from '../ports.ts'
import { TransportError } from './error.ts'
import { converse, decodeIds, encodeIds } from './exchange.ts'
import type { Frames } from './frames.ts'

/** Ends an answer, so that a connection lost half-way is not taken for a short answer; and says that it was read. */
const END = new Uint8Array(0)

/**
 * Asks for blocks. Resolves with what came, unchecked: as many as asked for or fewer.
 *
 * @throws TransportError see `converse`; `too-much` or `malformed` where the peer broke the protocol
 */
export function requestBlocks(
  connection: Connection,
  protocol: string,
  ids: readonly BlockId[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const limits = { frameBytesMax: BLOCK_BYTES_MAX, bufferBytesMax: 2 * FETCH_ANSWER_BYTES_MAX, timeoutMs }
  return converse(connection, protocol, limits, signal, async (frames) => {
    await frames.write(encodeIds(ids))
    const blocks = await readBlocks(frames, ids.length)
    // The answer is complete, whether or not the peer hears so.
    await frames.write(END).catch(() => undefined)
    return blocks
  })
}

async function readBlocks(frames: Frames, countMax: number): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const frame = await frames.read()
    if (frame.length === 0) return blocks
    bytes += frame.length
    if (blocks.length === countMax)
      throw new TransportError('malformed', 'More blocks came than were asked for.')
    if (bytes > FETCH_ANSWER_BYTES_MAX) throw new TransportError('too-much', 'The answer is too long.')
    blocks.push(frame)
  }
}

/**
 * Answers one request with what `find` holds, up to `FETCH_ANSWER_BYTES_MAX` and to what the connection still
 * carries: the peer asks again for the rest. Calls `served` with the ids of what was sent once the peer has said that it read it.
 *
 * @throws TransportError `malformed` or `too-much` where the peer broke the protocol; what `find` throws; whatever the
 *   stream fails with
 */
export async function answerFetch(
  frames: Frames,
  find: (ids: readonly BlockId[]) => Promise<readonly StoredBlock[]>,
  served: (ids: readonly BlockId[]) => void,
): Promise<void> {
  const ids = decodeIds(await frames.read())
  if (ids.length === 0) throw new TransportError('malformed', 'The request names no block.')
  const blocks = await find(ids)
  const sent = oneAnswer(blocks.slice(0, ids.length), Math.min(FETCH_ANSWER_BYTES_MAX, frames.room()))
  await frames.write(...sent.map(({ bytes }) => bytes), END)
  const end = await frames.read()
  if (end.length > 0) throw new TransportError('malformed', 'An answer is acknowledged with an empty frame.')
  served(sent.map(({ id }) => id))
}

/** The first blocks that fit into one answer of at most `bytesMax` bytes. */
export function oneAnswer(
  blocks: readonly StoredBlock[],
  bytesMax = FETCH_ANSWER_BYTES_MAX,
): readonly StoredBlock[] {
  let size = 0
  const tooMuch = blocks.findIndex(({ bytes }) => (size += bytes.length) > bytesMax)
  return tooMuch === -1 ? blocks : blocks.slice(0, tooMuch)
}
