import type * as Worker from '../../src/net/rtc/worker.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InitChannel, LentChannel } from '../../src/net/rtc/channel.ts'
import { LentConnection, type Wire } from '../../src/net/rtc/connection.ts'
import { RTC_CONNECTIONS_MAX, type Command, type Report } from '../../src/net/rtc/messages.ts'
import { lendRtc } from '../../src/net/rtc/page.ts'

/** One end of a port that hands objects over as they are: Node cannot clone data channels. */
class FakePort extends EventTarget {
  other: FakePort | undefined
  readonly sent: unknown[] = []
  readonly transfers: unknown[][] = []

  postMessage(data: unknown, transfer: unknown[] = []): void {
    this.sent.push(data)
    this.transfers.push(transfer)
    const { other } = this
    queueMicrotask(() => other?.dispatchEvent(new MessageEvent('message', { data })))
  }

  start(): void {
    this.dispatchEvent(new Event('started'))
  }

  close(): void {
    const { other } = this
    this.other = undefined
    if (other !== undefined) queueMicrotask(() => other.dispatchEvent(new Event('close')))
  }
}

function fakePorts(): [FakePort, FakePort] {
  const ports: [FakePort, FakePort] = [new FakePort(), new FakePort()]
  ports[0].other = ports[1]
  ports[1].other = ports[0]
  return ports
}

class FakeChannel extends EventTarget {
  readonly label: string
  readonly id = 0
  readonly protocol = ''
  readyState: RTCDataChannelState = 'connecting'
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  binaryType = 'blob'
  readonly sent: unknown[] = []

  constructor(label: string) {
    super()
    this.label = label
  }

  go(state: RTCDataChannelState, event: string): void {
    this.readyState = state
    this.dispatchEvent(new Event(event))
  }

  send(data: unknown): void {
    this.sent.push(data)
  }

  close(): void {
    this.go('closed', 'close')
  }
}

class FakeConnection extends EventTarget {
  connectionState = 'new'
  iceConnectionState = 'new'
  iceGatheringState = 'new'
  signalingState = 'stable'
  localDescription: RTCSessionDescriptionInit | null = null
  remoteDescription: RTCSessionDescriptionInit | null = null
  readonly channels: FakeChannel[] = []
  readonly sctp = { transport: Object.assign(new EventTarget(), { state: 'connected' }) }

  async createOffer() {
    return { type: 'offer' as const, sdp: 'an offer' }
  }

  async setLocalDescription(description: RTCSessionDescriptionInit) {
    this.localDescription = description
    this.signalingState = 'have-local-offer'
  }

  async addIceCandidate(): Promise<void> {
    throw new DOMException('no remote description', 'InvalidStateError')
  }

  createDataChannel(label: string): FakeChannel {
    const channel = new FakeChannel(label)
    this.channels.push(channel)
    return channel
  }

  close(): void {
    this.connectionState = 'closed'
  }
}

/** The fakes have all that is used here of the platform's own classes, which are far larger. */
const asPort = (port: FakePort) => port as unknown as MessagePort
const asChannel = (channel: FakeChannel) => channel as unknown as RTCDataChannel

