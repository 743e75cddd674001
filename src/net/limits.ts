/** The bounds of everything a peer can make this node hold or do, each with its reason. Protocol §8. */
import { BLOCK_BYTES_MAX } from '../core/model/block.ts'

/** Peers this node dials of its own accord. Eight neighbours keep a mesh of thousands within five hops. */
export const DIRECT_PEERS_WANTED = 8

/** Peers with a direct connection, dialled by either side: as many again may call as are called. */
export const DIRECT_PEERS_MAX = 2 * DIRECT_PEERS_WANTED

/** Relays kept connected. A second one keeps the way in open when the first goes; more only cost. */
export const RELAYS_MAX = 4

/** Connections of all kinds: a direct and a relayed one for each peer, and the relays. */
export const CONNECTIONS_MAX = 2 * DIRECT_PEERS_MAX + RELAYS_MAX

/** Handshakes that others have begun and not finished. */
export const PENDING_INBOUND_MAX = 16

/** New connections a second from one address: everyone behind one router, or one machine's tests, shares one. */
export const INBOUND_PER_SECOND_MAX = 32

/** Dials to peers under way at a time. A WebRTC handshake is heavy on a phone. */
export const DIALS_AT_ONCE_MAX = 3

/** Dials to peers begun in a minute, whatever others announce. */
export const DIALS_PER_MINUTE_MAX = 40

/** Addresses of one announcement that are tried. An honest peer has one per relay. */
export const ADDRESSES_PER_PEER_MAX = 4

/** Announced peers remembered between attempts. */
export const CANDIDATES_MAX = 128

/** Bans remembered. Beyond it the oldest goes: it is the nearest to its end. */
export const BANS_MAX = 1024

/** How long a blamed peer stays banned. Long enough to make a flood useless, short enough to forgive an old version. */
export const BAN_MS = 10 * 60_000

/** Gossiped blocks in validation at a time: about 6 MiB at most. What comes beyond is fetched later, by its id. */
export const VALIDATIONS_MAX = 256

/** Of them for one peer, so that one whose blocks wait for parents that never come leaves room for the others. */
export const VALIDATIONS_PER_PEER_MAX = 64

/**
 * One gossip message on the wire: a block and gossipsub's framing, subscriptions and control messages. No node of
 * ours puts two blocks into one, because none answers requests for old messages (see `GOSSIP_LAZY_DEGREE`).
 */
export const GOSSIP_FRAME_BYTES_MAX = BLOCK_BYTES_MAX + 40 * 1024

/** Messages, subscriptions or control entries in one gossip frame. */
export const GOSSIP_ENTRIES_MAX = 256

/** Memory for one peer's topic subscriptions. A node has two topics, at about 1 KiB each. */
export const GOSSIP_TOPIC_BYTES_PER_PEER_MAX = 16 * 1024

/** Unsent gossip for one peer: some fifty of the largest blocks. A slower peer is cut off, and fetches later. */
export const GOSSIP_BACKLOG_BYTES_MAX = 1024 * 1024

/**
 * All direct peers belong to the mesh, so a block needs no second way to them. Gossipsub's own, announcing ids and
 * answering requests with any number of messages in one frame, is off: the exchange of tips repairs what is lost.
 */
export const GOSSIP_LAZY_DEGREE = 0

/** An announcement: a peer id and up to four addresses of some 200 bytes. */
export const ANNOUNCEMENT_BYTES_MAX = 2048

/** Announcements a second taken from one neighbour. A relay passes on those of everyone it serves. */
export const ANNOUNCEMENTS_PER_SECOND_MAX = 128

/** Streams of one protocol that one peer may have open here, and this node there. */
export const STREAMS_PER_PEER_MAX = 8

/** Unread bytes of a request: almost two of the longest. */
export const REQUEST_BUFFER_BYTES_MAX = 16 * 1024

/** How often connections are looked at for whether they are alive. */
export const SWEEP_MS = 1_000

/** Durations a test may shorten. All in milliseconds. */
export interface Timings {
  /** A fetch, from opening the stream to its last block. */
  readonly fetchMs: number
  /** An exchange of tips: the other side fetches what was named before it answers. */
  readonly tipsMs: number
  /** The request itself must arrive within this of its stream. */
  readonly requestMs: number
  /** One attempt to connect, with its relay hop and the WebRTC handshake. */
  readonly dialMs: number
  /** How often every connection is pinged. A silent one is cut after this and the ping's own time-out, 2 to 10 s. */
  readonly pingMs: number
  /** How often a node announces itself at least. */
  readonly announceMs: number
  /** How soon it does when there is a reason, and so how often at most. */
  readonly announceSoonMs: number
  /** First pause after a failed attempt; it doubles. */
  readonly backoffMinMs: number
  readonly backoffMaxMs: number
  /** A connected relay must be of use within this: a place reserved for this node, announcements passed on to it. */
  readonly reservationMs: number
  /** Between two questions which relays there are, while none is connected. */
  readonly findRelaysMs: number
  /** How long the node of the larger id lets the other one dial first. */
  readonly yieldMs: number
}

export const TIMINGS: Timings = {
  fetchMs: 15_000,
  tipsMs: 30_000,
  requestMs: 5_000,
  dialMs: 20_000,
  pingMs: 5_000,
  announceMs: 10_000,
  announceSoonMs: 300,
  backoffMinMs: 1_000,
  backoffMaxMs: 60_000,
  reservationMs: 10_000,
  findRelaysMs: 5_000,
  yieldMs: 5_000,
}
