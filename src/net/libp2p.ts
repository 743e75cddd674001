/** Composition of libp2p: which parts a node is made of, and their bounds. */
// Before libp2p: it reads WebRTC's constructors from `globalThis` while it is being evaluated.
import './rtc/worker.ts'
import './websocket.ts'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { gossipsub, StrictNoSign, type GossipSub, type GossipsubOpts } from '@libp2p/gossipsub'
import { identify, type Identify } from '@libp2p/identify'
import type { Connection, ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import * as limits from './limits.ts'
import { messageId, type Names } from './names.ts'
import { PairingDesk, type PairingComponents, type PairingOptions } from './pairing/desk.ts'

/** What the composition needs from the transport that uses it. */
export interface NodeOptions {
  readonly privateKey: PrivateKey
  readonly names: Names
  readonly gater: ConnectionGater
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  readonly timings: limits.Timings
  readonly pairing: PairingOptions
}

/** gossipsub's router. Its published interface leaves the method out that `asyncValidation` is answered with. */
export interface Gossip extends GossipSub {
  reportMessageValidationResult(
    messageId: string,
    source: string,
    verdict: 'accept' | 'ignore' | 'reject',
  ): void
}

export type Libp2pNode = Libp2p<{ identify: Identify; pubsub: Gossip; pairing: PairingDesk }>

/** Whether gossip goes over the connection in this direction: each side opens one stream, for what it has to say. */
export function hasGossipStream(
  node: Libp2pNode,
  connection: Connection,
  direction: Connection['direction'],
): boolean {
  const { protocols } = node.services.pubsub
  return connection.streams.some(
    (stream) => stream.direction === direction && protocols.includes(stream.protocol),
  )
}

/**
 * A libp2p node, not started: websockets to relays, WebRTC between peers, circuit relay only to get from the one to the
 * other; noise, yamux, identify and gossip. Of libp2p's own discovery there is none: it would store and dial whatever
 * anyone announces (see `Dialler`). There are no STUN or TURN servers: no third party is
 * asked for anything.
 */
export async function createNode({
  privateKey,
  names,
  gater,
  listen,
  timings,
  pairing,
}: NodeOptions): Promise<Libp2pNode> {
  return createLibp2p({
    start: false,
    privateKey,
    // The default names the browser and its version to every peer.
    nodeInfo: { name: 'weft', version: '1', userAgent: 'weft/1' },
    addresses: { listen: [...listen] },
    transports: [webSockets(), webRTC({ rtcConfiguration: { iceServers: [] } }), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: gater,
    connectionManager: {
      maxConnections: limits.CONNECTIONS_MAX,
      maxIncomingPendingConnections: limits.PENDING_INBOUND_MAX,
      inboundConnectionThreshold: limits.INBOUND_PER_SECOND_MAX,
      maxParallelDials: limits.DIALS_AT_ONCE_MAX + limits.RELAYS_MAX,
      maxDialQueueLength: limits.CANDIDATES_MAX,
      maxPeerAddrsToDial: limits.ADDRESSES_PER_PEER_MAX,
      dialTimeout: timings.dialMs,
      addressDialTimeout: timings.dialMs,
      inboundUpgradeTimeout: timings.dialMs,
      // Relays are kept by `RelayKeeper`, for ever; libp2p's own queue gives up after a few attempts.
      reconnectRetries: 0,
    },
    connectionMonitor: { pingInterval: timings.pingMs },
    services: {
      identify: identify(),
      pubsub: gossip(names),
      pairing: (components: PairingComponents) => new PairingDesk(pairing, components),
    },
  })
}

function gossip(names: Names) {
  const options: Partial<GossipsubOpts> = {
    // A block carries its issuer's signature; who passes it on is nobody's business.
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: messageId,
    asyncValidation: true,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    runOnLimitedConnection: false,
    allowedTopics: [names.blocks, names.peers],
    D: limits.DIRECT_PEERS_WANTED,
    Dlo: limits.DIRECT_PEERS_WANTED,
    Dhi: limits.DIRECT_PEERS_MAX,
    Dlazy: limits.GOSSIP_LAZY_DEGREE,
    gossipFactor: 0,
    maxInboundDataLength: limits.GOSSIP_FRAME_BYTES_MAX,
    maxOutboundBufferSize: limits.GOSSIP_BACKLOG_BYTES_MAX,
    maxTopicBytesPerPeer: limits.GOSSIP_TOPIC_BYTES_PER_PEER_MAX,
    decodeRpcLimits: {
      maxSubscriptions: limits.GOSSIP_ENTRIES_MAX,
      maxMessages: limits.GOSSIP_ENTRIES_MAX,
      maxIhaveMessageIDs: limits.GOSSIP_ENTRIES_MAX,
      maxIwantMessageIDs: limits.GOSSIP_ENTRIES_MAX,
      maxIdontwantMessageIDs: limits.GOSSIP_ENTRIES_MAX,
      maxControlMessages: limits.GOSSIP_ENTRIES_MAX,
      maxPeerInfos: 0,
    },
    // Everyone reached through one relay seems to live at its address; that must not count against them.
    scoreParams: { IPColocationFactorWeight: 0 },
  }
  return gossipsub(options) as (...components: Parameters<ReturnType<typeof gossipsub>>) => Gossip
}
