import { isIP } from 'node:net'
import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { identify, type Identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { Gossip } from '../net/libp2p.ts'
import { TIMINGS } from '../net/limits.ts'
import type { Clock } from '../ports.ts'
import { announcementGossip, passAnnouncementsOn, TOPICS_MAX, type PassingOn } from './announcements.ts'
import { Circuits } from './circuits.ts'
import { Doors } from './doors.ts'
import type { Endpoint } from './endpoint.ts'
import type { RelayFigures } from './figures.ts'
import { RESERVATIONS_DEFAULT } from './flags.ts'

/** Connections for each reservation: its own, and that of one who only calls. */
const CONNECTIONS_PER_RESERVATION = 2

/** New connections a second from one address: a school or a village may share one. libp2p allows five. */
const INBOUND_PER_SECOND_MAX = 128

/** Handshakes begun and not finished. */
const PENDING_INBOUND_MAX = 128

/** One relayed connection is for one WebRTC handshake, of some 10 kB; the connection itself then goes without. */
const CIRCUIT_BYTES_MAX = BigInt(128 * 1024)
const CIRCUIT_MS_MAX = 2 * 60_000

/** Time for circuits to end before the relay goes: a WebRTC handshake takes a second or two. */
const DRAIN_MS = 3_000

/** How a relay is to run. */
export interface RelayOptions {
  /** At least one; the port 0 is any free one. */
  readonly listen: readonly Endpoint[]
  /** Multiaddrs without an id that clients are told, in place of where it listens. */
  readonly announce?: readonly string[]
  readonly maxReservations?: number
  /** Makes the relay the one it was; without it, it is another each time. */
  readonly privateKey?: PrivateKey
  /** PEM texts. With them the relay speaks TLS, which a page served over TLS needs. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly clock: Clock
}

export interface Relay {
  /** The addresses clients dial, each ending in the relay's id. */
  readonly multiaddrs: readonly string[]
  /** True once it lets nobody new in. */
  readonly isDraining: boolean
  /** What it does now and has done. */
  figures(): RelayFigures
  /** Lets nobody new in, gives circuits some seconds to end, and stops. */
  drain(): Promise<void>
  /** Stops at once. */
  stop(): Promise<void>
}

type RelayNode = Libp2p<{ identify: Identify; pubsub: Gossip; relay: CircuitRelayService }>

/**
 * Starts a relay: it lets browsers find each other and shake hands, and sees no block. Rejects where it cannot listen;
 * the message then has the system's code, such as `EADDRINUSE`, and the address.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { clock, maxReservations = RESERVATIONS_DEFAULT } = options
  const startedMs = clock.nowMs()
  const doors = new Doors()
  const circuits = new Circuits()
  const node = await createRelayNode(options, maxReservations, doors)
  doors.watch(node)
  circuits.watch(node)
  const passing = passAnnouncementsOn(node, clock)
  const stop = async () => {
    passing.stop()
    await node.stop()
  }
  try {
    await node.start()
  } catch (error) {
    passing.stop()
    throw error
  }
  return {
    multiaddrs: node.getMultiaddrs().map(String),
    get isDraining() {
      return doors.isShut
    },
    figures: () => figuresOf(node, circuits, passing, { maxReservations, startedMs }),
    async drain() {
      doors.shut()
      await circuits.ended(DRAIN_MS)
      await stop()
    },
    stop,
  }
}

function createRelayNode(options: RelayOptions, maxReservations: number, doors: Doors): Promise<RelayNode> {
  const { tls, privateKey } = options
  return createLibp2p({
    start: false,
    ...(privateKey && { privateKey }),
    nodeInfo: { name: 'weft-relay', version: '1', userAgent: 'weft-relay/1' },
    addresses: addressesOf(options),
    transports: [webSockets(tls === undefined ? {} : { https: { ...tls } })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: doors.gater,
    connectionManager: {
      maxConnections: CONNECTIONS_PER_RESERVATION * maxReservations,
      inboundConnectionThreshold: INBOUND_PER_SECOND_MAX,
      maxIncomingPendingConnections: PENDING_INBOUND_MAX,
    },
    connectionMonitor: { pingInterval: TIMINGS.pingMs },
    services: {
      identify: identify(),
      pubsub: announcementGossip(),
      relay: circuitRelayServer({
        reservations: {
          maxReservations,
          defaultDataLimit: CIRCUIT_BYTES_MAX,
          defaultDurationLimit: CIRCUIT_MS_MAX,
        },
      }),
    },
  })
}

/** A name is listened for everywhere, and announced as it is where nothing else is to be. */
function addressesOf({ listen, announce = [], tls }: RelayOptions) {
  const names: string[] = []
  const addresses = listen.map(({ host, port }) => {
    const tail = `tcp/${port}/${tls === undefined ? 'ws' : 'tls/ws'}`
    const address = host === 'localhost' ? '127.0.0.1' : host
    const family = isIP(address)
    if (family === 0 && port > 0) names.push(`/dns4/${host}/${tail}`)
    return family === 0 ? `/ip4/0.0.0.0/${tail}` : `/ip${family}/${address}/${tail}`
  })
  return { listen: addresses, announce: announce.length > 0 ? [...announce] : names }
}

function figuresOf(
  node: RelayNode,
  circuits: Circuits,
  { judged }: PassingOn,
  { maxReservations, startedMs }: { readonly maxReservations: number; readonly startedMs: number },
): RelayFigures {
  const { relay, pubsub } = node.services
  return {
    startedMs,
    connections: node.getConnections().length,
    connectionsMax: CONNECTIONS_PER_RESERVATION * maxReservations,
    reservations: relay.reservations.size,
    reservationsMax: maxReservations,
    circuits: circuits.open,
    circuitsOpened: circuits.opened,
    circuitBytes: circuits.bytes,
    announcements: judged,
    topics: pubsub.getTopics().length,
    topicsMax: TOPICS_MAX,
  }
}
