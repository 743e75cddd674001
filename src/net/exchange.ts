import type { Connection, Stream } from '@libp2p/interface'
import { blockIdOf, bytesOf } from '../core/codec/hex.ts'
import { ID_BYTES, type BlockId } from '../core/model/id.ts'
import { IDS_PER_MESSAGE_MAX, type Blame } from '../ports.ts'
import { TransportError } from './error.ts'
import { framesOf, type ExchangeLimits, type Frames } from './frames.ts'
import { roomOn } from './relayed.ts'

/** Bytes of the longest message of ids. */
export const IDS_BYTES_MAX = ID_BYTES * IDS_PER_MESSAGE_MAX

/**
 * One exchange with a peer, on a stream of its own: opens it, lets `talk` use its frames, closes it.
 *
 * @throws TransportError `silent` or `timeout` after `timeoutMs`, `lost-peer` where the stream or the connection fails, and what
 *   `talk` throws; the reason of `signal` where the caller gave up
 */
export async function converse<T>(
  connection: Connection,
  protocol: string,
  limits: Pick<ExchangeLimits, 'frameBytesMax' | 'bufferBytesMax' | 'idleMs'> & {
    readonly timeoutMs: number
  },
  signal: AbortSignal | undefined,
  talk: (frames: Frames) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(limits.timeoutMs)
  const both = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  let stream: Stream | undefined
  try {
    signal?.throwIfAborted()
    stream = await connection.newStream(protocol, { signal: both, runOnLimitedConnection: true })
    const room = () => roomOn(connection)
    const answer = await talk(framesOf(stream, { ...limits, signal: both, room }))
    // The answer is complete; how the stream ends concerns nobody any more.
    const ended = stream
    ended.close({ signal: both }).catch((error: Error) => ended.abort(error))
    return answer
  } catch (error) {
    stream?.abort(error instanceof Error ? error : new Error(String(error)))
    if (signal?.aborted === true) throw signal.reason
    if (error instanceof TransportError) throw error
    if (timeout.aborted)
      throw new TransportError(stream ? 'timeout' : 'silent', `No answer within ${limits.timeoutMs} ms.`)
    throw new TransportError('lost-peer', 'The connection failed during the request.', { cause: error })
  }
}

/** Ids to the bytes of a message: 32 each, one after the other. */
export function encodeIds(ids: readonly BlockId[]): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES * ids.length)
  ids.forEach((id, index) => bytes.set(bytesOf(id), ID_BYTES * index))
  return bytes
}

/** A message of at most `IDS_PER_MESSAGE_MAX` ids. Throws `TransportError` `malformed` where it is none. */
export function decodeIds(bytes: Uint8Array): BlockId[] {
  if (bytes.length % ID_BYTES !== 0) {
    throw new TransportError('malformed', `${bytes.length} bytes are no list of ids.`)
  }
  const ids: BlockId[] = []
  for (let at = 0; at < bytes.length; at += ID_BYTES) ids.push(blockIdOf(bytes.subarray(at, at + ID_BYTES)))
  return ids
}

/** Refuses a request of ours that names too many ids. Throws `TransportError` `bad-request`. */
export function checkCount(ids: readonly BlockId[]): void {
  if (ids.length > IDS_PER_MESSAGE_MAX) {
    throw new TransportError('bad-request', `${ids.length} ids are more than ${IDS_PER_MESSAGE_MAX}.`)
  }
}

/** Errors that are their peer's fault. */
const BLAMED = ['malformed', 'too-much', 'not-asked-for', 'not-converging'] as const

/** What a peer is blamed for after `error`; `undefined` where it did nothing wrong. */
export function blameFor(error: unknown): Blame | undefined {
  if (!(error instanceof TransportError)) return undefined
  return BLAMED.find((kind) => kind === error.kind)
}
