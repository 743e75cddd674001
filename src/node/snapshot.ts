import { encodeDidKey } from '../core/codec/did-key.ts'
import type { PublicKey } from '../core/model/id.ts'
import { KINDS, type ThingKind } from '../reading/kinds.ts'
import type { PeerInfo } from '../ports.ts'
import type { Described } from '../reading/thing-description.ts'
import type { BlockCounts, OrderView, PeerView, Snapshot, StreamKey, ThingView } from './api.ts'
import type { Contacts } from './contacts.ts'
import type { Session } from './session.ts'
import { streamKeyOf, type Stream } from './streams.ts'
import { waitingReadings, type Thing, type Things } from './things.ts'
import { walletOf } from './wallet-view.ts'

/** Other people's things shown. A screen of more would be a list to search, which is another screen. */
const FOREIGN_MAX = 256

/** The whole state of the peer as the app sees it. */
export function snapshotOf(
  device: PublicKey,
  session: Session,
  { things, contacts }: { readonly things: Things; readonly contacts: Contacts },
  nowMs: number,
): Snapshot {
  const { node, blocks, network, transport } = session
  const { blocks: count, bytes, damaged } = blocks.stats()
  const { stranger } = node.peering
  const catchingUp = node.peering.catchingUp(nowMs)
  const own = things.all().map((thing) => viewOfOwn(device, thing, session, nowMs))
  const foreign = [...session.streams.all()].filter(({ issuer }) => issuer !== device).slice(-FOREIGN_MAX)
  return {
    device: encodeDidKey(device),
    network: {
      id: network.id,
      name: network.genesis.name,
      relay: node.relay,
      peers: transport.peers().map(viewOfPeer),
      order: orderOf(session),
      ...(catchingUp && { catchingUp }),
      ...(stranger && { stranger }),
    },
    wallet: walletOf(device, session),
    contacts: contacts.all,
    things: [...own, ...foreign.map((stream) => viewOfForeign(stream, session))],
    storage: {
      state: node.storage.state,
      blocks: count,
      bytes,
      damaged,
      waitingBlocks: node.storage.waiting,
    },
    ...(session.mining.isOn && { minesForOthers: true }),
  }
}

function viewOfPeer({ id, direct, rttMs }: PeerInfo): PeerView {
  return { id, direct, ...(rttMs !== undefined && { rttMs }) }
}

function orderOf({ node, network }: Session): OrderView {
  const { index, atMs } = node.head
  const { diverged } = node
  return {
    index,
    atMs,
    validator: node.validator.state,
    committee: network.genesis.committee.map(({ key, weight }) => ({ key: encodeDidKey(key), weight })),
    ...(diverged && { diverged: { index: diverged.index, validators: diverged.proposals.length } }),
  }
}

function viewOfOwn(device: PublicKey, thing: Thing, session: Session, nowMs: number): ThingView {
  const key = streamKeyOf(device, thing.streamId)
  const alerts = thing.alerts.fired(nowMs)
  return {
    key,
    mine: true,
    owner: encodeDidKey(device),
    name: thing.name,
    kind: thing.kind,
    access: thing.open ? 'open' : 'private',
    latest: thing.live.latest,
    spark: thing.live.spark,
    waiting: waitingReadings(thing),
    blocks: countsOf(session, session.streams.get(key), session.node.holders.hereOnlyOf(key)),
    ...(thing.sealing?.done !== undefined && { sealing: thing.sealing.done }),
    ...(thing.sealing?.leftMs !== undefined && { sealingLeftMs: thing.sealing.leftMs }),
    settings: thing.settings,
    ...(thing.source !== undefined && { source: thing.source }),
    ...(alerts.length > 0 && { alerts }),
  }
}

function viewOfForeign(stream: Stream, session: Session): ThingView {
  const readable = session.live.foreign(stream.key)
  return {
    key: stream.key,
    mine: false,
    owner: encodeDidKey(stream.issuer),
    name: nameOf(readable?.kind ?? 'unknown'),
    kind: readable?.kind ?? 'unknown',
    access: stream.newest?.encrypted === false ? 'open' : 'sealed',
    latest: readable?.live.latest ?? [],
    spark: readable?.live.spark ?? [],
    waiting: 0,
    blocks: countsOf(session, stream, 0),
  }
}

/** What can be read here of a thing of ours or of somebody else's. */
export function describedOf(key: StreamKey, session: Session): Omit<Described, 'key'> | undefined {
  const own = session.live.own(key)
  if (own !== undefined) return { title: own.name, kind: own.kind, open: own.open, latest: own.live.latest }
  const foreign = session.live.foreign(key)
  const open = session.streams.get(key)?.newest?.encrypted === false
  return foreign && { title: nameOf(foreign.kind), kind: foreign.kind, open, latest: foreign.live.latest }
}

/** Names are private: what others see of a thing is what it measures. */
function nameOf(kind: ThingKind | 'unknown'): string {
  return kind === 'unknown' ? 'Private thing' : KINDS[kind].label
}

function countsOf(session: Session, stream: Stream | undefined, hereOnly: number): BlockCounts {
  const newest = stream?.newest
  return {
    total: stream?.records ?? 0,
    hereOnly,
    newestHeldBy: newest ? session.node.holders.countOf(newest.id) : 0,
    committed: stream?.committed ?? 0,
    newestCommitted: newest !== undefined && session.streams.isCommitted(newest.id),
  }
}
