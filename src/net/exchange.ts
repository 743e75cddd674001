import type { Connection, Stream } from '@libp2p/interface'
import { lpStream, type LengthPrefixedStream } from '@libp2p/utils'
import { blockIdOf, bytesOf } from '../core/codec/hex.ts'
import { ID_BYTES, type BlockId } from '../core/model/id.ts'
import { IDS_PER_MESSAGE_MAX, type Blame } from '../ports.ts'
import { TransportError } from './error.ts'
import { roomOn } from './relayed.ts'

/** Bytes of the longest message of ids. */
export const IDS_BYTES_MAX = ID_BYTES * IDS_PER_MESSAGE_MAX

/** Frames of one stream: each an unsigned varint and so many bytes, as libp2p prefixes everything. */
export interface Frames {
  /** The next frame, copied. Throws `TransportError` `too-much` where it is longer than agreed. */
  read(): Promise<Uint8Array>
  /** Writes some, in as few messages as they fit into. Throws `TransportError` `lost-peer` where there is no room. */
  write(...some: readonly Uint8Array[]): Promise<void>
  /** Bytes the connection still carries: what is longer is not written. */
  room(): number
}

/** What bounds one exchange. */
export interface ExchangeLimits {
  /** Longest frame that may arrive. */
  readonly frameBytesMax: number
  /** Most bytes that may lie unread. */
  readonly bufferBytesMax: number
  readonly signal: AbortSignal
  /** Bounds reading the first frame more tightly. */
  readonly firstSignal?: AbortSignal
  /** How long a frame may be waited for, where that is less than `signal` allows. */
  readonly idleMs?: number
  /** Bytes the connection still carries: what is longer is not written. */
  readonly room: () => number
}

/** Bytes of frames written at once: WebRTC sends messages of 16 KiB, and each costs as much as a small one. */
const MESSAGE_BYTES = 16 * 1024 - 64

/** Bytes of the length before a frame. */
const PREFIX_BYTES_MAX = 3

/** Wraps a stream into frames. */
export function framesOf(stream: Stream, limits: ExchangeLimits): Frames {
  const { frameBytesMax, bufferBytesMax, signal, firstSignal = signal, idleMs, room } = limits
  const frames: LengthPrefixedStream = lpStream(stream, {
    maxDataLength: frameBytesMax,
    maxBufferSize: bufferBytesMax,
  })
  // one for all frames: an answer has thousands
  const idle = new AbortController()
  const whole = idleMs === undefined ? signal : AbortSignal.any([signal, idle.signal])
  let isFirst = true
  let isSilent = true
  return {
    async read() {
      const bound = isFirst ? AbortSignal.any([whole, firstSignal]) : whole
      isFirst = false
      const timer = idleMs === undefined ? undefined : setTimeout(() => idle.abort(), idleMs)
      try {
        const frame = (await frames.read({ signal: bound })).slice()
        isSilent = false
        return frame
      } catch (error) {
        if (bound.aborted)
          throw new TransportError(isSilent ? 'silent' : 'timeout', 'No frame in time.', { cause: error })
        throw breachOf(error) ?? error
      } finally {
        clearTimeout(timer)
      }
    },
    room,
    async write(...some) {
      for (const message of messagesOf(some)) {
        if (sizeOf(message) > room())
          throw new TransportError('lost-peer', 'The relay carries no more than this.')
        await frames.writeV(message, { signal })
      }
    },
  }
}

/** Frames in groups that fit into a message each, or are longer alone. */
function messagesOf(frames: readonly Uint8Array[]): Uint8Array[][] {
  const messages: Uint8Array[][] = []
  let left = 0
  for (const frame of frames) {
    const size = PREFIX_BYTES_MAX + frame.length
    const last = messages.at(-1)
    if (last === undefined || size > left) {
      messages.push([frame])
      left = MESSAGE_BYTES - size
    } else {
      last.push(frame)
      left -= size
    }
  }
  return messages
}

const sizeOf = (frames: readonly Uint8Array[]) => frames.reduce((sum, { length }) => sum + length, 0)

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

/** The errors of `lpStream` that say the peer broke the framing. */
function breachOf(error: unknown): TransportError | undefined {
  if (!(error instanceof Error)) return undefined
  switch (error.name) {
    case 'InvalidMessageLengthError':
    case 'InvalidDataLengthLengthError':
      return new TransportError('malformed', 'A frame has no valid length.', { cause: error })
    case 'InvalidDataLengthError':
    case 'StreamBufferError':
      return new TransportError('too-much', 'A frame is longer than agreed.', { cause: error })
    default:
      return undefined
  }
}
