import { afterEach, beforeEach, expect } from 'vitest'
/**
 * A small world for tests of nodes and peers: one virtual clock, one hub that links and unlinks, disks that survive
 * restarts, and a way to wait until nothing moves any more.
 */
import { Node } from '../../src/node/node.ts'
import type { NodeParts } from '../../src/node/node-parts.ts'
import { Device, type DeviceParts } from '../../src/node/device.ts'
import type { Snapshot } from '../../src/node/api.ts'
import { signedMessage } from '../../src/core/check/isolation.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { BlockId, Hash, NetworkId, PublicKey } from '../../src/core/model/id.ts'
import type { Commit } from '../../src/core/model/proposal.ts'
import { keyStoreOf } from '../../src/crypto/key-store.ts'
import { openVault } from '../../src/crypto/vault.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import { lossMark } from '../../src/node/loss-mark.ts'
import { proposerNote } from '../../src/node/proposer-note.ts'
import type {
  Blame,
  BlockStore,
  Clock,
  CommitCursor,
  CommittedBlocks,
  DamageReport,
  GossipVerdict,
  Greetings,
  KeyStore,
  LedgerStore,
  PageStore,
  MineAnswer,
  MineRequest,
  Miner,
  NoteStore,
  PeerId,
  Random,
  Signer,
  Transport,
  TransportHandlers,
  Verifier,
} from '../../src/ports.ts'
import { createMemoryLedgerStore, createMemoryNoteStore, memoryPageStore } from '../../src/store/memory.ts'
import { DEVICE_PATH, derivePrivateKey, ENTROPY_BYTES, seedOf } from '../../src/wallet/keys.ts'
import { CREATED_AT_MS, makeBlock, NETWORK, type BlockParts } from '../core/make.ts'
import { unusedHandlers } from '../net/unused-handlers.ts'
import { Disk } from './make-disk.ts'

/** Turns of the event loop without anything under way that count as quiet. */
const QUIET_TURNS = 4

/** Turns after which waiting is given up: some seconds. */
const TURNS_MAX = 200_000

/** How far the clock of a new world is past the genesis. */
const START_MS = CREATED_AT_MS + 86_400_000

class VirtualClock implements Clock {
  #nowMs = START_MS

  nowMs(): number {
    return this.#nowMs
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

/** Repeatable bytes (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  return { bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff) }
}

/** Any nonce wins where powBase is 1, so no work is done. */
export const idleMiner: Miner = {
  async mine(_task, { signal } = {}) {
    signal?.throwIfAborted()
    return 0
  },
  close() {},
}

/** A miner that is done when the test says so. */
export class HeldMiner implements Miner {
  readonly #held: { readonly finish: () => void; readonly progress: (hashes: number) => void }[] = []
  tasks = 0

  mine(_task: unknown, { signal, onProgress }: Parameters<Miner['mine']>[1] = {}): Promise<number> {
    this.tasks++
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
      this.#held.push({
        finish: () => resolve(0),
        progress: (hashes) => onProgress?.({ hashes, hashesPerSecond: hashes }),
      })
    })
  }

  progress(hashes: number): void {
    this.#held.at(-1)?.progress(hashes)
  }

  finish(): void {
    for (const { finish } of this.#held.splice(0)) finish()
  }

  close() {}
}

/** A transport that remembers what went out through it and who was blamed. */
class WatchedTransport implements Transport {
  stopped = false
  readonly blamed: (readonly [PeerId, Blame])[] = []
  /** Everything handed to the transport to send: gossip, answers, ids. */
  readonly sent: Uint8Array[] = []
  /** Gossip this node made, and gossip it passed on. */
  readonly published: Uint8Array[] = []
  readonly forwarded: Uint8Array[] = []
  /** Ids of every fetch this node made. */
  readonly fetches: (readonly BlockId[])[] = []
  /** Ids that others fetched here, by who did. */
  readonly served: (readonly [PeerId, BlockId])[] = []
  /** Where each question for commits began, and whom this node reconciled with. */
  readonly commitsAsked: CommitCursor[] = []
  readonly reconciled: PeerId[] = []
  /** Whom this node asked for work. */
  readonly workAsked: PeerId[] = []
  onPublish: (bytes: Uint8Array) => void = () => undefined
  readonly #inner: Transport