/** A page that lends fakes. */
function fakePage(port: FakePort) {
  const made: FakeConnection[] = []
  const loan = lendRtc(asPort(port), () => {
    const fake = new FakeConnection()
    made.push(fake)
    return fake as unknown as RTCPeerConnection // as with the ports
  })
  return { made, loan }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('a page that lends WebRTC to a worker', () => {
  const constructors = ['RTCPeerConnection', 'RTCSessionDescription', 'RTCIceCandidate']
  let worker: typeof Worker

  const open = () => {
    const Lent: unknown = Reflect.get(globalThis, 'RTCPeerConnection')
    return new (Lent as new (configuration: object) => LentConnection)({ iceServers: [] })
  }

  beforeEach(async () => {
    worker = await import('../../src/net/rtc/worker.ts')
  })

  afterEach(async () => {
    worker.attachRtcPort(asPort(fakePorts()[0]))
    await settled()
  })

  function attach() {
    const [pageEnd, workerEnd] = fakePorts()
    const page = fakePage(pageEnd)
    worker.attachRtcPort(asPort(workerEnd))
    return { ...page, pageEnd, workerEnd }
  }

  it('gives the worker the three constructors that libp2p looks for', () => {
    for (const name of constructors) expect(Reflect.get(globalThis, name)).toBeTypeOf('function')
  })

  it('carries calls there, and results, states and exceptions back', async () => {
    const { made } = attach()
    const connection = open()
    const offer = await connection.createOffer()
    expect(offer).toEqual({ type: 'offer', sdp: 'an offer' })
    if (offer !== null) await connection.setLocalDescription(offer)
    expect(made[0]?.localDescription).toEqual(offer)
    expect(connection.localDescription).toEqual(offer)
    expect(connection.signalingState).toBe('have-local-offer')
    await expect(connection.addIceCandidate(null)).rejects.toMatchObject({ name: 'InvalidStateError' })
  })

  it('hands a channel over in the task that made it, and the stand-in becomes it', async () => {
    const { made, pageEnd } = attach()
    const connection = open()
    const channel = connection.createDataChannel('') as LentChannel
    expect(channel.readyState).toBe('connecting')
    expect(() => channel.send(new Uint8Array(1))).toThrow(DOMException)
    const events: string[] = []
    for (const type of ['open', 'message', 'close']) channel.addEventListener(type, () => events.push(type))
    await settled()
    const real = made[0]?.channels[0]
    expect(pageEnd.transfers).toContainEqual([real])
    real?.go('open', 'open')
    channel.send(Uint8Array.of(1, 2))
    real?.dispatchEvent(new MessageEvent('message', { data: 'x' }))
    channel.close()
    expect(real?.sent).toEqual([Uint8Array.of(1, 2)])
    expect(events).toEqual(['open', 'message', 'close'])
    expect(channel.readyState).toBe('closed')
  })

  it('hands over channels that the peer opened', async () => {
    const { made, pageEnd } = attach()
    const connection = open()
    const arrived: unknown[] = []
    Object.assign(connection, { ondatachannel: (event: { channel: unknown }) => arrived.push(event.channel) })
    await settled()
    const channel = new FakeChannel('theirs')
    made[0]?.dispatchEvent(Object.assign(new Event('datachannel'), { channel }))
    expect(pageEnd.transfers.at(-1)).toEqual([channel])
    await settled()
    expect(arrived).toEqual([channel])
  })

  it('lends a bounded number of connections, and says so of the next', async () => {
    const { made } = attach()
    const connections = Array.from({ length: RTC_CONNECTIONS_MAX }, open)
    const refused = open()
    let lost = 0
    refused.addEventListener('connectionstatechange', () => lost++)
    await expect(refused.createOffer()).rejects.toMatchObject({ name: 'AbortError' })
    expect(made).toHaveLength(RTC_CONNECTIONS_MAX)
    expect([refused.connectionState, lost]).toEqual(['closed', 1])
    connections[0]?.close()
    await settled()
    expect(await open().createOffer()).not.toBeNull()
  })

  it('closes all of them when the worker goes', async () => {
    const { made, workerEnd } = attach()
    open()
    open()
    await settled()
    workerEnd.close()
    await settled()
    expect(made.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed'])
  })

  it('loses them, and what waits for them, when the page goes', async () => {
    const { loan } = attach()
    const connection = open()
    const channel = connection.createDataChannel('') as LentChannel
    const states: string[] = []
    connection.addEventListener('connectionstatechange', () => states.push(connection.connectionState))
    loan.close()
    const offer = connection.createOffer()
    await expect(offer).rejects.toMatchObject({ name: 'AbortError' })
    expect(states).toEqual(['closed'])
    expect(channel.readyState).toBe('closed')
    await expect(connection.createAnswer()).rejects.toMatchObject({ name: 'InvalidStateError' })
  })

  it('loses one at once whose other side says goodbye, before anything else tells of it', async () => {
    const { made } = attach()
    const connection = open()
    await settled()
    made[0]?.dispatchEvent(new Event('connectionstatechange'))
    const transport = made[0]?.sctp.transport
    if (transport) transport.state = 'closed'
    transport?.dispatchEvent(new Event('statechange'))
    await settled()
    expect(made[0]?.connectionState).toBe('closed')
    expect(connection.connectionState).toBe('closed')
  })

  it('loses the old ones when another page leads, and uses the new page', async () => {
    const first = attach()
    const old = open()
    await settled()
    const second = attach()
    expect(old.connectionState).toBe('closed')
    await settled()
    expect(first.made[0]?.connectionState).toBe('closed')
    open()
    await settled()
    expect([first.made.length, second.made.length]).toEqual([1, 1])
  })

  it('gives up a connection whose channel cannot be transferred', async () => {
    const { pageEnd, made } = attach()
    const post = pageEnd.postMessage.bind(pageEnd)
    pageEnd.postMessage = (data: Report, transfer: unknown[] = []) => {
      if (transfer.length > 0) throw new DOMException('could not be cloned', 'DataCloneError')
      post(data, transfer)
    }
    const connection = open()
    connection.createDataChannel('')
    await settled()
    expect([connection.connectionState, made[0]?.connectionState]).toEqual(['closed', 'closed'])
  })
})

describe('the init channel', () => {
  /** What libp2p's dialler does with it, and whether it came to an end. */
  async function dial(channel: InitChannel): Promise<string[]> {
    const steps: string[] = []
    const heard = (type: string) =>
      new Promise<void>((resolve) => {
        channel.addEventListener(type, () => resolve(), { once: true })
      })
    if (channel.readyState !== 'open') await heard('open')
    steps.push('open')
    channel.close()
    await heard('close')
    steps.push('close')
    return steps
  }

  const silent: Wire = { admit: () => 1, send: (_: Command) => undefined, forget: () => undefined }

  it('is what a connection makes under that name', () => {
    expect(new LentConnection(silent).createDataChannel('init')).toBeInstanceOf(InitChannel)
  })

  it.each([
    ['opens in time', (real: FakeChannel) => real.go('open', 'open')],
    ['is closed before the dialler saw it open', (real: FakeChannel) => real.go('closed', 'close')],
    [
      'opens and is closed at once',
      (real: FakeChannel) => {
        real.go('open', 'open')
        real.go('closed', 'close')
      },
    ],
  ])('lets the dialler finish when it %s', async (_, happen) => {
    const lent = new LentChannel('init')
    const dialled = dial(new InitChannel(lent))
    const real = new FakeChannel('init')
    lent.adopt(asChannel(real))
    happen(real)
    expect(await dialled).toEqual(['open', 'close'])
  })

  it('lets the dialler finish when it was closed before it arrived', async () => {
    const lent = new LentChannel('init')
    const real = new FakeChannel('init')
    real.readyState = 'closed'
    lent.adopt(asChannel(real))
    expect(await dial(new InitChannel(lent))).toEqual(['open', 'close'])
  })
})
