/**
 * A stand-in for `navigator.serial` in a page: real streams without a cable. A test says what devices are plugged in, what
 * they say and when their line fails. No browser lets its own list of serial ports be driven from outside.
 *
 * What differs from a real port: whoever listens at the wrong speed hears every byte changed, and never an error of the
 * line that the test did not ask for.
 */
import type { Page } from '@playwright/test'

/** Errors after which a port stays open with a new stream. Web Serial API §4.4. */
export type LineError = 'BreakError' | 'BufferOverrunError' | 'FramingError' | 'ParityError'

interface StandIn {
  plugIn(id: number, baudRate: number): void
  say(id: number, bytes: readonly number[]): void
  fault(id: number, name: string): void
  unplug(id: number): void
  /** Bits a second it is open at; 0 while it is closed. */
  openAt(id: number): number
}

declare global {
  var serialStandIn: StandIn
}

/** Runs in the page, before anything of it: an init script. */
export function standInForSerial(): void {
  const ports = new Map<number, Port>()
  const chosen = new Set<number>()
  const serial = new EventTarget()

  class Port extends EventTarget {
    readonly id: number
    readonly baudRate: number
    openAt = 0
    readable: ReadableStream<Uint8Array> | null = null
    writable: WritableStream<Uint8Array> | null = null
    controller: ReadableStreamDefaultController<Uint8Array> | undefined

    constructor(id: number, baudRate: number) {
      super()
      this.id = id
      this.baudRate = baudRate
    }

    getInfo() {
      return { usbVendorId: 0x1a86, usbProductId: this.id }
    }

    async open({ baudRate }: { baudRate: number }) {
      if (this.openAt !== 0) throw new DOMException('The port is already open.', 'InvalidStateError')
      if (ports.get(this.id) !== this) throw new DOMException('Failed to open serial port.', 'NetworkError')
      this.openAt = baudRate
      this.renew()
      this.writable = new WritableStream()
    }

    async close() {
      if (this.readable?.locked || this.writable?.locked) throw new TypeError('a stream is locked')
      this.openAt = 0
      this.readable = this.writable = null
    }

    say(bytes: readonly number[]) {
      const isRight = this.openAt === this.baudRate
      this.controller?.enqueue(Uint8Array.from(bytes, (byte) => (isRight ? byte : byte ^ 0xa5)))
    }

    fault(name: string) {
      this.controller?.error(new DOMException(name, name))
      this.renew()
    }

    vanish() {
      this.controller?.error(new DOMException('The device has been lost.', 'NetworkError'))
      this.controller = undefined
      this.openAt = 0
      this.readable = this.writable = null
    }

    renew() {
      this.readable = new ReadableStream({
        start: (controller) => void (this.controller = controller),
        cancel: () => void (this.controller = undefined),
      })
    }
  }

  const known = () => [...ports.values()].filter(({ id }) => chosen.has(id))
  Object.assign(serial, {
    getPorts: async () => known(),
    requestPort: async () => {
      if (!navigator.userActivation.isActive) throw new DOMException('no click', 'SecurityError')
      const port = [...ports.values()].at(-1)
      if (port === undefined) throw new DOMException('No port selected by the user.', 'NotFoundError')
      chosen.add(port.id)
      return port
    },
  })
  Object.defineProperty(navigator, 'serial', { value: serial, configurable: true })
  globalThis.serialStandIn = {
    plugIn: (id, baudRate) => {
      ports.set(id, new Port(id, baudRate))
      serial.dispatchEvent(new Event('connect'))
    },
    say: (id, bytes) => ports.get(id)?.say(bytes),
    fault: (id, name) => ports.get(id)?.fault(name),
    unplug: (id) => {
      const port = ports.get(id)
      ports.delete(id)
      port?.vanish()
    },
    openAt: (id) => ports.get(id)?.openAt ?? 0,
  }
}

/** A device on a cable. The browser's list names the one that was plugged in last. */
export class SerialDevice {
  readonly #page: Page
  readonly #id: number
  readonly #baudRate: number

  /** @param id its USB product id, by which it is known again */
  constructor(page: Page, id: number, baudRate: number) {
    this.#page = page
    this.#id = id
    this.#baudRate = baudRate
  }

  async plugIn(): Promise<void> {
    await this.#page.evaluate(([id, baudRate]) => serialStandIn.plugIn(id, baudRate), [
      this.#id,
      this.#baudRate,
    ] as const)
  }

  /** In the middle of whatever it says. */
  async unplug(): Promise<void> {
    await this.#page.evaluate((id) => serialStandIn.unplug(id), this.#id)
  }

  /** Says `text` in chunks of `chunk` bytes. Nobody hears it while the port is closed. */
  async say(text: string, chunk = 7): Promise<void> {
    const bytes = [...Buffer.from(text, 'latin1')]
    for (let from = 0; from < bytes.length; from += chunk) {
      await this.#page.evaluate(([id, part]) => serialStandIn.say(id, part), [
        this.#id,
        bytes.slice(from, from + chunk),
      ] as const)
    }
  }

  async fault(name: LineError): Promise<void> {
    await this.#page.evaluate(([id, error]) => serialStandIn.fault(id, error), [this.#id, name] as const)
  }

  /** Bits a second its port is open at; 0 while it is closed. */
  openAt(): Promise<number> {
    return this.#page.evaluate((id) => serialStandIn.openAt(id), this.#id)
  }
}