  constructor(inner: Transport) {
    this.#inner = inner
  }

  start(handlers: TransportHandlers): Promise<void> {
    return this.#inner.start({
      ...handlers,
      onGossip: async (bytes, from) => {
        const verdict = await handlers.onGossip(bytes, from)
        if (verdict === 'forward') this.forwarded.push(bytes)
        return verdict
      },
      onFetch: async (ids, from) => {
        const blocks = await handlers.onFetch(ids, from)
        for (const id of ids) this.served.push([from, id])
        this.sent.push(...blocks.map(({ bytes }) => bytes))
        return blocks
      },
      onTips: async (ids, from) => {
        const tips = await handlers.onTips(ids, from)
        this.sent.push(Buffer.from(tips.join(), 'latin1'))
        return tips
      },
    })
  }

  publish(bytes: Uint8Array): Promise<void> {
    this.onPublish(bytes)
    this.published.push(bytes)
    this.sent.push(bytes)
    return this.#inner.publish(bytes)
  }

  fetch(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    this.fetches.push(ids)
    return this.#inner.fetch(peer, ids, signal)
  }

  exchangeTips(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly BlockId[]> {
    this.sent.push(Buffer.from(ids.join(), 'latin1'))
    return this.#inner.exchangeTips(peer, ids, signal)
  }

  greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings> {
    return this.#inner.greet(peer, signal)
  }

  commits(peer: PeerId, cursor: CommitCursor, upTo: number, signal?: AbortSignal): Promise<CommittedBlocks> {
    this.commitsAsked.push(cursor)
    return this.#inner.commits(peer, cursor, upTo, signal)
  }

  reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]> {
    this.reconciled.push(peer)
    return this.#inner.reconcile(peer, signal)
  }

  mine(peer: PeerId, request: MineRequest, signal?: AbortSignal): Promise<MineAnswer> {
    this.workAsked.push(peer)
    return this.#inner.mine(peer, request, signal)
  }

  blame(peer: PeerId, reason: Blame): void {
    this.blamed.push([peer, reason])
    this.#inner.blame(peer, reason)
  }

  peers() {
    return this.#inner.peers()
  }

  stop(): Promise<void> {
    this.stopped = true
    return this.#inner.stop()
  }
}

export interface NodeOptions {
  readonly windowBlocksMax?: number
  readonly miner?: Miner
  readonly verifier?: Verifier
  readonly minesForOthers?: () => boolean
  readonly network?: Network
  /** The key it signs with; one of its own otherwise. */
  readonly keys?: KeyStore
  /** The key was typed in: without a note of its own, the node may have proposed elsewhere. */
  readonly typedIn?: boolean
  /** What it keeps things in, opened anew at every start; a disk of the world's otherwise. */
  readonly openStores?: () => Promise<Stores>
  /** A clock that goes with the world's and shows another time. */
  readonly clock?: Clock
}

interface Stores {
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly notes: NoteStore
}

/** A node and everything a test may look at. */
export interface TestNode {
  readonly name: PeerId
  readonly disk: Disk
  readonly ledger: LedgerStore
  readonly notes: NoteStore
  readonly signer: Signer
  node: Node
  transport: WatchedTransport
  /** What `onStored` was called with since the last start. */
  stored: CheckedBlock[]
  /** Commits made since the last start. */
  commits: Commit[]
}

/** A whole peer and everything a test may look at. */
export interface TestPeer {
  readonly name: PeerId
  readonly notes: NoteStore
  readonly keys: KeyStore
  readonly disks: Map<NetworkId, Disk>
  readonly ledgers: Map<NetworkId, LedgerStore>
  readonly pages: Map<NetworkId, PageStore>
  peer: Device
  /** One for each network it was in, the present one last. */
  transports: WatchedTransport[]
  /** Publishes what is due and returns the newest snapshot. */
  snapshot(): Snapshot
}

