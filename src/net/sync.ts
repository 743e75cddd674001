/**
 * `/weft/<16 hex>/sync/1.0.0`: how two peers become equal. One exchange a stream; its first byte says which:
 *
 * - 0, greeting: a frame from each side, see greeting.ts.
 * - 1, commits: `u64 after, u32 skip, u64 upTo` is answered with a frame for each block, in the order of commits, an
 *   empty frame, and `u64 after, u32 skip`: where it ended.
 * - 2, reconcile: messages of Negentropy, the asker's behind a byte 2, until it knows all. Then it offers what only it
 *   has: a byte 3 and the first 8 bytes of each id, answered with a bit for each, lowest first, 1 where the block is
 *   wanted; the wanted blocks follow, a frame each, then an empty frame, which is acknowledged with one. An empty frame in
 *   place of an offer ends the exchange.
 *
 * Little-endian. Protocol §8.
 */
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import { BLOCK_BYTES_MAX } from '../core/model/block.ts'
import type { NetworkId } from '../core/model/id.ts'
import {
  COMMITTED_BLOCKS_MAX,
  COMMITTED_BYTES_MAX,
  type CommitCursor,
  type CommittedBlocks,
  type Greetings,
  type PeerId,
  type TransportHandlers,
} from '../ports.ts'
import { TransportError } from './error.ts'
import type { Frames } from './frames.ts'
import { decodeGreeting, encodeGreeting, GREETING, GREETING_BYTES, greetingOf } from './greeting.ts'
import { RECONCILE_BYTES_MAX } from './reconcile.ts'
import { answerReconcile, RECONCILE } from './reconciling.ts'
import type { ClockPair } from './tips.ts'

const COMMITS = 1

const CURSOR_BYTES = 12
/** What ends an answer of commits: the place and two lengths. */
const ANSWER_END_BYTES = CURSOR_BYTES + 2

const COMMITS_REQUEST_BYTES = 1 + CURSOR_BYTES + 8

/** Bytes of the longest frame either side sends. */
export const SYNC_FRAME_BYTES_MAX = Math.max(BLOCK_BYTES_MAX, RECONCILE_BYTES_MAX + 1, GREETING_BYTES)

const END = new Uint8Array(0)

/** What syncing needs of the node behind the transport. */
export type SyncHandlers = Pick<
  TransportHandlers,
  'standing' | 'onGreeting' | 'onCommits' | 'onOffer' | 'onPushed' | 'onFetch' | 'onServed'
>

/** Greets a peer. Throws `StrangerError`, `TransportError` `malformed`, and whatever the stream fails with. */
export async function greet(
  frames: Frames,
  network: NetworkId,
  { standing }: Pick<SyncHandlers, 'standing'>,
  clocks: ClockPair,
): Promise<Greetings> {
  const ours = greetingOf(standing())
  await frames.write(encodeGreeting(ours, network, clocks.clock.nowMs()))
  return { ours, theirs: decodeGreeting(await frames.read(), network, clocks) }
}

/**
 * Asks for committed blocks.
 *
 * @throws TransportError `malformed` or `too-much` where the answer is none, and whatever the stream fails with
 */
export async function requestCommits(
  frames: Frames,
  cursor: CommitCursor,
  upTo: number,
): Promise<CommittedBlocks> {
  const { after, skip } = cursor
  await frames.write(new Writer(COMMITS_REQUEST_BYTES).u8(COMMITS).u64(after).u32(skip).u64(upTo).finish())
  const blocks: Uint8Array[] = []
  let bytes = 0
  for (let frame = await frames.read(); frame.length > 0; frame = await frames.read()) {
    bytes += frame.length
    if (bytes > COMMITTED_BYTES_MAX || blocks.length === COMMITTED_BLOCKS_MAX)
      throw new TransportError('too-much', 'The answer is too long.')
    blocks.push(frame)
  }
  return { blocks, next: readCursor(new Reader(await frames.read())) }
}

/**
 * Answers one stream of the protocol.
 *
 * @param pause waits until the peer may be answered a frame of so many bytes
 * @throws TransportError where the peer broke the protocol; what handlers throw; whatever the stream fails with
 */
export async function answerSync(
  frames: Frames,
  network: NetworkId,
  handlers: SyncHandlers,
  clocks: ClockPair,
  from: PeerId,
  pause: (bytes: number) => Promise<void>,
): Promise<void> {
  const request = await frames.read()
  await pause(request.length)
  switch (request[0]) {
    case GREETING: {
      const ours = greetingOf(handlers.standing())
      // a stranger hears what we are, too
      await frames.write(encodeGreeting(ours, network, clocks.clock.nowMs()))
      const theirs = decodeGreeting(request, network, clocks)
      return handlers.onGreeting({ ours, theirs }, from)
    }
    case COMMITS:
      return answerCommits(frames, request, handlers, from)
    case RECONCILE:
      return answerReconcile(frames, request, handlers, from, pause)
    case undefined:
    default:
      throw new TransportError('malformed', 'A frame is no request to sync.')
  }
}

async function answerCommits(
  frames: Frames,
  request: Uint8Array,
  { onCommits }: Pick<SyncHandlers, 'onCommits'>,
  from: PeerId,
): Promise<void> {
  const reader = new Reader(request.subarray(1))
  const cursor = { after: reader.u64(), skip: reader.u32() }
  const upTo = reader.u64()
  if (reader.fault !== undefined || reader.left > 0)
    throw new TransportError('malformed', 'A frame is no request for commits.')
  const bytesMax = Math.min(COMMITTED_BYTES_MAX, frames.room() - ANSWER_END_BYTES)
  const { blocks, next } = await onCommits(cursor, upTo, bytesMax, from)
  await frames.write(...blocks, END, new Writer(CURSOR_BYTES).u64(next.after).u32(next.skip).finish())
}

function readCursor(reader: Reader): CommitCursor {
  const cursor = { after: reader.u64(), skip: reader.u32() }
  if (reader.fault !== undefined || reader.left > 0)
    throw new TransportError('malformed', 'An answer does not say where it ends.')
  return cursor
}
