/**
 * Frames on a stream: each an unsigned varint and so many bytes, as libp2p prefixes everything. They are cut here and not
 * by `lpStream`, which waits anew for every length and every frame: an answer of thousands of blocks comes in hundreds of
 * messages, and is read in as many steps.
 */
import type { Stream } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import { TransportError } from './error.ts'

/** Frames of one stream. */
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
  /** Most bytes that may lie unread. As many again may have been read and wait to be asked for. */
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

/** Bytes of the length before a frame, seven bits each: two million are more than any frame here has. */
const PREFIX_BYTES_MAX = 3

/** Wraps a stream into frames. */
export function framesOf(stream: Stream, limits: ExchangeLimits): Frames {
  const { frameBytesMax, bufferBytesMax, signal, firstSignal = signal, idleMs, room } = limits
  const bytes = byteStream(stream, { maxBufferSize: bufferBytesMax })
  const parser = new FrameParser(frameBytesMax)
  // one for all frames: an answer has thousands
  const idle = new AbortController()
  const whole = idleMs === undefined ? signal : AbortSignal.any([signal, idle.signal])
  const first = firstSignal === signal ? whole : AbortSignal.any([whole, firstSignal])
  let isSilent = true

  /** Waits for a message, or for several that have come. */
  const more = async () => {
    const bound = isSilent ? first : whole
    const timer = idleMs === undefined ? undefined : setTimeout(() => idle.abort(), idleMs)
    try {
      const messages = await bytes.read({ signal: bound })
      if (messages === null) throw new TransportError('lost-peer', 'The stream ended before a frame did.')
      for (const message of messages) parser.push(message)
    } catch (error) {
      if (bound.aborted)
        throw new TransportError(isSilent ? 'silent' : 'timeout', 'No frame in time.', { cause: error })
      throw isOverflow(error)
        ? new TransportError('too-much', 'More came than was asked for.', { cause: error })
        : error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async read() {
      for (;;) {
        const frame = parser.next()
        if (frame !== undefined) {
          isSilent = false
          return frame
        }
        await more()
      }
    },
    room,
    async write(...some) {
      for (const message of messagesOf(some)) {
        if (message.length > room())
          throw new TransportError('lost-peer', 'The relay carries no more than this.')
        await bytes.write(message, { signal })
      }
    },
  }
}

/** Cuts the bytes of a stream, however they come, into frames. */
export class FrameParser {
  readonly #frameBytesMax: number
  /** What has come and is not yet in a frame; the first from `#at` on. */
  readonly #chunks: Uint8Array[] = []
  #at = 0
  /** The length so far of the frame that begins, and its bits. */
  #length = 0
  #shift = 0
  /** The frame under way, and how much of it is there. */
  #frame: Uint8Array | undefined
  #filled = 0

  /** @param frameBytesMax longest frame that may come, in bytes */
  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk)
  }

  /**
   * The next frame, copied; `undefined` where it is not whole yet.
   *
   * @throws TransportError `malformed` where a length goes on for ever, `too-much` where it is more than agreed
   */
  next(): Uint8Array | undefined {
    this.#frame ??= this.#begin()
    const frame = this.#frame
    if (frame === undefined) return undefined
    while (this.#filled < frame.length) {
      const [chunk] = this.#chunks
      if (chunk === undefined) return undefined
      const some = chunk.subarray(this.#at, this.#at + frame.length - this.#filled)
      // a copy, and no view: one block kept would keep the whole message it came in
      frame.set(some, this.#filled)
      this.#filled += some.length
      this.#pass(chunk, some.length)
    }
    this.#frame = undefined
    this.#filled = 0
    return frame
  }

  /** Room for a frame, once its length is known and no more than agreed. */
  #begin(): Uint8Array | undefined {
    for (;;) {
      const [chunk] = this.#chunks
      if (chunk === undefined) return undefined
      const byte = chunk[this.#at] ?? 0
      this.#pass(chunk, 1)
      this.#length |= (byte & 0x7f) << this.#shift
      this.#shift += 7
      if (byte < 0x80) break
      if (this.#shift === 7 * PREFIX_BYTES_MAX)
        throw new TransportError('malformed', 'A frame has no valid length.')
    }
    const length = this.#length
    this.#length = 0
    this.#shift = 0
    if (length > this.#frameBytesMax) throw new TransportError('too-much', 'A frame is longer than agreed.')
    return new Uint8Array(length)
  }

  #pass(chunk: Uint8Array, count: number): void {
    this.#at += count
    if (this.#at < chunk.length) return
    this.#chunks.shift()
    this.#at = 0
  }
}

/** Frames behind their lengths, in groups that fit into a message each, or are longer alone. */
function messagesOf(frames: readonly Uint8Array[]): Uint8Array[] {
  const groups: Uint8Array[][] = []
  let left = 0
  for (const frame of frames) {
    const size = PREFIX_BYTES_MAX + frame.length
    const last = groups.at(-1)
    if (last === undefined || size > left) {
      groups.push([frame])
      left = MESSAGE_BYTES - size
    } else {
      last.push(frame)
      left -= size
    }
  }
  return groups.map(messageOf)
}

function messageOf(frames: readonly Uint8Array[]): Uint8Array {
  const message = new Uint8Array(frames.reduce((sum, { length }) => sum + PREFIX_BYTES_MAX + length, 0))
  let at = 0
  for (const frame of frames) {
    let length = frame.length
    for (; length >= 0x80; length >>>= 7) message[at++] = (length & 0x7f) | 0x80
    message[at++] = length
    message.set(frame, at)
    at += frame.length
  }
  return message.subarray(0, at)
}

/** Whether more lay unread than may. */
function isOverflow(error: unknown): boolean {
  return error instanceof Error && error.name === 'StreamBufferError'
}