/** A fresh world for every test of a file; afterwards nothing of it may have gone wrong unheard. */
export function eachWithWorld(take: (world: World) => void): void {
  let world: World
  beforeEach(() => {
    world = new World()
    take(world)
  })
  afterEach(async () => {
    await world.stop()
    expect(world.faults).toEqual([])
  })
}

/** What a stranger does. Its answers to a fetch are any bytes, whatever was asked for. */
export type StrangerHandlers = Partial<Omit<TransportHandlers, 'onFetch'>> & {
  /** The key it proves to hold. */
  readonly key?: PublicKey
  readonly onFetch?: (ids: readonly BlockId[], from: PeerId) => Promise<readonly Uint8Array[]>
}

export interface Stranger {
  readonly name: PeerId
  readonly transport: Transport
  readonly gossip: Uint8Array[]
}

export class World {
  readonly clock = new VirtualClock()
  readonly faults: unknown[] = []
  readonly hub: MemoryHub
  readonly #random: Random
  readonly #disks = new Set<Pick<Disk, 'busy'>>()
  readonly #ticking: { tick(): void }[] = []
  readonly #stops: (() => Promise<void>)[] = []
  #computing = 0

  constructor(seed = 1, timings?: ConstructorParameters<typeof MemoryHub>[0]['timings']) {
    this.#random = seededRandom(seed)
    this.hub = new MemoryHub({
      clock: this.clock,
      ...(timings && { timings }),
      fault: (error) => this.faults.push(error),
    })
  }

  async node(name: PeerId, options: NodeOptions = {}): Promise<TestNode> {
    const notes = createMemoryNoteStore()
    const signer = options.keys ?? (await this.keys(notes))
    const ledger = createMemoryLedgerStore()
    // completed by start
    const made = { name, disk: this.disk(), ledger, notes, signer } as unknown as TestNode
    await this.start(made, options)
    this.#ticking.push({ tick: () => made.node.tick() })
    this.#stops.push(() => made.node.stop())
    return made
  }

  /** Starts a node over what is on its disk. */
  async start(made: TestNode, options: NodeOptions = {}): Promise<void> {
    const clock = options.clock ?? this.clock
    made.transport = new WatchedTransport(this.hub.transport(made.name, made.signer.publicKey, clock))
    made.stored = []
    made.commits = []
    const network = options.network ?? NETWORK
    const { blocks, ledger, notes } = (await options.openStores?.()) ?? {
      blocks: made.disk.open(),
      ledger: keptOpen(made.ledger),
      notes: made.notes,
    }
    const proposals = proposerNote(notes, network.id)
    if (!options.typedIn && (await proposals.load()) === undefined)
      await proposals.save({ round: 0, bytes: new Uint8Array() })
    const parts: NodeParts = {
      network,
      ledger,
      proposals,
      lossMark: lossMark(made.notes, network.id),
      clock,
      random: this.#random,
      blocks,
      signer: made.signer,
      verifier: this.#watched(options.verifier ?? webCryptoVerifier(crypto.subtle)),
      miner: options.miner ?? idleMiner,
      ...(options.minesForOthers && { minesForOthers: options.minesForOthers }),
      transport: made.transport,
      ...(options.windowBlocksMax !== undefined && { windowBlocksMax: options.windowBlocksMax }),
      onStored: (checked) => void made.stored.push(checked),
      onCommitted: (commit) => void made.commits.push(commit),
      onChanged: () => undefined,
      after: () => undefined, // time passes in `pass`, which ticks everybody
    }
    made.node = await Node.open(parts)
    await made.node.start()
  }

  /** Stops a node and starts it again. What it was told of holders is carried over, as a session does. */
  async restart(made: TestNode, options: NodeOptions = {}): Promise<void> {
    const note = made.node.holders.toNote().map(([peer, ids]) => [peer, [...ids]])
    await made.node.stop()
    await this.quiet()
    await this.start(made, options)
    made.node.holders.restore(note)
  }

