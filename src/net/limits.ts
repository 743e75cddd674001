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

/** Attempts at a direct connection that fail before a peer is asked through the relay meanwhile. */
export const FAILURES_BEFORE_RELAYED = 2

/** Peers asked through a relay at a time: it serves everybody, and is no way for blocks to go by. */
export const RELAYED_PEERS_MAX = 4

/** Bytes of a relayed connection that no block may use: two WebRTC handshakes, which may yet succeed, and pings. */
export const RELAYED_RESERVE_BYTES = 32 * 1024

/** How long a relayed connection outlives the coming of a direct one: what was asked over it is answered. */
export const RELAYED_OVERLAP_MS = 10_000

/** Between two attempts to load what a transport is made of: a request each, to the server of the app. */
export const LOAD_RETRY_MS = 5_000

/** What it is made of may take so long to come: a slow line, and no longer where a hotel's page holds it up. */
export const LOAD_MS = 60_000

/** The least distance between two times the transport is told that its device woke up. */
export const WAKE_EVERY_MS = 5_000

/** Announced peers remembered between attempts. */
export const CANDIDATES_MAX = 128

/** Bans remembered. Beyond it the oldest goes: few end sooner. */
export const BANS_MAX = 1024

/** How long a blamed peer stays banned. Long enough to make a flood useless, short enough to forgive an old version. */
export const BAN_MS = 10 * 60_000

/** How long a silent one does: it may be a phone that slept. */
export const SILENT_BAN_MS = 60_000

/** Requests that a peer lets pass without a word, or begins and never ends, before it is sent away … */
export const SILENCES_MAX = 4

/** … within this: four fetches, one after the other, take half of it. */
export const SILENCE_WINDOW_MS = 120_000

/** Requests that end within this of each other count as one: they went down together. */
export const SILENCES_APART_MS = 4_000

/** Peers whose silences are remembered. Beyond it the longest silent goes. */
export const SILENT_PEERS_MAX = 256

/** Gossiped blocks in validation at a time: about 6 MiB at most. What comes beyond is fetched later, by its id. */
export const VALIDATIONS_MAX = 256

/** Of them for one peer, so that one whose blocks wait for parents that never come leaves room for the others. */
export const VALIDATIONS_PER_PEER_MAX = 64

/** Gossiped blocks a second taken from one neighbour: sixteen of them together send no more than one core verifies. */
export const GOSSIP_BLOCKS_PER_SECOND_MAX = 1024

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

/** Unread bytes of a sync exchange: four of the largest frames. */
export const SYNC_BUFFER_BYTES_MAX = 4 * (BLOCK_BYTES_MAX + 40 * 1024)

/**
 * Bytes of sync requests that one peer has answered, at once and then in each second: to answer a message of reconciling
 * takes a millisecond or so for each KiB. Ten thousand differences fit into the first; more go on no faster than their
 * blocks are checked.
 */
export const SYNC_PACE = { burst: 256 * 1024, perSecond: 32 * 1024 } as const

/** What a request costs besides, in bytes: one fingerprint may have to be cut into many. */
export const SYNC_REQUEST_BYTES = 2048

/** How often connections are looked at for whether they are alive. */
export const SWEEP_MS = 1_000

/** Durations a test may shorten. All in milliseconds. */
export interface Timings {
  /** A fetch, from opening the stream to its last block. */
  readonly fetchMs: number
  /** An exchange of tips: the other side fetches what was named before it answers. */
  readonly tipsMs: number
  /** A whole reconciliation: a day apart over a slow line. What is left goes on in another. */
  readonly syncMs: number
  /** One answer of commits, at most 1 MiB: others wait for whoever is asked for the first. */
  readonly commitsMs: number
  /** A frame of one may be waited for so long; the other side may be checking what it was sent. */
  readonly syncIdleMs: number
  /** The request itself must arrive within this of its stream. */
  readonly requestMs: number
  /** One attempt to connect, with its relay hop and the WebRTC handshake. */
  readonly dialMs: number
  /** How often every connection is pinged. A silent one is cut after this and the ping's own time-out, 2 to 10 s. */
  readonly pingMs: number
  /** How soon a connection must give a sign of life after the device woke up. */
  readonly probeMs: number
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
  syncMs: 10 * 60_000,
  commitsMs: 60_000,
  syncIdleMs: 20_000,
  requestMs: 5_000,
  dialMs: 20_000,
  pingMs: 5_000,
  probeMs: 5_000,
  announceMs: 10_000,
  announceSoonMs: 300,
  backoffMinMs: 1_000,
  backoffMaxMs: 60_000,
  reservationMs: 10_000,
  findRelaysMs: 5_000,
  yieldMs: 5_000,
}
