import type { ComponentLogger, Upgrader } from '@libp2p/interface'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { NetworkId } from '../../core/model/id.ts'
import { PairingError, type Clock, type Pairing, type PairingCode, type Random } from '../../ports.ts'
import { Attempt } from './attempt.ts'
import { decodeCode, encodeCode, PAIRING_BYTES, type Code } from './code.ts'
import { PairedConnection, type RtcConnection } from './connection.ts'
import { descriptionOf } from './description.ts'

/**
 * How long an offer can be answered, and its answer taken: time to carry two codes back and forth, and so short that a
 * code lying about is soon worth nothing.
 */
export const PAIRING_MS = 5 * 60_000

/** Codes from a clock that is ahead by up to this are taken; clocks that are further apart do not agree on "expired". */
const CLOCK_SLACK_MS = 10 * 60_000

/** Pairings open at a time. Each holds ports and a connection of the page's, and a person carries one code at once. */
export const PAIRINGS_OPEN_MAX = 3

/** Pairings remembered while their codes live, so that a second use is told as one. */
const PAIRINGS_REMEMBERED_MAX = 64

/** What pairing needs from the rest of the transport. */
export interface PairingOptions {
  readonly network: NetworkId
  readonly clock: Clock
  readonly random: Random
  /** From an answer taken to a connection, at most. */
  readonly connectMs: number
  /** Whether there are as many direct peers as there may be. */
  readonly isFull: () => boolean
  /** Opens a WebRTC connection without any server. By default the platform's; throws where it has none. */
  readonly openRtc?: (() => RtcConnection) | undefined
}

/** The parts of libp2p that turn a data channel into a connection of its own. */
export interface PairingComponents {
  readonly upgrader: Upgrader
  readonly logger: ComponentLogger
}

/** Connects two devices by codes: an offer one way, an answer back. Who they are is proved by noise inside. */
export class PairingDesk implements Pairing {
  readonly #options: PairingOptions
  readonly #components: PairingComponents
  /** By name, oldest first: those that are open, and those that were while their codes live. */
  readonly #attempts = new Map<string, Attempt>()

  constructor(options: PairingOptions, components: PairingComponents) {
    this.#options = options
    this.#components = components
  }

  async offer(): Promise<PairingCode> {
    const pairing = bytesToHex(this.#options.random.bytes(PAIRING_BYTES))
    const expiresAtMs = this.#options.clock.nowMs() + PAIRING_MS
    return this.#codeOf(this.#begin('offer', pairing, expiresAtMs, PAIRING_MS))
  }

  async answer(offer: string): Promise<PairingCode> {
    const { pairing, expiresAtMs, endpoint } = this.#read(offer, 'offer')
    if (this.#attempts.has(pairing)) throw new PairingError('used')
    const { clock, connectMs } = this.#options
    const waitMs = Math.min(PAIRING_MS, expiresAtMs - clock.nowMs())
    // an answer that is taken in the last second still leads to a connection
    const attempt = this.#begin('answer', pairing, expiresAtMs, waitMs + connectMs)
    await attempt.hear(descriptionOf('offer', endpoint))
    const code = await this.#codeOf(attempt)
    return { ...code, expiresAtMs: clock.nowMs() + waitMs }
  }

  async accept(answer: string): Promise<void> {
    const { pairing, endpoint } = this.#read(answer, 'answer')
    const attempt = this.#attempts.get(pairing)
    if (attempt === undefined) throw new PairingError('other-offer')
    if (attempt.isTaken) throw new PairingError('used')
    if (attempt.isOver) throw new PairingError('other-offer')
    if (this.#options.isFull()) throw new PairingError('full')
    attempt.take(this.#options.connectMs)
    await attempt.hear(descriptionOf('answer', endpoint))
  }

  async connected(pairing: string): Promise<void> {
    const attempt = this.#attempts.get(pairing)
    if (attempt === undefined) throw new PairingError('no-answer')
    await attempt.outcome
  }

  cancel(pairing: string): void {
    this.#attempts.get(pairing)?.end('cancelled')
  }

  /** Gives up what is open. Connections that came of pairings are libp2p's, and end with it. */
  stop(): void {
    for (const attempt of this.#attempts.values()) attempt.end('cancelled')
  }

  /** Begins a pairing where there is room for one; it ends by itself after `waitMs` without a connection. */
  #begin(kind: Code['kind'], pairing: string, expiresAtMs: number, waitMs: number): Attempt {
    const { isFull, openRtc = openPlatformRtc } = this.#options
    if (isFull()) throw new PairingError('full')
    this.#forget()
    const open = [...this.#attempts.values()].filter(({ isOver }) => !isOver)
    if (open.length >= PAIRINGS_OPEN_MAX) throw new PairingError('too-many')
    const { upgrader, logger } = this.#components
    const rtc = opened(openRtc)
    const direction = kind === 'offer' ? 'outbound' : 'inbound'
    const connection = new PairedConnection(rtc, direction, logger.forComponent('weft:pairing'))
    const attempt = new Attempt({ kind, pairing, expiresAtMs, rtc, connection, upgrader }, waitMs)
    this.#attempts.set(pairing, attempt)
    return attempt
  }

  /** Forgets pairings that are over: those whose codes have expired, and the oldest where there are too many. */
  #forget(): void {
    const nowMs = this.#options.clock.nowMs()
    for (const [pairing, { isOver, options }] of this.#attempts) {
      const isPast = options.expiresAtMs <= nowMs || this.#attempts.size >= PAIRINGS_REMEMBERED_MAX
      if (isOver && isPast) this.#attempts.delete(pairing)
    }
  }

  async #codeOf(attempt: Attempt): Promise<PairingCode> {
    const endpoint = await attempt.describe()
    const { kind, pairing, expiresAtMs } = attempt.options
    const code = encodeCode({ kind, pairing, expiresAtMs, endpoint }, this.#options.network)
    return { pairing, code, expiresAtMs }
  }

  #read(text: string, kind: Code['kind']): Code {
    const nowMs = this.#options.clock.nowMs()
    const code = decodeCode(text, this.#options.network, nowMs)
    if ('fault' in code) throw new PairingError(code.fault)
    if (this.#attempts.get(code.pairing)?.options.kind === code.kind) throw new PairingError('own-code')
    if (code.kind !== kind) throw new PairingError(kind === 'offer' ? 'not-an-offer' : 'not-an-answer')
    const leftMs = code.expiresAtMs - nowMs
    if (leftMs <= 0 || leftMs > PAIRING_MS + CLOCK_SLACK_MS) throw new PairingError('expired')
    return code
  }
}

function opened(openRtc: () => RtcConnection): RtcConnection {
  try {
    return openRtc()
  } catch (error) {
    throw new PairingError('unsupported', { cause: error })
  }
}

/** In a worker this is what stands in for the page's. No STUN: no third party is asked for anything. */
function openPlatformRtc(): RtcConnection {
  const Connection = Reflect.get(globalThis, 'RTCPeerConnection') as new (
    configuration: object,
  ) => RtcConnection
  return new Connection({ iceServers: [] })
}