  async peer(
    name: PeerId,
    {
      invitation,
      miner,
      notes = createMemoryNoteStore(),
      keys,
    }: {
      readonly invitation?: string
      readonly miner?: Miner
      readonly notes?: NoteStore
      /** Those of another peer, as its words would give them. */
      readonly keys?: KeyStore
    } = {},
  ): Promise<TestPeer> {
    const made = {
      name,
      notes,
      keys: keys ?? (await this.keys(notes)),
      disks: new Map(),
      ledgers: new Map(),
      pages: new Map(),
      transports: [],
    } as unknown as TestPeer // completed by openPeer
    await this.openPeer(made, invitation, miner)
    this.#ticking.push({ tick: () => made.peer.tick() })
    this.#stops.push(() => made.peer.stop())
    return made
  }

  /** Opens a peer over its notes and disks; a second time that is a restart. */
  async openPeer(made: TestPeer, invitation?: string, miner: Miner = idleMiner): Promise<void> {
    const due: (() => void)[] = []
    let newest: Snapshot | undefined
    const parts: DeviceParts = {
      ...this.partsOf(made, made.keys),
      miner,
      after: (_delayMs, task) => void due.push(task),
      publish: (snapshot) => {
        newest = snapshot
      },
    }
    made.peer = await Device.open(parts, invitation)
    made.snapshot = () => {
      for (const task of due.splice(0)) task()
      if (newest === undefined) throw new Error('no snapshot was published')
      return newest
    }
  }

  /** What a device with these keys is opened with, over what there is of it. */
  partsOf(
    made: Pick<TestPeer, 'name' | 'notes' | 'disks' | 'ledgers' | 'pages' | 'transports'>,
    keys: KeyStore,
  ): Omit<DeviceParts, 'after' | 'publish'> {
    return {
      clock: this.clock,
      random: this.#random,
      notes: made.notes,
      keys,
      verifier: this.#watched(webCryptoVerifier(crypto.subtle)),
      miner: idleMiner,
      openBlocks: async (network, onDamage) => {
        const disk = made.disks.get(network) ?? this.disk()
        made.disks.set(network, disk)
        for (const report of this.damageReports.splice(0)) onDamage(report)
        return disk.open()
      },
      openLedger: async (network) => {
        const ledger = made.ledgers.get(network) ?? createMemoryLedgerStore()
        made.ledgers.set(network, ledger)
        return keptOpen(ledger)
      },
      openPages: async (network) => {
        const pages = made.pages.get(network) ?? memoryPageStore()
        made.pages.set(network, pages)
        return { ...pages, close: async () => undefined }
      },
      createTransport: () => {
        const transport = new WatchedTransport(this.hub.transport(made.name, keys.publicKey))
        made.transports.push(transport)
        return transport
      },
    }
  }

  /** Ticks it as time passes, and stops it at the end. */
  keep(each: { tick(): void }, stop: () => Promise<void>): void {
    this.#ticking.push(each)
    this.#stops.push(stop)
  }

  /** Reports that the next store to be opened makes. */
  readonly damageReports: DamageReport[] = []

  /** Somebody without a node behind the handlers: by default silent to gossip and without a block. */
  async stranger(name: PeerId, { key, onFetch, ...handlers }: StrangerHandlers = {}): Promise<Stranger> {
    const transport = this.hub.transport(name, key)
    const gossip: Uint8Array[] = []
    await transport.start({
      ...unusedHandlers,
      standing: () => ({
        index: 0,
        digest: NETWORK.id as string as Hash,
        uncommitted: { times: new Float64Array(), ids: new Uint8Array() },
      }),
      onGossip: async (bytes): Promise<GossipVerdict> => {
        gossip.push(bytes)
        return 'ignore'
      },
      onFetch: async (ids, from) =>
        ((await onFetch?.(ids, from)) ?? []).map((bytes, i) => ({ id: ids[i] ?? NETWORK.id, bytes })),
      ...handlers,
    })
    return { name, transport, gossip }
  }

