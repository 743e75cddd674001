import type { BlockId, Hash } from '../core/model/id.ts'
import {
  IDS_PER_MESSAGE_MAX,
  RECONCILED_IDS_MAX,
  StoreError,
  type BlockStore,
  type Clock,
  type CommitCursor,
  type CommittedBlocks,
  type Greeting,
  type Greetings,
  type LedgerStore,
  type PeerId,
  type TimedIds,
  type Transport,
} from '../ports.ts'
import type { CatchUp } from './catch-up.ts'
import { readCommitted } from './committed-blocks.ts'
import { CommitStream } from './commit-stream.ts'
import type { Outcome } from './outcome.ts'

/** How often a peer is greeted again: gossip covers the rest, so this is for what it lost. */
const GREET_EVERY_MS = 30_000

/** How long others wait while this node reconciles with one. What that one brings need not be asked of them. */
const TURN_MS = 5000

/** After its last request a peer that syncs with us is thought to go on for this long. */
const SERVED_MS = 2000

interface SyncParts {
  readonly clock: Clock
  readonly transport: Pick<Transport, 'greet' | 'commits' | 'reconcile' | 'fetch' | 'blame' | 'peers'>
  readonly blocks: Pick<BlockStore, 'find'>
  readonly ledger: Pick<LedgerStore, 'commitsAfter'>
  readonly catchUp: Pick<CatchUp, 'obtain' | 'claim' | 'release'>
  /** The index of our newest commit. */
  index(): number
  uncommitted(): TimedIds
  /** Whether a block is in the graph. */
  has(id: BlockId): boolean
  /** Whether one is whose id begins so. */
  hasPrefix(prefix: Uint8Array): boolean
  /** Takes what a peer sent through every check. */
  deliver(blocks: readonly Uint8Array[], from: PeerId): Promise<readonly Outcome[]>
  /** The same for blocks that the peer says are committed: of data it may give the headers alone. */
  deliverCommitted(blocks: readonly Uint8Array[], from: PeerId): Promise<readonly Outcome[]>
  /** Whether this node's order has turned out not to be the one. */
  hasDiverged(): boolean
  /** Exchanges tips with a peer, and gets what they stand on, as the peer does. Never rejects. */
  hear(peer: PeerId): Promise<void>
  /** This node and the peer have the same, and both know. */
  equal(peer: PeerId): void
  /** This node has what the peer has, and has given it the rest. */
  synced(peer: PeerId): void
}

/** How far catching up has got, in commits. */
export interface SyncProgress {
  readonly index: number
  readonly upTo: number
  /** Until it is done, at the pace so far; absent until there is one. */
  readonly leftMs?: number
}

/**
 * Makes this node and its peers equal: on connecting, now and then, and when another sync brought something. Whoever is
 * behind streams the commits it lacks and then reconciles what is in no commit; of two that stand alike the one that
 * greeted does. Protocol §8.
 */
export class Sync {
  readonly #parts: SyncParts
  readonly #stream: CommitStream
  readonly #underWay = new Set<PeerId>()
  /** Peers of another order that are heard a last time. */
  readonly #parting = new Set<PeerId>()
  readonly #greetedAtMs = new Map<PeerId, number>()
  /** When a peer last used what this node answers in a sync. */
  readonly #servedAtMs = new Map<PeerId, number>()
  #turn: Promise<unknown> = Promise.resolve()
  /** Since when somebody has the turn, and what gives it to the next. */
  #turnSinceMs = Infinity
  #passTurn: () => void = () => undefined
  #began: { readonly atMs: number; readonly index: number } | undefined

