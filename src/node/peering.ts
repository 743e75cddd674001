import type { BlockId, PublicKey } from '../core/model/id.ts'
import {
  FETCH_ANSWER_BYTES_MAX,
  IDS_PER_MESSAGE_MAX,
  StoreError,
  type BlockStore,
  type Clock,
  type GossipVerdict,
  type PeerId,
  type PeerInfo,
  type RelayState,
  type Standing,
  type StoredBlock,
  type Transport,
  type TransportHandlers,
} from '../ports.ts'
import type { CatchingUpView, StrangerView } from './api.ts'
import type { CatchUp } from './catch-up.ts'
import type { Holders } from './holders.ts'
import type { MiningForOthers } from './mining-for-others.ts'
import type { Outcome } from './outcome.ts'
import { Brought } from './brought.ts'
import type { Sync } from './sync.ts'
import type { Validator } from './validator.ts'

/** How long a gossiped block may wait for its parents and still be passed on: gossipsub forgets it after 5 s. */
const FORWARD_WAIT_MS = 4000

/** How often tips are named to every peer while there is something to learn from theirs. */
const TIPS_EVERY_MS = 5000

/** How often peers reached through a relay alone are asked: no gossip comes from them, and the relay carries little. */
const RELAYED_TIPS_EVERY_MS = 30_000

/** Catching up is told of once it has gone on for so long: what takes a moment would only flicker on a screen. */
const CATCH_UP_TOLD_AFTER_MS = 1000

interface PeeringParts {
  readonly clock: Clock
  readonly transport: Transport
  readonly blocks: BlockStore
  readonly holders: Holders
  readonly catchUp: CatchUp
  readonly sync: Sync
  readonly key: PublicKey
  standing(): Standing
  receive(bytes: Uint8Array, from: PeerId): Promise<Outcome>
  idOf(bytes: Uint8Array): BlockId | undefined
  tips(): readonly BlockId[]
  has(id: BlockId): boolean
  readonly validator: Pick<Validator, 'heard' | 'clockOf' | 'isWaiting'>
  readonly miningForOthers: Pick<MiningForOthers, 'answer'>
  onChanged(): void
}

interface Gossiped {
  readonly bytes: Uint8Array
  readonly settle: (verdict: GossipVerdict) => void
  readonly sinceMs: number
}

/**
 * What this node says to its peers and hears from them: gossip, fetch and tips. A tips message is answered with our
 * own tips once what it named is here, so that its sender learns who holds its blocks. Protocol §8.
 */
export class Peering {
  readonly #parts: PeeringParts
  /** Gossiped blocks whose fate is open: passed on by gossip's own way if they attach in time. */
  readonly #gossiped = new Map<BlockId, Gossiped>()
  readonly #exchanging = new Set<PeerId>()
  readonly #brought: Brought
  #tipsNamedAtMs = -Infinity
  #relayedAskedAtMs = -Infinity
  #relay: RelayState = { type: 'none' }
  /** When a tick first found the catching up that is under way. */
  #catchingUpSinceMs: number | undefined
  #stranger: StrangerView | undefined