  async keys(notes: NoteStore): Promise<KeyStore> {
    const { subtle } = crypto
    const vault = await openVault({ notes, random: this.#random, subtle, entropyBytes: ENTROPY_BYTES })
    const entropy = await vault.open()
    if (entropy === 'wrong-secret') throw new Error('there is no lock')
    const keys = await keyStoreOf(entropy, !vault.restored, subtle, {
      seedOf,
      privateKeyOf: (seed) => derivePrivateKey(seed, DEVICE_PATH),
    })
    return {
      publicKey: keys.publicKey,
      madeHere: keys.madeHere,
      sign: (message) => this.#counted(() => keys.sign(message)),
      epochKey: (streamId, epoch) => this.#counted(() => keys.epochKey(streamId, epoch)),
    }
  }

  disk(): Disk {
    const disk = new Disk()
    this.watch(disk)
    return disk
  }

  /** Quiet is only when this is not busy either. */
  watch(disk: Pick<Disk, 'busy'>): void {
    this.#disks.add(disk)
  }

  /** Links two and waits until they have told each other everything. */
  async link(a: { readonly name: PeerId }, b: { readonly name: PeerId }): Promise<void> {
    this.hub.link(a.name, b.name)
    await this.quiet()
  }

  async unlink(a: { readonly name: PeerId }, b: { readonly name: PeerId }): Promise<void> {
    this.hub.unlink(a.name, b.name)
    await this.quiet()
  }

  /** Advances the clock, ticks everybody and waits for what follows. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms)
    for (const each of this.#ticking) each.tick()
    await this.quiet()
  }

  /** Waits until nothing is under way: no cryptography, no store call, no delivery. */
  async quiet(): Promise<void> {
    for (let still = 0; still < QUIET_TURNS; still++) {
      await turn()
      if (this.#computing > 0 || [...this.#disks].some(({ busy }) => busy > 0)) still = -1
    }
  }

  /** `count` small blocks of a node's own, 10 ms apart. */
  async issueMany({ node }: TestNode, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await node.issue({ topic: 'test', body: Uint8Array.of(1) })
      this.clock.advance(10)
    }
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop()
    await this.quiet()
  }

  #watched(verifier: Verifier): Verifier {
    return { verify: (...args) => this.#counted(() => verifier.verify(...args)) }
  }

  /** Cryptography runs beside the event loop, so only a count tells whether it is under way. */
  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#computing++
    try {
      return await work()
    } finally {
      this.#computing--
    }
  }
}

/** A ledger that outlives the programs that open it. */
function keptOpen(ledger: LedgerStore): LedgerStore {
  return {
    load: () => ledger.load(),
    append: (step) => ledger.append(step),
    commitsAfter: (index, count) => ledger.commitsAfter(index, count),
    newestCommits: () => ledger.newestCommits(),
    applied: (ids) => ledger.applied(ids),
    history: (count, before) => ledger.history(count, before),
    clear: () => ledger.clear(),
    close: async () => undefined,
  }
}

/** Lets the event loop go round until `holds`. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns === TURNS_MAX) throw new Error('it never came about')
    await turn()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A block of somebody's with a true signature. */
export async function signedBlock(
  signer: Signer,
  parts: Omit<BlockParts, 'issuer' | 'signature'>,
): Promise<CheckedBlock> {
  const unsigned = makeBlock({ ...parts, issuer: signer.publicKey })
  const signature = await signer.sign(signedMessage(unsigned.id))
  return makeBlock({ ...parts, issuer: signer.publicKey, signature })
}

/** Blocks that each name the one before, one second apart. */
export async function signedChain(
  signer: Signer,
  length: number,
  firstAtMs: number,
): Promise<readonly CheckedBlock[]> {
  const chain: CheckedBlock[] = []
  for (let i = 0; i < length; i++) {
    const parent = chain.at(-1)?.id ?? NETWORK.id
    chain.push(await signedBlock(signer, { parents: [parent], issuedAtMs: firstAtMs + i * 1000 }))
  }
  return chain
}
