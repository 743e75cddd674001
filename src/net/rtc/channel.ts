import { eventWith, HandlerTarget } from './events.ts'

/**
 * A data channel of the worker's own making. `createDataChannel` answers at once, but the real channel arrives with a
 * later message: until `adopt` this stands in for it, and afterwards it passes everything on.
 */
export class LentChannel extends HandlerTarget {
  readonly label: string
  #real: RTCDataChannel | undefined
  #closed = false
  #binaryType: BinaryType = 'arraybuffer'
  #lowThreshold = 0

  constructor(label: string) {
    super()
    this.label = label
  }

  get id(): number | null {
    return this.#real?.id ?? null
  }

  get protocol(): string {
    return this.#real?.protocol ?? ''
  }

  get readyState(): RTCDataChannelState {
    if (this.#closed && this.#real === undefined) return 'closed'
    return this.#real?.readyState ?? 'connecting'
  }

  get bufferedAmount(): number {
    return this.#real?.bufferedAmount ?? 0
  }

  get binaryType(): BinaryType {
    return this.#binaryType
  }

  set binaryType(type: BinaryType) {
    this.#binaryType = type
    if (this.#real) this.#real.binaryType = type
  }

  get bufferedAmountLowThreshold(): number {
    return this.#lowThreshold
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#lowThreshold = bytes
    if (this.#real) this.#real.bufferedAmountLowThreshold = bytes
  }

  /** Takes the real channel in, which arrived from the page. */
  adopt(real: RTCDataChannel): void {
    this.#real = real
    real.binaryType = this.#binaryType
    real.bufferedAmountLowThreshold = this.#lowThreshold
    for (const type of ['open', 'closing', 'close', 'bufferedamountlow']) {
      real.addEventListener(type, () => this.dispatchEvent(new Event(type)))
    }
    real.addEventListener('error', (event) => {
      this.dispatchEvent(eventWith('error', { error: Reflect.get(event, 'error') as unknown }))
    })
    real.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      this.dispatchEvent(new MessageEvent('message', { data }))
    })
    if (this.#closed) real.close()
    // It may have opened on its way here, and then says so no more.
    else if (real.readyState === 'open') queueMicrotask(() => this.dispatchEvent(new Event('open')))
  }

  /** The connection went before the real channel came. */
  lose(): void {
    if (this.#real !== undefined || this.#closed) return
    this.#closed = true
    this.dispatchEvent(new Event('close'))
  }

  send(data: ArrayBufferView<ArrayBuffer>): void {
    if (this.#real === undefined) throw new DOMException('The channel is not open yet.', 'InvalidStateError')
    this.#real.send(data)
  }

  close(): void {
    this.#closed = true
    this.#real?.close()
  }
}

/**
 * The `init` channel, which exists only so that a connection has something to negotiate. libp2p's dialler waits for
 * its `open` event, then closes it and waits for `close`; the other side may have closed it before the dialler saw it
 * open, and then the dial hangs until its time is out (initiate-connection.js of \@libp2p/webrtc 6.0.33). Here a
 * channel that has left `connecting` counts as open, `open` always comes before `close`, and closing a closed channel
 * says `close` again.
 */
export class InitChannel extends EventTarget {
  readonly #channel: LentChannel
  #opened = false

  constructor(channel: LentChannel) {
    super()
    this.#channel = channel
    channel.addEventListener('open', () => this.#open())
    channel.addEventListener('close', () => {
      this.#open()
      this.#sayClosed()
    })
  }

  get readyState(): 'connecting' | 'open' {
    return this.#channel.readyState === 'connecting' ? 'connecting' : 'open'
  }

  close(): void {
    if (this.#channel.readyState === 'closed') this.#sayClosed()
    else this.#channel.close()
  }

  #open(): void {
    if (this.#opened) return
    this.#opened = true
    this.dispatchEvent(new Event('open'))
  }

  /** A task later, so that the dialler, which goes on in a microtask after `open`, is listening by then. */
  #sayClosed(): void {
    setTimeout(() => this.dispatchEvent(new Event('close')))
  }
}