  constructor(parts: SyncParts) {
    this.#parts = parts
    this.#stream = new CommitStream({
      transport: parts.transport,
      index: () => parts.index(),
      hasDiverged: () => parts.hasDiverged(),
      deliver: (blocks, from) => parts.deliverCommitted(blocks, from),
    })
  }

  /** Whether this node and a peer are becoming equal just now, whoever does the work. */
  isUnderWay(peer: PeerId): boolean {
    if (this.#parting.has(peer)) return false
    const servedAtMs = this.#servedAtMs.get(peer) ?? -Infinity
    return this.#underWay.has(peer) || Math.abs(this.#parts.clock.nowMs() - servedAtMs) < SERVED_MS
  }

  /** Present while commits are streamed. */
  get progress(): SyncProgress | undefined {
    const { upTo } = this.#stream
    const index = this.#parts.index()
    if (upTo === 0 || this.#began === undefined) return undefined
    const done = index - this.#began.index
    const leftMs = ((this.#parts.clock.nowMs() - this.#began.atMs) * Math.max(0, upTo - index)) / done
    return { index, upTo, ...(done > 0 && { leftMs }) }
  }

  /** Greets a peer and does what follows from it. Never rejects: what fails is tried again at the next greeting. */
  async greet(peer: PeerId): Promise<void> {
    if (this.#underWay.has(peer) || this.#parts.hasDiverged()) return
    this.#greetedAtMs.set(peer, this.#parts.clock.nowMs())
    await this.#exclusively(peer, async () => this.#meet(await this.#parts.transport.greet(peer), peer, true))
  }

  /** A peer greeted us. */
  greeted(greetings: Greetings, peer: PeerId): void {
    if (this.#underWay.has(peer)) return
    this.#greetedAtMs.set(peer, this.#parts.clock.nowMs())
    void this.#exclusively(peer, () => this.#meet(greetings, peer, false))
  }

  /** Greets whom it is time to greet. */
  tick(nowMs: number): void {
    if (Math.abs(nowMs - this.#turnSinceMs) >= TURN_MS) this.#passTurn()
    const peers = this.#parts.transport.peers()
    for (const times of [this.#greetedAtMs, this.#servedAtMs])
      for (const known of times.keys()) if (!peers.some(({ id }) => id === known)) times.delete(known)
    for (const { id } of peers) {
      const greetedAtMs = this.#greetedAtMs.get(id) ?? nowMs
      this.#greetedAtMs.set(id, greetedAtMs)
      if (Math.abs(nowMs - greetedAtMs) >= GREET_EVERY_MS) void this.greet(id)
    }
  }

  /** Answers a peer that asks for committed blocks. A store that is closed or failing has none. */
  committed(cursor: CommitCursor, upTo: number, bytesMax: number, from: PeerId): Promise<CommittedBlocks> {
    this.#serves(from)
    return readCommitted(this.#parts, cursor, upTo, bytesMax).catch((error: unknown) => {
      if (error instanceof StoreError) return { blocks: [], next: cursor }
      throw error
    })
  }

  /** Blocks that a peer offered came, in their order. */
  async pushed(blocks: readonly Uint8Array[], from: PeerId): Promise<void> {
    this.#serves(from)
    await this.#parts.deliver(blocks, from).catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error // the node stops: it is had another time
    })
  }

  /** Which of the blocks that begin so we lack. */
  lacking(prefixes: BigUint64Array, from: PeerId): readonly boolean[] {
    this.#serves(from)
    const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = prefixes
    return Array.from(
      prefixes,
      (_, i) => !this.#parts.hasPrefix(new Uint8Array(buffer, byteOffset + i * size, size)),
    )
  }

  #serves(peer: PeerId): void {
    this.#servedAtMs.set(peer, this.#parts.clock.nowMs())
  }

  async #exclusively(peer: PeerId, work: () => Promise<void>): Promise<void> {
    this.#underWay.add(peer)
    try {
      await work()
    } catch {
      // it went away, fell silent or broke the protocol, and is blamed for that where it happened
    } finally {
      this.#underWay.delete(peer)
    }
  }

  async #meet({ ours, theirs }: Greetings, peer: PeerId, weGreeted: boolean): Promise<void> {
    if (this.#parts.hasDiverged()) return // its own order is the wrong one: it has nothing to give and none to blame
    if (await this.#isOtherOrder(theirs, ours)) return this.#part(peer)
    if (hasSameBlocks(ours, theirs) && this.#standsAs(ours)) return this.#parts.equal(peer)
    const isBehind = ours.index < theirs.index
    if (isBehind) await this.#catchUp(peer, theirs.index)
    const isOurTurn = isBehind || (ours.index === theirs.index && weGreeted)
    if (!isOurTurn) return
    if (!hasSameBlocks(ours, theirs)) await this.#inTurn(() => this.#reconcile(peer))
    this.#parts.synced(peer)
  }

  /** Whether nothing has come since this node said so: only commits take from what is in none. */
  #standsAs({ index, uncommitted }: Greeting): boolean {
    return index === this.#parts.index() && uncommitted === this.#parts.uncommitted().times.length
  }

  async #catchUp(peer: PeerId, upTo: number): Promise<void> {
    if (this.#stream.upTo === 0) this.#began = { atMs: this.#parts.clock.nowMs(), index: this.#parts.index() }
    await this.#stream.join(peer, upTo)
  }

  /** Goes from a peer of another order, once both have heard what is signed: only that is evidence, for either. */
  async #part(peer: PeerId): Promise<void> {
    this.#parting.add(peer)
    await this.#parts.hear(peer).finally(() => this.#parting.delete(peer))
    if (!this.#parts.hasDiverged()) this.#parts.transport.blame(peer, 'other-order')
  }

  async #reconcile(peer: PeerId): Promise<void> {
    for (let isWhole = false; !isWhole;) {
      const needed = await this.#parts.transport.reconcile(peer)
      isWhole = needed.length < RECONCILED_IDS_MAX
      const lacking = needed.filter((id) => !this.#parts.has(id))
      if (!(await this.#bring(lacking, peer))) return
    }
  }

  /** Gets blocks that a peer says it has. Returns whether any came. */
  async #bring(lacking: readonly BlockId[], peer: PeerId): Promise<boolean> {
    const { catchUp } = this.#parts
    const isHere = (id: BlockId) => this.#parts.has(id)
    const claimed = catchUp.claim(lacking)
    try {
      await this.#fetchAll(claimed, peer)
    } finally {
      catchUp.release(claimed)
    }
    // what was too large for one answer, waits for something, or is asked of others
    const left = lacking.filter((id) => !isHere(id))
    if (left.length > 0) await catchUp.obtain(left, peer)
    return lacking.some(isHere)
  }

  async #fetchAll(ids: readonly BlockId[], peer: PeerId): Promise<void> {
    const parts: (readonly BlockId[])[] = []
    for (let at = 0; at < ids.length; at += IDS_PER_MESSAGE_MAX)
      parts.push(ids.slice(at, at + IDS_PER_MESSAGE_MAX))
    const ask = (part: readonly BlockId[]) => {
      const answer = this.#parts.transport.fetch(peer, part)
      answer.catch(() => undefined) // it is awaited in its turn
      return answer
    }
    // while one part is checked the next is on its way
    let coming = parts[0] && ask(parts[0])
    for (const [i, part] of parts.entries()) {
      const blocks = (await coming) ?? []
      if (blocks.length === 0) return // it has not what it says
      const after = parts[i + 1]
      coming = after && ask(after)
      const outcomes = await this.#parts.deliver(blocks, peer)
      if (outcomes.some((outcome) => 'id' in outcome && outcome.id && !part.includes(outcome.id)))
        return this.#parts.transport.blame(peer, 'not-asked-for')
    }
  }

  /** One at a time, as long as none takes long: what the first peer brings need not be asked of the second. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.#turn
    const { promise, resolve: pass } = Promise.withResolvers<void>()
    this.#turn = promise
    await before
    this.#turnSinceMs = this.#parts.clock.nowMs()
    this.#passTurn = pass
    await work().finally(pass)
  }

  /** Whether the peer's newest commit is another than ours of that index. Its word alone is no evidence of more. */
  async #isOtherOrder(theirs: Greeting, ours: Greeting): Promise<boolean> {
    // before the first commit there is none to compare, and who is ahead sees to it
    if (theirs.index === 0 || theirs.index > ours.index) return false
    const digest = await this.#digestAt(theirs.index, ours)
    return digest !== undefined && digest !== theirs.digest
  }

  /** Our digest at an index up to our own; `undefined` where the commit is not on disk yet. */
  async #digestAt(index: number, { index: newest, digest }: Greeting): Promise<Hash | undefined> {
    if (index === newest) return digest
    const [commit] = await this.#parts.ledger.commitsAfter(index - 1, 1)
    return commit?.digest
  }
}

function hasSameBlocks(ours: Greeting, theirs: Greeting): boolean {
  return (
    ours.index === theirs.index &&
    ours.uncommitted === theirs.uncommitted &&
    ours.fingerprint.every((byte, i) => byte === theirs.fingerprint[i])
  )
}