  constructor(parts: PeeringParts) {
    this.#parts = parts
    this.#brought = new Brought({
      isComing: (from) => parts.sync.isUnderWay(from),
      publish: (bytes, from) => this.#publish(bytes, from),
      greetOthers: (from) => {
        for (const { id, direct } of parts.transport.peers())
          if (direct && id !== from) void parts.sync.greet(id)
      },
    })
  }

  /** This node and a peer have found out that they hold the same: nothing need be asked. */
  equal(peer: PeerId): void {
    void this.#learnTips(this.#tipsToName(), peer)
  }

  /** This node and a peer are equal now: the peer hears so, and what it holds. */
  synced(peer: PeerId): void {
    this.#parts.onChanged()
    void this.exchangeTips(peer)
  }

  /** Names our tips to a peer and hears its own: what either stands on is fetched. Never rejects. */
  async exchangeTips(peer: PeerId): Promise<void> {
    if (this.#exchanging.has(peer)) return
    this.#exchanging.add(peer)
    try {
      await this.#learnTips(await this.#parts.transport.exchangeTips(peer, this.#tipsToName()), peer)
    } catch {
      // it went away or fell silent: the next connection or the next round tries again
    } finally {
      this.#exchanging.delete(peer)
    }
  }

  get relay(): RelayState {
    return this.#relay
  }

  /** The newest stranger; one is enough to say what is wrong. */
  get stranger(): StrangerView | undefined {
    return this.#stranger
  }

  /** How far catching up has got, once it takes a while. */
  catchingUp(nowMs: number): CatchingUpView | undefined {
    const sinceMs = this.#catchingUpSinceMs
    if (sinceMs === undefined || Math.abs(nowMs - sinceMs) < CATCH_UP_TOLD_AFTER_MS) return undefined
    return this.#parts.sync.progress
  }

  get handlers(): TransportHandlers {
    return {
      onGossip: (bytes, from) => this.#onGossip(bytes, from),
      onFetch: (ids) => this.#onFetch(ids),
      onServed: (ids, peer) => {
        for (const id of ids) this.#parts.holders.fetched(peer, id)
        this.#parts.onChanged()
      },
      onClock: (offsetMs, from) => this.#parts.validator.clockOf(this.#keyOf(from), offsetMs),
      onTips: async (ids, from) => {
        await this.#learnTips(ids, from)
        return this.#tipsToName()
      },
      standing: () => this.#parts.standing(),
      onGreeting: (greetings, from) => this.#parts.sync.greeted(greetings, from),
      onCommits: (cursor, upTo, bytesMax, from) => this.#parts.sync.committed(cursor, upTo, bytesMax, from),
      onOffer: (prefixes, from) => this.#parts.sync.lacking(prefixes, from),
      onPushed: (blocks, from) => this.#parts.sync.pushed(blocks, from),
      onMine: (request, from, signal) => this.#parts.miningForOthers.answer(request, from, signal),
      onPeer: (peer, change) => this.#onPeer(peer, change),
      onStranger: (stranger) => {
        this.#stranger = { ...stranger, atMs: this.#parts.clock.nowMs() }
        this.#parts.onChanged()
      },
      onReachable: (relay) => {
        this.#relay = relay
        this.#parts.onChanged()
      },
    }
  }

  /** Passes a stored block on, once: by gossip if it came by gossip, else to whoever is there besides its sender. */
  forward(id: BlockId, bytes: Uint8Array, from: PeerId | undefined): void {
    const gossiped = this.#gossiped.get(id)
    // the id does not cover the signature, so a forged copy may have come first. Protocol §4
    if (gossiped && isEqual(gossiped.bytes, bytes)) {
      this.#gossiped.delete(id)
      gossiped.settle('forward')
      return
    }
    if (from !== undefined && this.#parts.sync.isUnderWay(from)) this.#brought.add(bytes, from)
    else this.#publish(bytes, from)
  }

  /** Gives up on what waited too long, and names our tips while somebody ought to fetch them or to be heard. */
  tick(nowMs: number): void {
    for (const [id, { settle, sinceMs }] of this.#gossiped)
      if (Math.abs(nowMs - sinceMs) >= FORWARD_WAIT_MS && this.#gossiped.delete(id)) settle('ignore')
    this.#askRelayed(nowMs)
    this.#parts.sync.tick(nowMs)
    this.#watchCatchUp(nowMs)
    this.#brought.passOn()
    const { holders, validator } = this.#parts
    if (holders.hereOnly === 0 && !validator.isWaiting) return
    // a clock that was ahead may have been put right meanwhile
    if (Math.abs(nowMs - this.#tipsNamedAtMs) < TIPS_EVERY_MS) return
    this.#tipsNamedAtMs = nowMs
    for (const { id, direct } of this.#parts.transport.peers())
      if (direct && !this.#parts.sync.isUnderWay(id)) void this.exchangeTips(id)
  }

  stop(): void {
    for (const { settle } of this.#gossiped.values()) settle('ignore')
    this.#gossiped.clear()
  }

  async #onGossip(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const id = this.#parts.idOf(bytes)
    const { promise, resolve: settle } = Promise.withResolvers<GossipVerdict>()
    const isFirst = id !== undefined && !this.#gossiped.has(id)
    const sinceMs = this.#parts.clock.nowMs()
    if (isFirst) this.#gossiped.set(id, { bytes, settle, sinceMs })
    try {
      const outcome = await this.#parts.receive(bytes, from)
      if (outcome.type === 'known') this.#parts.holders.holdsPast(from, outcome.id)
      if (!isFirst || outcome.type !== 'waiting') settle(verdictOn(outcome))
      return await promise
    } catch (error) {
      if (error instanceof StoreError) return 'ignore'
      throw error
    } finally {
      if (isFirst && this.#gossiped.get(id)?.settle === settle) this.#gossiped.delete(id)
    }
  }

  async #onFetch(ids: readonly BlockId[]): Promise<readonly StoredBlock[]> {
    const found = await this.#parts.blocks.read(ids).catch(nothingHeld)
    const answer: StoredBlock[] = []
    let size = 0
    for (const [i, id] of ids.entries()) {
      const bytes = found[i]
      if (bytes === undefined) continue
      size += bytes.length
      if (size > FETCH_ANSWER_BYTES_MAX) break
      answer.push({ id, bytes })
    }
    return answer
  }

  #onPeer(peer: PeerInfo, change: 'connected' | 'disconnected'): void {
    this.#parts.onChanged()
    if (change === 'disconnected') return
    const { catchUp, sync, key } = this.#parts
    catchUp.freshPeer()
    // one greeting tells both
    if (peer.key === undefined || key < peer.key) void sync.greet(peer.id)
  }

  #publish(bytes: Uint8Array, from: PeerId | undefined): void {
    const { transport } = this.#parts
    // what a publish loses, the next sync brings
    if (transport.peers().some((peer) => peer.id !== from)) transport.publish(bytes).catch(() => undefined)
  }

  #askRelayed(nowMs: number): void {
    if (Math.abs(nowMs - this.#relayedAskedAtMs) < RELAYED_TIPS_EVERY_MS) return
    this.#relayedAskedAtMs = nowMs
    for (const { id, direct } of this.#parts.transport.peers()) if (!direct) void this.exchangeTips(id)
  }

  async #learnTips(ids: readonly BlockId[], from: PeerId): Promise<void> {
    // what is on its way need not be asked for
    if (!this.#parts.sync.isUnderWay(from)) await this.#parts.catchUp.obtain(ids, from)
    for (const id of ids) this.#parts.holders.holdsPast(from, id)
    // fewer than a message takes are all there are
    if (ids.length < IDS_PER_MESSAGE_MAX && ids.every((id) => this.#parts.has(id)))
      await this.#parts.validator.heard(this.#keyOf(from)).catch(unlessRefused)
    this.#parts.onChanged()
  }

  /** Nothing else tells of a stream that has come to a halt, or ended because its peers went. */
  #watchCatchUp(nowMs: number): void {
    const wasUnderWay = this.#catchingUpSinceMs !== undefined
    if (this.#parts.sync.progress === undefined) this.#catchingUpSinceMs = undefined
    else this.#catchingUpSinceMs ??= nowMs
    if (wasUnderWay) this.#parts.onChanged()
  }

  #keyOf(peer: PeerId): PublicKey | undefined {
    return this.#parts.transport.peers().find(({ id }) => id === peer)?.key
  }

  /** The newest tips, as many as a message takes. */
  #tipsToName(): readonly BlockId[] {
    return this.#parts.tips().slice(-IDS_PER_MESSAGE_MAX)
  }
}

function verdictOn(outcome: Outcome): GossipVerdict {
  if (outcome.type === 'blamed') return 'reject'
  return outcome.type === 'attached' ? 'forward' : 'ignore'
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Where the disk refuses, the next exchange tries again. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof StoreError)) throw error
}

/** A store that is closed or failing answers nobody. */
function nothingHeld(error: unknown): readonly undefined[] {
  if (error instanceof StoreError) return []
  throw error
}
