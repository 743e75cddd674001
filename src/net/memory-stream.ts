import { TransportError } from './error.ts'
import type { Frames } from './frames.ts'

/**
 * Two ends of a stream in memory: what one writes the other reads, in order. Once `signal` aborts, reading rejects with
 * its reason.
 */
function framePair(signal: AbortSignal): readonly [Frames, Frames] {
  const [there, back] = [new Pipe(signal), new Pipe(signal)]
  return [
    {
      read: () => back.read(),
      write: async (...some) => some.forEach((frame) => there.write(frame)),
      room: () => Infinity,
    },
    {
      read: () => there.read(),
      write: async (...some) => some.forEach((frame) => back.write(frame)),
      room: () => Infinity,
    },
  ]
}

/** Both sides of one exchange, and who hears what each fails with. */
interface Conversation<T> {
  ask(frames: Frames): Promise<T>
  answer(frames: Frames): Promise<void>
  asked(error: unknown): void
  answered(error: unknown): void
}

/** Lets two sides talk over a stream in memory. Where one fails, or `signal` aborts, it ends for both. */
export async function converseInMemory<T>(conversation: Conversation<T>, signal?: AbortSignal): Promise<T> {
  const ended = new AbortController()
  signal?.addEventListener('abort', () => ended.abort(signal.reason))
  const [near, far] = framePair(ended.signal)
  const answered = conversation.answer(far).catch((error: unknown) => {
    conversation.answered(error)
    ended.abort(new TransportError('lost-peer', 'The peer gave no answer.', { cause: error }))
  })
  try {
    const result = await conversation.ask(near)
    await answered
    return result
  } catch (error) {
    conversation.asked(error)
    throw error
  } finally {
    ended.abort(new TransportError('lost-peer', 'The stream is over.'))
  }
}

/** What `work` gives, unless `timeoutMs` pass or `signal` aborts before. */
export async function within<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>()
  const silent = () => reject(new TransportError('silent', `No answer within ${timeoutMs} ms.`))
  const timer = setTimeout(silent, timeoutMs)
  const give = () => reject(signal.reason as Error)
  signal.addEventListener('abort', give)
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', give)
  }
}

class Pipe {
  readonly #signal: AbortSignal
  readonly #frames: Uint8Array[] = []
  #reader: PromiseWithResolvers<Uint8Array> | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#reader?.reject(signal.reason))
  }

  write(frame: Uint8Array): void {
    const copy = frame.slice()
    if (this.#reader === undefined) this.#frames.push(copy)
    else this.#reader.resolve(copy)
    this.#reader = undefined
  }

  async read(): Promise<Uint8Array> {
    this.#signal.throwIfAborted()
    const frame = this.#frames.shift()
    if (frame !== undefined) return frame
    if (this.#reader !== undefined) throw new TransportError('bad-request', 'Two read one stream at once.')
    this.#reader = Promise.withResolvers<Uint8Array>()
    return this.#reader.promise
  }
}
