import type { Connection, Logger } from '@libp2p/interface'
import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import type { ChannelOptions, Description } from '../rtc/messages.ts'

/** Bytes of one message: what every browser sends and receives without pieces of its own. */
const MESSAGE_BYTES_MAX = 16 * 1024

/** Bytes that wait in the channel before writing pauses, and at which it goes on. Under Chromium's own 16 MiB by far. */
const UNSENT_BYTES_MAX = 1024 * 1024
const UNSENT_BYTES_LOW = 64 * 1024

/** Bytes that wait for the channel, or to be read, before the connection is given up: as much as libp2p itself allows. */
const BUFFER_BYTES_MAX = 4 * 1024 * 1024

/** What is used of `RTCDataChannel`. */
export interface RtcChannel {
  readonly readyState: string
  readonly bufferedAmount: number
  binaryType: string
  bufferedAmountLowThreshold: number
  addEventListener(type: string, listener: (event: Event) => void): void
  send(data: Uint8Array): void
  close(): void
}

/** What is used of `RTCPeerConnection`, or of what stands in for it in a worker. */
export interface RtcConnection {
  readonly connectionState: string
  readonly iceGatheringState: string
  readonly localDescription: Pick<Description, 'sdp'> | null
  addEventListener(type: string, listener: () => void): void
  createDataChannel(label: string, options: ChannelOptions): RtcChannel
  setLocalDescription(): Promise<void>
  setRemoteDescription(description: Description): Promise<void>
  close(): void
}

/** The timelines of all paired connections: the one object a libp2p connection shares with what it was made from. */
const timelines = new WeakSet<object>()

/** Whether `connection` came of a pairing on this device. Nothing a peer says or is reached by can make it look so. */
export function isPaired(connection: Pick<Connection, 'timeline'>): boolean {
  return timelines.has(connection.timeline)
}

/**
 * One data channel as the bare connection that libp2p makes one of its own of: noise and yamux run inside. Both sides
 * make the channel under the number 0, so that none has to be announced.
 */
export class PairedConnection extends AbstractMultiaddrConnection {
  /** Resolves once the channel is open; rejects where it closes before. */
  readonly opened: Promise<void>
  readonly #rtc: RtcConnection
  readonly #channel: RtcChannel

  constructor(rtc: RtcConnection, direction: 'inbound' | 'outbound', log: Logger) {
    super({
      // how the other side is reached is between the browsers, so there is no more to say
      remoteAddr: multiaddr('/webrtc'),
      direction,
      log,
      maxMessageSize: MESSAGE_BYTES_MAX,
      maxReadBufferLength: BUFFER_BYTES_MAX,
    })
    this.maxWriteBufferLength = BUFFER_BYTES_MAX
    timelines.add(this.timeline)
    this.#rtc = rtc
    const channel = rtc.createDataChannel('', { negotiated: true, id: 0 })
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = UNSENT_BYTES_LOW
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.opened = promise
    channel.addEventListener('open', () => resolve())
    channel.addEventListener('message', (event) => this.#take(event))
    channel.addEventListener('bufferedamountlow', () => this.safeDispatchEvent('drain'))
    channel.addEventListener('close', () => this.#lost())
    rtc.addEventListener('connectionstatechange', () => {
      const { connectionState } = rtc
      // before the channel is open, `failed` only says that the other person takes longer than the browser expects
      const failed = connectionState === 'failed' && channel.readyState !== 'connecting'
      if (failed || connectionState === 'closed') this.#lost()
    })
    this.addEventListener('close', () => reject(new Error('The connection closed.')))
  }

  override sendData(data: Parameters<AbstractMultiaddrConnection['sendData']>[0]): SendResult {
    this.#channel.send(data.subarray())
    return { sentBytes: data.byteLength, canSendMore: this.#channel.bufferedAmount < UNSENT_BYTES_MAX }
  }

  override async sendClose(): Promise<void> {
    this.#rtc.close()
  }

  override sendReset(): void {
    this.#rtc.close()
  }

  override sendPause(): void {
    // a data channel cannot be paused; yamux limits what the other side sends
  }

  override sendResume(): void {
    // see `sendPause`
  }

  #take(event: Event): void {
    const data: unknown = event instanceof MessageEvent ? event.data : undefined
    if (data instanceof ArrayBuffer) this.onData(new Uint8Array(data))
    else this.abort(new Error('A message is not of bytes.'))
  }

  #lost(): void {
    this.onTransportClosed()
    this.#rtc.close()
  }
}
