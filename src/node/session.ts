import type { BlockHasher } from '../core/crypto/block-hasher.ts'
import { hashOf } from '../core/codec/hex.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId, NetworkId } from '../core/model/id.ts'
import type { Commit } from '../core/model/proposal.ts'
import {
  StoreError,
  type BlockStore,
  type Clock,
  type DamageReport,
  type KeyStore,
  type LedgerStore,
  type Miner,
  type NoteStore,
  type PageStore,
  type Random,
  type Transport,
  type Verifier,
} from '../ports.ts'
import type { StreamKey } from './api.ts'
import { blockFactsOf, unknownBlock } from './block-facts.ts'
import { GraphFeed } from './graph-feed.ts'
import type { HistoryIndex } from '../stream/history-index.ts'
import { LiveStreams } from './live-streams.ts'
import { MiningSetting } from './mining-setting.ts'
import { lossMark } from './loss-mark.ts'
import { Node } from './node.ts'
import { Salvage } from './salvage.ts'
import { ownedIndex } from './owned-index.ts'
import { PaymentNotes } from './payment-notes.ts'
import { Payments } from './payments.ts'
import { proposerNote } from './proposer-note.ts'
import { RecordReader, type RecordContent } from './record-reader.ts'
import { HistoryFollower } from './history-follower.ts'
import { Streams } from './streams.ts'
import type { Things } from './things.ts'

/** How often what peers hold is written down. Lost with a crash, it is said again by the peers themselves. */
const HOLDERS_EVERY_MS = 5000

/** Bytes of a name that no other feed has. */
const FEED_NAME_BYTES = 8

export interface SessionParts {
  readonly clock: Clock
  readonly random: Random
  readonly notes: NoteStore
  readonly keys: KeyStore
  readonly verifier: Verifier
  /** Hashes blocks; noble does where it is left out. */
  readonly hasher?: BlockHasher
  readonly miner: Miner
  readonly things: Things
  openBlocks(network: NetworkId, onDamage: (report: DamageReport) => void): Promise<BlockStore>
  openLedger(network: NetworkId): Promise<LedgerStore>
  openPages(network: NetworkId): Promise<PageStore>
  /** Runs `task` once after `delayMs`. */
  readonly after: (delayMs: number, task: () => void) => void
  /** @param relays addresses remembered or invited with; the transport may learn newer ones */
  createTransport(network: NetworkId, relays: readonly string[]): Transport
  onChanged(): void
}

/** What a network is kept in. */
interface SessionStores {
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly pages: PageStore
}

type SessionRooms = Pick<
  Session,
  'node' | 'blocks' | 'transport' | 'streams' | 'live' | 'index' | 'records' | 'payments' | 'mining' | 'feed'
> &
  Pick<SessionStores, 'pages'>

/** The device's time in one network: its blocks, its peers, and the streams in it. */
export class Session {
  readonly network: Network
  readonly node: Node
  readonly blocks: BlockStore
  readonly transport: Transport
  readonly streams: Streams
  readonly live: LiveStreams
  readonly index: HistoryIndex
  readonly follower: HistoryFollower
  readonly records: RecordReader
  readonly payments: Payments
  readonly mining: MiningSetting
  /** The blocks in memory, as a page draws them. */
  readonly feed: GraphFeed
  readonly #parts: SessionParts
  readonly #pages: PageStore
  #savedVersion = 0
  #saveDueMs = 0

  private constructor(parts: SessionParts, network: Network, rooms: SessionRooms) {
    this.#parts = parts
    this.network = network
    this.node = rooms.node
    this.blocks = rooms.blocks
    this.#pages = rooms.pages
    this.transport = rooms.transport
    this.index = rooms.index
    this.records = rooms.records
    this.streams = rooms.streams
    this.live = rooms.live
    this.payments = rooms.payments
    this.mining = rooms.mining
    this.feed = rooms.feed
    this.follower = new HistoryFollower({
      ...rooms,
      onRecord: (key, content) => this.#onRecord(key, content),
    })
  }

  /**
   * Opens the network's stores, rebuilds what lives in memory, and goes on the network. Where that fails nothing stays
   * open. Throws `StoreError`.
   */
  static async open(parts: SessionParts, network: Network, relays: readonly string[]): Promise<Session> {
    const salvage = new Salvage()
    const blocks = await parts.openBlocks(network.id, ({ candidates }) => salvage.take(candidates))
    const opened: { close(): Promise<void> }[] = [blocks]
    let session: Session | undefined
    try {
      const ledger = await parts.openLedger(network.id)
      opened.push(ledger)
      const pages = await parts.openPages(network.id)
      opened.push(pages)
      const assemble = () => Session.#assemble(parts, network, relays, { blocks, ledger, pages })
      session = await assemble().catch(async (error: unknown) => {
        if (!isDamage(error)) throw error
        await ledger.clear() // nothing is lost: it is made again from the blocks
        return assemble()
      })
      salvage.giveTo(session.node, session.follower)
      await session.node.start()
      return session
    } catch (error) {
      await session?.node.stop()
      await Promise.all(opened.map((store) => store.close()))
      throw error
    }
  }

