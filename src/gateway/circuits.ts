import { RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2'
import { StreamMessageEvent, type Libp2p, type Stream } from '@libp2p/interface'

/**
 * The connections a relay passes on, called circuits. Each is seen by the stream that leads to the one who is called,
 * from the moment the relay asks whether the call is taken (circuit relay v2, "stop" protocol).
 */
export class Circuits {
  readonly #open = new Set<Stream>()
  #opened = 0
  #bytes = 0
  #emptied: () => void = () => undefined

  /** Begins to count; to be called before `node` starts. */
  watch(node: Libp2p): void {
    node.use(RELAY_V2_STOP_CODEC, (stream, connection, next) => {
      this.#count(stream)
      next(stream, connection)
    })
  }

  /** Circuits that are open now. */
  get open(): number {
    return this.#open.size
  }

  /** Circuits since the start. */
  get opened(): number {
    return this.#opened
  }

  /** Bytes both ways since the start, some 100 of each circuit for the question and its answer. */
  get bytes(): number {
    return this.#bytes
  }

  /** Resolves when no circuit is open, and after `ms` in any case. */
  ended(ms: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#emptied = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #count(stream: Stream): void {
    this.#open.add(stream)
    this.#opened++
    stream.addEventListener('close', () => {
      this.#open.delete(stream)
      if (this.#open.size === 0) this.#emptied()
    })
    const send = stream.send.bind(stream)
    stream.send = (data) => {
      this.#bytes += data.byteLength
      return send(data)
    }
    // Not a listener: a stream that has one hands its data out, and before the two ends are joined nobody else is there.
    const dispatch = stream.dispatchEvent.bind(stream)
    stream.dispatchEvent = (event) => {
      if (event instanceof StreamMessageEvent) this.#bytes += event.data.byteLength
      return dispatch(event)
    }
  }
}
