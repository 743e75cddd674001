import type { Upgrader } from '@libp2p/interface'
import { PairingError, type PairingFault } from '../../ports.ts'
import type { Description } from '../rtc/messages.ts'
import type { Endpoint } from './code.ts'
import type { PairedConnection, RtcConnection } from './connection.ts'
import { endpointIn } from './description.ts'

/** How long addresses are collected. Without servers to ask a browser is done at once; a name may take it a second. */
const GATHERING_MS = 3000

/** What an attempt is made from. */
export interface AttemptOptions {
  /** Which code this device shows. */
  readonly kind: 'offer' | 'answer'
  readonly pairing: string
  /** When its codes stop being good. */
  readonly expiresAtMs: number
  readonly rtc: RtcConnection
  readonly connection: PairedConnection
  readonly upgrader: Upgrader
}

/** One pairing of this device with another, from its first code to the connection or to whatever went wrong. */
export class Attempt {
  readonly options: AttemptOptions
  /** Resolves once the two are connected; rejects with `PairingError`. */
  readonly outcome: Promise<void>
  readonly #settle: Pick<PromiseWithResolvers<void>, 'resolve' | 'reject'>
  readonly #abort = new AbortController()
  #deadline: ReturnType<typeof setTimeout>
  #fault: PairingFault | undefined
  #isTaken = false
  #isOver = false

  /** @param waitMs without a connection by then it ends as `no-answer` */
  constructor(options: AttemptOptions, waitMs: number) {
    this.options = options
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.outcome = promise
    this.#settle = { resolve, reject }
    // nobody need ask how it went
    promise.catch(() => undefined)
    this.#deadline = setTimeout(() => this.end('no-answer'), waitMs)
    void this.#connect()
  }

  /** Whether an answer to it was taken. */
  get isTaken(): boolean {
    return this.#isTaken
  }

  /** Whether it is connected or has ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** What this end's code says. Rejects with `PairingError`, after which the attempt is over. */
  async describe(): Promise<Endpoint> {
    const { rtc } = this.options
    try {
      await rtc.setLocalDescription()
      await gathered(rtc, this.#abort.signal)
    } catch {
      throw this.#failure('failed')
    }
    const endpoint = endpointIn(rtc.localDescription?.sdp ?? '')
    if (this.#isOver || endpoint === undefined) throw this.#failure('failed')
    if (endpoint.candidates.length === 0) throw this.#failure('no-network')
    return endpoint
  }

  /** Takes in what the other end's code says. Rejects as `describe` does. */
  async hear(description: Description): Promise<void> {
    try {
      await this.options.rtc.setRemoteDescription(description)
    } catch {
      throw this.#failure('failed')
    }
  }

  /** The answer has come: there is to be a connection within `connectMs`, and no other answer is taken. */
  take(connectMs: number): void {
    this.#isTaken = true
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.end('failed'), connectMs)
  }

  /** Ends it where it is not over. */
  end(fault: PairingFault): void {
    if (this.#isOver) return
    this.#over()
    this.#fault = fault
    const error = new PairingError(fault)
    this.#settle.reject(error)
    this.#abort.abort(error)
    this.options.connection.abort(error)
  }

  async #connect(): Promise<void> {
    const { kind, connection, upgrader } = this.options
    const options = { signal: this.#abort.signal, skipProtection: true }
    try {
      await connection.opened
      if (kind === 'offer') await upgrader.upgradeOutbound(connection, options)
      else await upgrader.upgradeInbound(connection, options)
      if (this.#isOver) return
      this.#over()
      this.#settle.resolve()
    } catch {
      this.end('failed')
    }
  }

  #over(): void {
    this.#isOver = true
    clearTimeout(this.#deadline)
  }

  /** Ends the attempt as `fault`, where it has not ended otherwise, and returns the reason it ended for. */
  #failure(fault: PairingFault): PairingError {
    this.end(fault)
    return new PairingError(this.#fault ?? fault)
  }
}

/** Resolves once the browser has named all addresses, or after `GATHERING_MS` with those it has. */
async function gathered(rtc: RtcConnection, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, GATHERING_MS)
  const look = () => {
    if (rtc.iceGatheringState === 'complete' || signal.aborted) resolve()
  }
  rtc.addEventListener('icegatheringstatechange', look)
  signal.addEventListener('abort', look)
  look()
  await promise
  clearTimeout(timer)
}
