/** Serial ports without a cable: real streams, whose bytes, errors and unplugging a test decides. */
import type { LineBits, Port, PortChooser } from '../../src/sensor/serial-port.ts'
import { browserError } from './fakes.ts'

export class FakePort implements Port {
  readable: ReadableStream<Uint8Array> | null = null
  writable: WritableStream<Uint8Array> | null = null
  /** How it was opened, each time. */
  readonly opened: (LineBits & { readonly baudRate: number; readonly bufferSize: number })[] = []
  /** What was written, as text. */
  readonly written: string[] = []
  /** The speed at which the device speaks; whoever listens at another hears noise. */
  baudRate = 9600
  /** What an open fails with, the next first. */
  refuses: DOMException[] = []
  /** What the device says to a question, at once. */
  answers: (question: Uint8Array) => string | Uint8Array | undefined = () => undefined
  readonly #make: { usbVendorId?: number; usbProductId?: number }
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(usbProductId?: number) {
    this.#make = usbProductId === undefined ? {} : { usbVendorId: 0x1a86, usbProductId }
  }

  getInfo() {
    return this.#make
  }

  open(settings: LineBits & { readonly baudRate: number; readonly bufferSize: number }): Promise<void> {
    if (this.readable !== null) return Promise.reject(browserError('InvalidStateError', 'already open'))
    const refusal = this.refuses.shift()
    if (refusal !== undefined) return Promise.reject(refusal)
    this.opened.push(settings)
    this.#renew()
    this.writable = new WritableStream<Uint8Array>({
      write: (bytes) => {
        this.written.push(Buffer.from(bytes).toString('latin1'))
        if (!this.#isInStep()) return
        const answer = this.answers(bytes)
        if (answer !== undefined) this.say(answer)
      },
    })
    return Promise.resolve()
  }

  close(): Promise<void> {
    if (this.readable?.locked === true || this.writable?.locked === true) {
      return Promise.reject(new TypeError('Cannot cancel a locked stream'))
    }
    this.readable = this.writable = null
    return Promise.resolve()
  }

  /** The device speaks. Nobody hears it while the port is closed. */
  say(what: string | Uint8Array): void {
    const bytes = typeof what === 'string' ? Buffer.from(what, 'latin1') : what
    this.#controller?.enqueue(Uint8Array.from(bytes, (byte) => (this.#isInStep() ? byte : byte ^ 0xa5)))
  }

  /** An error that the port survives: its stream ends with it, and there is a new one. */
  fault(name: 'BreakError' | 'FramingError' | 'ParityError' | 'BufferOverrunError'): void {
    this.#controller?.error(browserError(name))
    this.#renew()
  }

  unplug(): void {
    this.#controller?.error(browserError('NetworkError', 'The device has been lost.'))
    this.#controller = undefined
    this.readable = this.writable = null
  }

  #isInStep(): boolean {
    return this.opened.at(-1)?.baudRate === this.baudRate
  }

  #renew(): void {
    this.readable = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#controller = undefined),
    })
  }
}

/** A browser's list of ports that answers with a port, or with what it throws. */
export class FakeSerial extends EventTarget implements PortChooser {
  asked = 0
  answer: FakePort | DOMException
  /** What was chosen before and is plugged in. */
  known: FakePort[] = []

  constructor(answer: FakePort | DOMException) {
    super()
    this.answer = answer
  }

  requestPort(): Promise<Port> {
    this.asked += 1
    if (this.answer instanceof DOMException) return Promise.reject(this.answer)
    if (!this.known.includes(this.answer)) this.known.push(this.answer)
    return Promise.resolve(this.answer)
  }

  getPorts(): Promise<readonly Port[]> {
    return Promise.resolve(this.known)
  }

  unplug(port: FakePort): void {
    this.known = this.known.filter((other) => other !== port)
    port.unplug()
  }

  plugIn(port: FakePort): void {
    this.known.push(port)
    this.dispatchEvent(new Event('connect'))
  }
}
