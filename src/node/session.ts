import type { BlockHasher } from '../core/crypto/block-hasher.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { NetworkId } from '../core/model/id.ts'
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
  type Random,
  type Transport,
  type Verifier,
} from '../ports.ts'
import type { ThingKind } from '../reading/kinds.ts'
import type { StreamKey } from './api.ts'
import { LiveValues } from './live-values.ts'
import { MiningSetting } from './mining-setting.ts'
import { lossMark } from './loss-mark.ts'
import { Node } from './node.ts'
import { unlessClosed } from './errors.ts'
import { PaymentNotes } from './payment-notes.ts'
import { Payments } from './payments.ts'
import { proposerNote } from './proposer-note.ts'
import { RecordReader } from './record-reader.ts'
import { recordHeadIn, recordIn, Streams, type Stream } from './streams.ts'
import type { Things } from './things.ts'

/** Newest records of each stream read at start: enough blocks of five seconds to fill a sparkline at 1 Hz. */
const RECORDS_AT_START = 16

/** How often what peers hold is written down. Lost with a crash, it is said again by the peers themselves. */
const HOLDERS_EVERY_MS = 5000

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
  /** Runs `task` once after `delayMs`. */
  readonly after: (delayMs: number, task: () => void) => void
  /** @param relays addresses remembered or invited with; the transport may learn newer ones */
  createTransport(network: NetworkId, relays: readonly string[]): Transport
  onChanged(): void
}

/** Somebody else's stream as far as it can be read. */
export interface ForeignLive {
  readonly kind: ThingKind | 'unknown'
  readonly live: LiveValues
}

/** The device's time in one network: its blocks, its peers, and the streams in it. */
export class Session {
  readonly network: Network
  readonly node: Node
  readonly blocks: BlockStore
  readonly transport: Transport
  readonly streams: Streams
  readonly records: RecordReader
  readonly payments: Payments
  readonly mining: MiningSetting
  readonly #parts: SessionParts
  readonly #foreign = new Map<StreamKey, ForeignLive>()
  #savedVersion = 0
  #saveDueMs = 0

  private constructor(
    parts: SessionParts,
    network: Network,
    rooms: Pick<Session, 'node' | 'blocks' | 'transport' | 'streams' | 'records' | 'payments' | 'mining'>,
  ) {
    this.#parts = parts
    this.network = network
    this.node = rooms.node
    this.blocks = rooms.blocks
    this.transport = rooms.transport
    this.streams = rooms.streams
    this.records = rooms.records
    this.payments = rooms.payments
    this.mining = rooms.mining
  }

  /**
   * Opens the network's store, rebuilds what lives in memory, and goes on the network. Where that fails nothing stays
   * open. Throws `StoreError`.
   */
  static async open(parts: SessionParts, network: Network, relays: readonly string[]): Promise<Session> {
    const salvage = new Salvage()
    const blocks = await parts.openBlocks(network.id, ({ candidates }) => salvage.take(candidates))
    let ledger: LedgerStore | undefined
    let session: Session | undefined
    try {
      const opened = await parts.openLedger(network.id)
      ledger = opened
      const assemble = () => Session.#assemble(parts, network, relays, { blocks, ledger: opened })
      session = await assemble().catch(async (error: unknown) => {
        if (!isDamage(error)) throw error
        await opened.clear() // nothing is lost: it is made again from the blocks
        return assemble()
      })
      salvage.giveTo(session.node)
      await session.node.start()
      return session
    } catch (error) {
      await (session?.node.stop() ?? Promise.all([blocks.close(), ledger?.close()]))
      throw error
    }
  }

  static async #assemble(
    parts: SessionParts,
    network: Network,
    relays: readonly string[],
    { blocks, ledger }: { readonly blocks: BlockStore; readonly ledger: LedgerStore },
  ): Promise<Session> {
    const proposals = proposerNote(parts.notes, network.id)
    // a key that was made here has proposed nowhere else
    if (parts.keys.madeHere && (await proposals.load()) === undefined)
      await proposals.save({ round: 0, bytes: new Uint8Array() })

    const mining = await MiningSetting.load(parts.notes)
    const transport = parts.createTransport(network.id, relays)
    const streams = new Streams(parts.keys.publicKey)
    const records = new RecordReader(network.id, parts.keys)
    let onStored = (checked: CheckedBlock, isCommitted: boolean): void => {
      const head = recordHeadIn(checked)
      if (head) streams.add(checked, head, isCommitted)
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
    const rooms = { node, blocks, transport, streams, records, payments, mining }
    const session = new Session(parts, network, rooms)
    streams.sort()
    onCommitted = (commit) => session.#onCommitted(commit)
    for (const commit of early.splice(0)) onCommitted(commit)
    node.holders.restore(await parts.notes.get(session.#holdersNote))
    for (const stream of streams.all()) await session.#readNewest(stream)
    onStored = (checked) => session.#onStored(checked)
    return session
  }

  /** What can be read of a stream that is not ours. */
  foreign(key: StreamKey): ForeignLive | undefined {
    return this.#foreign.get(key)
  }

  tick(): void {
    this.node.tick()
    this.payments.tick()
    const nowMs = this.#parts.clock.nowMs()
    if (nowMs < this.#saveDueMs || this.node.holders.version === this.#savedVersion) return
    this.#saveDueMs = nowMs + HOLDERS_EVERY_MS
    void this.#saveHolders()
  }

  async stop(): Promise<void> {
    await this.#saveHolders()
    await this.node.stop()
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
    this.#parts.onChanged()
  }

  #onStored(checked: CheckedBlock): void {
    const record = recordIn(checked)
    const stream = record && this.streams.add(checked, record, false)
    if (stream && record.type === 'open' && stream.issuer !== this.#parts.keys.publicKey) {
      const content = this.records.readOpen(record)
      if (content.type === 'readings') this.#liveOf(stream.key, content.kind).add(content.readings)
    }
    this.#parts.onChanged()
  }

  async #readNewest({ key, issuer, streamId, records }: Stream): Promise<void> {
    const refs = records.slice(-RECORDS_AT_START)
    const found = await this.blocks.read(refs.map(({ id }) => id))
    for (const [i, { id }] of refs.entries()) {
      const content = await this.records.readStored(id, found[i])
      if (content?.type !== 'readings') continue
      const own = issuer === this.#parts.keys.publicKey ? this.#parts.things.get(streamId) : undefined
      const live = own?.live ?? this.#liveOf(key, content.kind)
      live.add(content.readings)
    }
  }

  #liveOf(key: StreamKey, kind: ThingKind | 'unknown'): LiveValues {
    const found = this.#foreign.get(key) ?? { kind, live: new LiveValues(kind) }
    this.#foreign.set(key, found)
    return found.live
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.kind === 'damaged'
}

/** Holds on to what damaged records left until there is a node to judge it: the first are found while opening. */
class Salvage {
  readonly #early: Uint8Array[] = []
  #node: Node | undefined

  take(candidates: readonly Uint8Array[]): void {
    if (this.#node === undefined) this.#early.push(...candidates)
    else this.#node.salvage(candidates).catch(unlessClosed)
  }

  giveTo(node: Node): void {
    this.#node = node
    this.take(this.#early.splice(0))
  }
}
