/** The part of Web Serial that a sensor needs, and one open port of it. Web Serial API, https://wicg.github.io/serial/ */

/** How a character goes over a line. What is left out is 8 data bits, no parity and 1 stop bit, as most are. */
export interface LineBits {
  readonly dataBits?: 7 | 8
  readonly parity?: 'none' | 'even' | 'odd'
  readonly stopBits?: 1 | 2
}

/** Of `SerialPort`. */
export interface Port {
  /** A new stream after each error that the port survives; null while it is closed, and once it is gone. */
  readonly readable: ReadableStream<Uint8Array> | null
  readonly writable: WritableStream<Uint8Array> | null
  open(options: LineBits & { readonly baudRate: number; readonly bufferSize: number }): Promise<void>
  close(): Promise<void>
  /** Nothing is known of a port that is neither USB nor Bluetooth. */
  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number }
}

/** Of `Serial`, which is `navigator.serial`. */
export interface PortChooser {
  requestPort(): Promise<Port>
  getPorts(): Promise<readonly Port[]>
  addEventListener(type: 'connect', listener: () => void, options: { readonly signal: AbortSignal }): void
}

/**
 * Bytes the browser keeps until the page takes them: over a second at 115200 baud, for a page that is busy. Its own 255
 * overflow in 22 ms.
 */
const BUFFER_BYTES = 16_384

/** Errors of the line in a row without a byte between. So many mean that there is no line, and reading ends. */
const FAULTS_IN_A_ROW_MAX = 100

/** §4.4 "readable attribute": after these the port stays open, and bytes are missing. */
const SURVIVED = ['BreakError', 'BufferOverrunError', 'FramingError', 'ParityError']

export interface LineHandlers {
  onChunk(chunk: Uint8Array): void
  /** Bytes are missing here. */
  onFault(): void
  /** It has ended by itself: unplugged, or nothing but faults. */
  onEnd(): void
}

/**
 * An open port. It is read on the page: the few kilobytes a second of a serial line are no work, and a worker would only
 * add a way for them to go.
 */
export class SerialLine {
  readonly #port: Port
  readonly #writer: WritableStreamDefaultWriter<Uint8Array> | undefined
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #reading: Promise<void> | undefined
  #isClosing = false

  private constructor(port: Port) {
    this.#port = port
    this.#writer = port.writable?.getWriter()
    // What ends the line is told of by its reading.
    this.#writer?.closed.catch(() => undefined)
  }

  /**
   * Opens a port. Rejects with a `DOMException`: `InvalidStateError` where it is open already, `NetworkError` where the
   * system does not let it be opened.
   *
   * @param baudRate bits a second
   */
  static async open(port: Port, baudRate: number, bits: LineBits = {}): Promise<SerialLine> {
    await port.open({ ...bits, baudRate, bufferSize: BUFFER_BYTES })
    return new SerialLine(port)
  }

  /** Has what comes handed on from now on. Once. */
  listen(handlers: LineHandlers): void {
    this.#reading ??= this.#read(handlers)
  }

  /** Sends bytes after those sent before. What cannot be sent is lost: whoever asks waits for an answer anyway. */
  write(bytes: Uint8Array): void {
    this.#writer?.write(bytes).catch(() => undefined)
  }

  /** Ends it. Nothing is heard any more, and once this resolves the port can be opened again. Never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#reader?.cancel().catch(() => undefined)
    await this.#reading
    await this.#writer?.abort().catch(() => undefined)
    this.#writer?.releaseLock()
    await this.#port.close().catch(() => undefined)
  }

  async #read(handlers: LineHandlers): Promise<void> {
    let faults = 0
    while (!this.#isClosing) {
      const { readable } = this.#port
      if (readable === null || readable.locked) break
      this.#reader = readable.getReader()
      const heard = await this.#readUntilFault(this.#reader, handlers)
      this.#reader.releaseLock()
      if (this.#isClosing || heard === 'end') break
      faults = heard === 'nothing' ? faults + 1 : 1
      if (faults > FAULTS_IN_A_ROW_MAX) break
      handlers.onFault()
    }
    if (!this.#isClosing) handlers.onEnd()
  }

  /** Whether bytes came before an error that the port survives, or nothing can come any more. */
  async #readUntilFault(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    handlers: LineHandlers,
  ): Promise<'something' | 'nothing' | 'end'> {
    let heard: 'something' | 'nothing' = 'nothing'
    for (;;) {
      const read = await reader.read().catch((error: unknown) => ({ error }))
      if ('error' in read) return isSurvived(read.error) ? heard : 'end'
      if (read.done || this.#isClosing) return 'end'
      heard = 'something'
      handlers.onChunk(read.value)
    }
  }
}

function isSurvived(error: unknown): boolean {
  return error instanceof Error && SURVIVED.includes(error.name)
}
