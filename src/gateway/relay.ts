import { isIP } from 'node:net'
import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { identify, type Identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { AnnouncementGate } from '../net/announce.ts'
import { ANSWERS } from '../net/gossip.ts'
import type { Gossip } from '../net/libp2p.ts'
import { ANNOUNCEMENT_BYTES_MAX, GOSSIP_TOPIC_BYTES_PER_PEER_MAX, TIMINGS } from '../net/limits.ts'
import { isPeersTopic, messageId } from '../net/names.ts'
import type { Clock } from '../ports.ts'

/** Peers that can be reached through this relay. libp2p's 15 are used up by one class of pupils. */
const RESERVATIONS_MAX = 512

/** A connection for each reservation, and for as many that only call. */
const CONNECTIONS_MAX = 2 * RESERVATIONS_MAX

/** New connections a second from one address: a school or a village may share one. libp2p allows five. */
const INBOUND_PER_SECOND_MAX = 128

/** Handshakes begun and not finished. */
const PENDING_INBOUND_MAX = 128

/** One relayed connection is for one WebRTC handshake, of some 10 kB; the connection itself then goes without. */
const CIRCUIT_BYTES_MAX = BigInt(128 * 1024)
const CIRCUIT_MS_MAX = 2 * 60_000

/** Networks whose announcements are passed on at a time. */
const TOPICS_MAX = 1024

/** How often topics that nobody is on any more are left. */
const TOPICS_SWEEP_MS = 60_000

/** Clients of one network that get its announcements at once; beyond these, clients tell each other. */
const MESH_MIN = 16
const MESH_MAX = 64

/** An announcement in gossipsub's framing, with control messages. */
const FRAME_BYTES_MAX = 8 * ANNOUNCEMENT_BYTES_MAX

/** Where a relay listens. */
export interface RelayOptions {
  /** An IP address, or a name that leads to this machine. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** PEM texts. With them the relay speaks TLS, which a page served over TLS needs. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly clock: Clock
}

export interface Relay {
  /** The addresses clients dial, each ending in the relay's id. */
  readonly multiaddrs: readonly string[]
  stop(): Promise<void>
}

type RelayNode = Libp2p<{ identify: Identify; pubsub: Gossip; relay: CircuitRelayService }>

/**
 * Starts a relay: it lets browsers find each other and shake hands, and sees no block. Its key is new each time.
 * Rejects where the port is taken.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const node: RelayNode = await createLibp2p({
    nodeInfo: { name: 'weft-relay', version: '1', userAgent: 'weft-relay/1' },
    addresses: addressesOf(options),
    transports: [webSockets(options.tls === undefined ? {} : { https: { ...options.tls } })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      inboundConnectionThreshold: INBOUND_PER_SECOND_MAX,
      maxIncomingPendingConnections: PENDING_INBOUND_MAX,
    },
    connectionMonitor: { pingInterval: TIMINGS.pingMs },
    services: {
      identify: identify(),
      pubsub: announcements(),
      relay: circuitRelayServer({
        reservations: {
          maxReservations: RESERVATIONS_MAX,
          defaultDataLimit: CIRCUIT_BYTES_MAX,
          defaultDurationLimit: CIRCUIT_MS_MAX,
        },
      }),
    },
  })
  const sweep = passAnnouncementsOn(node, options.clock)
  return {
    multiaddrs: node.getMultiaddrs().map(String),
    async stop() {
      clearInterval(sweep)
      await node.stop()
    },
  }
}

function addressesOf({ host, port, tls }: RelayOptions) {
  const tail = `tcp/${port}/${tls === undefined ? 'ws' : 'tls/ws'}`
  const address = host === 'localhost' ? '127.0.0.1' : host
  const family = isIP(address)
  if (family !== 0) return { listen: [`/ip${family}/${address}/${tail}`] }
  return { listen: [`/ip4/0.0.0.0/${tail}`], ...(port > 0 && { announce: [`/dns4/${host}/${tail}`] }) }
}

function announcements() {
  return gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: messageId,
    asyncValidation: true,
    fallbackToFloodsub: false,
    runOnLimitedConnection: false,
    D: MESH_MIN,
    Dlo: MESH_MIN,
    Dhi: MESH_MAX,
    Dlazy: 0,
    gossipFactor: 0,
    maxInboundDataLength: FRAME_BYTES_MAX,
    maxOutboundBufferSize: 16 * FRAME_BYTES_MAX,
    maxTopicBytesPerPeer: GOSSIP_TOPIC_BYTES_PER_PEER_MAX,
    // A relay's clients often share one address: a household, a school, a test.
    scoreParams: { IPColocationFactorWeight: 0 },
  }) as (...components: Parameters<ReturnType<typeof gossipsub>>) => Gossip
}

/** Joins a network's peers topic when a client does and leaves it when all have; never joins a topic of blocks. */
function passAnnouncementsOn(node: RelayNode, clock: Clock): NodeJS.Timeout {
  const { pubsub } = node.services
  const gate = new AnnouncementGate(clock)
  pubsub.addEventListener('subscription-change', ({ detail }) => {
    for (const { topic, subscribe } of detail.subscriptions) {
      if (!subscribe || !isPeersTopic(topic) || pubsub.getTopics().includes(topic)) continue
      if (pubsub.getTopics().length < TOPICS_MAX) pubsub.subscribe(topic)
    }
  })
  pubsub.addEventListener('gossipsub:message', ({ detail: { msgId, msg, propagationSource } }) => {
    const from = propagationSource.toString()
    pubsub.reportMessageValidationResult(msgId, from, ANSWERS[gate.judge(msg.data, from).verdict])
  })
  node.addEventListener('peer:disconnect', ({ detail }) => gate.forget(detail.toString()))
  return setInterval(() => {
    for (const topic of pubsub.getTopics()) {
      if (pubsub.getSubscribers(topic).length === 0) pubsub.unsubscribe(topic)
    }
  }, TOPICS_SWEEP_MS)
}
