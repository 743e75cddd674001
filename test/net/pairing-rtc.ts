import type { RtcChannel, RtcConnection } from '../../src/net/pairing/connection.ts'
import type { Description } from '../../src/net/rtc/messages.ts'

/** How the connections of a local network behave that a test has made up. */
export interface FakeLan {
  /** Opens a connection on it, as `new RTCPeerConnection` does. */
  readonly open: () => FakeRtc
  /** Everything opened so far, oldest first. */
  readonly opened: readonly FakeRtc[]
}

/**
 * A network of `RTCPeerConnection`s in memory: two are connected once each was told of the other.
 *
 * @param reachable whether anybody on it reaches anybody
 */
export function fakeLan({
  reachable = true,
  addresses = ['192.168.1.5'],
}: { readonly reachable?: boolean; readonly addresses?: readonly string[] } = {}): FakeLan {
  const opened: FakeRtc[] = []
  const meet = (from: FakeRtc) => {
    const to = opened.find(({ ufrag }) => ufrag === from.heard)
    if (reachable && to?.heard === from.ufrag) from.channel.join(to.channel)
  }
  return {
    opened,
    open: () => {
      const fresh = new FakeRtc(`u${String(opened.length).padStart(3, '0')}`, addresses, meet)
      opened.push(fresh)
      return fresh
    },
  }
}

class FakeChannel extends EventTarget implements RtcChannel {
  readyState = 'connecting'
  bufferedAmount = 0
  binaryType = 'blob'
  bufferedAmountLowThreshold = 0
  #other: FakeChannel | undefined

  join(other: FakeChannel): void {
    this.#other = other
    other.#other = this
    for (const end of [this, other]) {
      end.readyState = 'open'
      setTimeout(() => end.dispatchEvent(new Event('open')))
    }
  }

  send(data: Uint8Array): void {
    const copy = data.slice().buffer
    const other = this.#other
    setTimeout(() => other?.arrive(copy))
  }

  /** Something comes in, from the other end or from a test. */
  arrive(data: unknown): void {
    if (this.readyState === 'open') this.dispatchEvent(new MessageEvent('message', { data }))
  }

  close(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    const other = this.#other
    setTimeout(() => {
      this.dispatchEvent(new Event('close'))
      other?.close()
    })
  }
}

class FakeRtc extends EventTarget implements RtcConnection {
  readonly ufrag: string
  readonly channel = new FakeChannel()
  connectionState = 'new'
  iceGatheringState = 'new'
  localDescription: { sdp: string } | null = null
  /** The ICE user fragment of the other side, once it is known. */
  heard: string | undefined
  readonly #addresses: readonly string[]
  readonly #meet: (from: FakeRtc) => void

  constructor(ufrag: string, addresses: readonly string[], meet: (from: FakeRtc) => void) {
    super()
    this.ufrag = ufrag
    this.#addresses = addresses
    this.#meet = meet
  }

  createDataChannel(): RtcChannel {
    return this.channel
  }

  async setLocalDescription(): Promise<void> {
    const lines = [
      'v=0',
      `a=ice-ufrag:${this.ufrag}`,
      'a=ice-pwd:abcdefghijklmnopqrstuvwx',
      `a=fingerprint:sha-256 ${Array<string>(32).fill('0A').join(':')}`,
      ...this.#addresses.map(
        (address, i) => `a=candidate:${i} 1 udp ${90 - i} ${address} ${5000 + i} typ host`,
      ),
    ]
    this.localDescription = { sdp: lines.map((line) => `${line}\r\n`).join('') }
    this.change('iceGatheringState', 'complete')
  }

  async setRemoteDescription({ sdp = '' }: Description): Promise<void> {
    this.heard = /a=ice-ufrag:(\S+)/.exec(sdp)?.[1]
    this.#meet(this)
  }

  /** The browser tells of a new state. */
  change(state: 'connectionState' | 'iceGatheringState', to: string): void {
    this[state] = to
    this.dispatchEvent(new Event(`${state.toLowerCase()}change`))
  }

  close(): void {
    this.connectionState = 'closed'
    this.channel.close()
  }
}
