import { InitChannel, LentChannel } from './channel.ts'
import { eventWith, HandlerTarget } from './events.ts'
import type {
  Call,
  Candidate,
  ChannelOptions,
  Command,
  Configuration,
  ConnectionState,
  Description,
  Report,
} from './messages.ts'

/** Where a stand-in sends its commands. */
export interface Wire {
  /** Takes a new connection in and returns its number. Throws `NotSupportedError` with no page attached. */
  admit(connection: LentConnection): number
  send(command: Command): void
  forget(connection: number): void
}

const CLOSED: ConnectionState = {
  connectionState: 'closed',
  iceConnectionState: 'closed',
  iceGatheringState: 'complete',
  signalingState: 'closed',
  localDescription: null,
  remoteDescription: null,
}

/**
 * Stands in for `RTCPeerConnection` in a worker: as much of it as libp2p uses, with the W3C's names. Everything it
 * does happens on the page; its state is what the page reported last.
 */
export class LentConnection extends HandlerTarget {
  readonly #wire: Wire
  readonly #id: number
  readonly #calls = new Map<number, PromiseWithResolvers<Description | null>>()
  /** Channels asked for whose real ones are on their way. */
  readonly #channels = new Map<number, LentChannel>()
  #state: ConnectionState = {
    ...CLOSED,
    connectionState: 'new',
    iceConnectionState: 'new',
    iceGatheringState: 'new',
    signalingState: 'stable',
  }
  #count = 0

  constructor(wire: Wire, configuration: Configuration = {}) {
    super()
    this.#wire = wire
    this.#id = wire.admit(this)
    wire.send({ type: 'open', connection: this.#id, configuration })
  }

  get connectionState(): ConnectionState['connectionState'] {
    return this.#state.connectionState
  }

  get iceConnectionState(): string {
    return this.#state.iceConnectionState
  }

  get iceGatheringState(): string {
    return this.#state.iceGatheringState
  }

  get signalingState(): string {
    return this.#state.signalingState
  }

  get localDescription(): Description | null {
    return this.#state.localDescription
  }

  get remoteDescription(): Description | null {
    return this.#state.remoteDescription
  }

  createOffer(): Promise<Description | null> {
    return this.#call({ method: 'createOffer' })
  }

  createAnswer(): Promise<Description | null> {
    return this.#call({ method: 'createAnswer' })
  }

  async setLocalDescription(description?: Description): Promise<void> {
    const plain = description && { ...description }
    await this.#call({ method: 'setLocalDescription', ...(plain && { description: plain }) })
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await this.#call({ method: 'setRemoteDescription', description: { ...description } })
  }

  async addIceCandidate(candidate: Candidate | null): Promise<void> {
    await this.#call({ method: 'addIceCandidate', candidate: candidate && { ...candidate } })
  }

  /** Asks the page for a data channel. An `init` channel comes in the form that does not hang the dialler. */
  createDataChannel(label: string, options: ChannelOptions = {}): InitChannel | LentChannel {
    const channel = new LentChannel(label)
    const wrapped = label === 'init' ? new InitChannel(channel) : channel
    if (this.connectionState === 'closed') {
      queueMicrotask(() => channel.lose())
      return wrapped
    }
    const number = ++this.#count
    this.#channels.set(number, channel)
    this.#wire.send({
      type: 'channel',
      connection: this.#id,
      channel: number,
      label,
      options: { ...options },
    })
    return wrapped
  }

  close(): void {
    if (this.connectionState === 'closed') return
    this.#wire.send({ type: 'close', connection: this.#id })
    this.#end('The connection was closed.')
  }

  /** Takes in what the page reported about this connection. */
  take(report: Report): void {
    switch (report.type) {
      case 'state':
        this.#state = report.state
        this.dispatchEvent(new Event(report.event))
        if (report.state.connectionState === 'closed') this.#end('The connection was closed.')
        return
      case 'candidate':
        this.dispatchEvent(
          eventWith('icecandidate', { candidate: report.candidate && new LentCandidate(report.candidate) }),
        )
        return
      case 'result':
        this.#state = report.state
        this.#settle(report)
        return
      case 'channel-made':
        this.#channels.get(report.channel)?.adopt(report.handle)
        this.#channels.delete(report.channel)
        return
      case 'channel-arrived':
        this.dispatchEvent(eventWith('datachannel', { channel: report.handle }))
        return
      case 'lost':
        this.lose(report.reason)
    }
  }

  /** The connection is gone, and not by our own will: tells whoever uses it. */
  lose(reason: string): void {
    if (this.connectionState === 'closed') return
    this.#end(reason)
    this.dispatchEvent(new Event('connectionstatechange'))
  }

  #call(what: Call): Promise<Description | null> {
    if (this.connectionState === 'closed') {
      return Promise.reject(new DOMException('The connection is closed.', 'InvalidStateError'))
    }
    const call = ++this.#count
    const answer = Promise.withResolvers<Description | null>()
    this.#calls.set(call, answer)
    this.#wire.send({ type: 'call', connection: this.#id, call, what })
    return answer.promise
  }

  #settle({ call, outcome }: Extract<Report, { type: 'result' }>): void {
    const answer = this.#calls.get(call)
    this.#calls.delete(call)
    if (outcome.ok) answer?.resolve(outcome.description)
    else answer?.reject(new DOMException(outcome.message, outcome.name))
  }

  #end(reason: string): void {
    this.#state = CLOSED
    this.#wire.forget(this.#id)
    for (const answer of this.#calls.values()) answer.reject(new DOMException(reason, 'AbortError'))
    this.#calls.clear()
    for (const channel of this.#channels.values()) channel.lose()
    this.#channels.clear()
    // No browser says `close` of a connection, but libp2p listens for it to let its abort listener go.
    queueMicrotask(() => this.dispatchEvent(new Event('close')))
  }
}

/** Stands in for `RTCSessionDescription`. */
export class LentDescription implements Description {
  readonly type: Description['type']
  readonly sdp: string

  constructor({ type, sdp = '' }: Description) {
    this.type = type
    this.sdp = sdp
  }

  toJSON(): Description {
    return { type: this.type, sdp: this.sdp }
  }
}

/** Stands in for `RTCIceCandidate`. */
export class LentCandidate implements Candidate {
  readonly candidate: string
  readonly sdpMid: string | null
  readonly sdpMLineIndex: number | null
  readonly usernameFragment: string | null

  constructor({ candidate = '', sdpMid = null, sdpMLineIndex = null, usernameFragment = null }: Candidate) {
    this.candidate = candidate
    this.sdpMid = sdpMid
    this.sdpMLineIndex = sdpMLineIndex
    this.usernameFragment = usernameFragment
  }

  toJSON(): Candidate {
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = this
    return { candidate, sdpMid, sdpMLineIndex, usernameFragment }
  }
}
