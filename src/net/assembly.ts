import type { Blame, Clock, GossipVerdict, PeerId, Random, Stranger, TransportHandlers } from '../ports.ts'
import { Announcer } from './announce.ts'
import { Dialler } from './dial.ts'
import type { DirectRule } from './direct.ts'
import { BlockGossip } from './gossip.ts'
import type { Libp2pNode } from './libp2p.ts'
import { SWEEP_MS, type Timings } from './limits.ts'
import type { Names } from './names.ts'
import { PeerBook } from './peers.ts'
import { RelayKeeper } from './relays.ts'
import { keepStrangersOut } from './strangers.ts'

/** The parts of a running transport. */
export interface Running {
  readonly handlers: TransportHandlers
  readonly node: Libp2pNode
  readonly book: PeerBook
  readonly gossip: BlockGossip
  readonly announcer: Announcer
  readonly dialler: Dialler
  readonly keeper: RelayKeeper
  /** A peer has turned out to be a stranger. */
  readonly partFromStranger: (stranger: Stranger, peer: PeerId) => void
  readonly sweep: ReturnType<typeof setInterval>
}

interface AssemblyParts {
  /** Not started. */
  readonly node: Libp2pNode
  readonly names: Names
  readonly handlers: TransportHandlers
  readonly rule: DirectRule
  readonly timings: Timings
  readonly clock: Clock
  readonly random: Random
  findRelays(): Promise<readonly string[]>
  /** Whether relays are asked to keep a place for us. */
  readonly reserve: boolean
  isBanned(peer: PeerId): boolean
  blame(peer: PeerId, reason: Blame): void
  /** Lets no connection to the peer come up for a minute; those that are there stay. */
  avoid(peer: PeerId): void
  readonly fault: (error: unknown) => void
}

/** Makes what gossips, announces, dials and keeps relays around a libp2p node, and tells each what it needs of the others. */
export function assemble(parts: AssemblyParts): Running {
  const { node, names, handlers, rule, timings, clock, random, fault } = parts
  const book = new PeerBook({
    node,
    clock,
    rule,
    changed: (peer, change) => {
      if (change === 'disconnected') {
        gossip.forget(peer.id)
        announcer.soon()
      }
      handlers.onPeer(peer, change)
    },
  })
  const gossip = new BlockGossip({
    pubsub: node.services.pubsub,
    names,
    clock,
    isDirect: (peer) => book.isDirect(peer),
    judge: (bytes, from): Promise<GossipVerdict> => handlers.onGossip(bytes, from),
    blame: (peer, reason) => parts.blame(peer, reason),
    heard: (announcement) => void dialler.consider(announcement),
    fault,
  })
  const announcer = new Announcer({ node, names, rule, random, timings, fault })
  const dialler = new Dialler({
    node,
    book,
    rule,
    clock,
    random,
    timings,
    isBanned: (peer) => parts.isBanned(peer),
    isOurRelay: (peer) => keeper.holds(peer),
    yielded: () => announcer.soon(),
  })
  const keeper = new RelayKeeper({
    node,
    topic: names.peers,
    findRelays: () => parts.findRelays(),
    reserve: parts.reserve,
    random,
    timings,
    changed: (state) => handlers.onReachable(state),
  })
  const partFromStranger = keepStrangersOut({
    node,
    names,
    isDirect: (connection) => rule.isDirect(connection),
    met: (stranger, peer) => handlers.onStranger?.(stranger, peer),
    parted: (peer) => parts.avoid(peer),
  })
  const sweep = setInterval(() => {
    book.sweep()
    keeper.sweep()
  }, SWEEP_MS)
  return { handlers, node, book, gossip, announcer, dialler, keeper, partFromStranger, sweep }
}

/** Stops every part, the node last. */
export async function disassemble({ sweep, keeper, announcer, dialler, node }: Running): Promise<void> {
  clearInterval(sweep)
  keeper.stop()
  announcer.stop()
  dialler.stop()
  node.services.pairing.stop()
  await node.stop()
}