  static async #assemble(
    parts: SessionParts,
    network: Network,
    relays: readonly string[],
    { blocks, ledger, pages }: SessionStores,
  ): Promise<Session> {
    const proposals = proposerNote(parts.notes, network.id)
    // a key that was made here has proposed nowhere else
    if (parts.keys.madeHere && (await proposals.load()) === undefined)
      await proposals.save({ round: 0, bytes: new Uint8Array() })

    const mining = await MiningSetting.load(parts.notes)
    const transport = parts.createTransport(network.id, relays)
    const index = await ownedIndex(pages, parts.notes, network.id, parts.keys.publicKey)
    const streams = new Streams(index)
    const records = new RecordReader(network.id, parts.keys)
    let onStored = (checked: CheckedBlock, isCommitted: boolean): void => {
      if (!isCommitted) streams.stored(checked)
    }
    // commits that are derived while opening are told once everybody is there to hear them
    const early: Commit[] = []
    let onCommitted = (commit: Commit): void => void early.push(commit)
    const node = await Node.open({
      ...parts,
      network,
      blocks,
      ledger,
      proposals,
      lossMark: lossMark(parts.notes, network.id),
      transport,
      signer: parts.keys,
      minesForOthers: () => mining.isOn,
      onStored: (checked, isCommitted) => onStored(checked, isCommitted),
      onCommitted: (commit) => onCommitted(commit),
      onChanged: () => parts.onChanged(),
    })
    const payments = new Payments({
      ...parts,
      network,
      ledger,
      node,
      notes: new PaymentNotes(parts.notes, network.id),
    })
    await payments.load()
    const live = new LiveStreams({
      index,
      blocks,
      records,
      device: parts.keys.publicKey,
      clock: parts.clock,
      things: parts.things,
    })
    const feed = feedOf(parts, node, ledger)
    const read = { streams, live, index, records, feed }
    const rooms = { node, blocks, pages, transport, payments, mining, ...read }
    const session = new Session(parts, network, rooms)
    onCommitted = (commit) => session.#onCommitted(commit)
    for (const commit of early.splice(0)) onCommitted(commit)
    node.holders.restore(await parts.notes.get(session.#holdersNote))
    await live.readNewest(streams.all())
    onStored = (checked) => session.#onStored(checked)
    session.#follow()
    return session
  }

  tick(): void {
    this.node.tick()
    this.payments.tick()
    const nowMs = this.#parts.clock.nowMs()
    this.follower.tick(nowMs)
    if (nowMs < this.#saveDueMs || this.node.holders.version === this.#savedVersion) return
    this.#saveDueMs = nowMs + HOLDERS_EVERY_MS
    void this.#saveHolders()
  }

  /**
   * All that may be told of a block.
   *
   * @throws ApiError `unknown-block`; `StoreError`
   */
  async factsOf(of: { readonly id: BlockId } | { readonly feed: string; readonly number: number }) {
    const id = 'id' in of ? of.id : this.feed.idOf(of.feed, of.number)
    if (id === undefined) throw unknownBlock()
    const { network, blocks, feed, node } = this
    const own = this.#parts.keys.publicKey
    return blockFactsOf(id, { network, blocks, feed, graph: node.graph, holders: node.holders, own })
  }

  async stop(): Promise<void> {
    await this.#saveHolders()
    await this.follower.stop()
    await this.node.stop()
    await this.#pages.close()
  }

  get #holdersNote(): string {
    return `held/${this.network.id}`
  }

  async #saveHolders(): Promise<void> {
    this.#savedVersion = this.node.holders.version
    const note = this.node.holders.toNote().map(([peer, ids]) => [peer, [...ids]])
    await this.#parts.notes.put([[this.#holdersNote, note]]).catch(() => undefined) // the peers will say it again
  }

  #onCommitted(commit: Commit): void {
    this.streams.committed(commit.blocks)
    this.payments.onCommitted(commit)
    this.feed.onCommitted(commit)
    this.#parts.onChanged()
  }

  #onStored(checked: CheckedBlock): void {
    this.streams.stored(checked)
    this.#follow()
    this.#parts.onChanged()
  }

  /** Where the disk refuses, the next block or the next reading of a history tries again. */
  #follow(): void {
    this.follower.follow().catch(() => undefined)
  }

  #onRecord(key: StreamKey, content: RecordContent): void {
    this.live.take(key, content)
    this.#parts.onChanged()
  }
}

function feedOf({ keys, random }: SessionParts, { graph }: Node, ledger: LedgerStore): GraphFeed {
  const name = hashOf(random.bytes(FEED_NAME_BYTES))
  return new GraphFeed({ graph, ledger, own: keys.publicKey, name })
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.kind === 'damaged'
}
