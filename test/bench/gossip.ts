/** Gossip with one block a message and with several: processor time and bytes on the wire, interleaved. Runs in Node. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { libp2pTransport } from '../../src/net/transport.ts'
import type { GossipVerdict } from '../../src/ports.ts'
import { at } from '../core/make.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from '../net/support.ts'
import { unusedHandlers } from '../net/unused-handlers.ts'
import { ratios, type Figure } from './figure.ts'
import type { Found } from './runner.ts'

const ROUNDS = 9

/** Nodes, each connected to each. One has the blocks, the others pass them on. */
const NODES = 4

/** Blocks a message. Sixteen is the most that is passed on by gossip after a sync (`src/node/brought.ts`). */
const SIZES = [1, 4, 16] as const

type Size = (typeof SIZES)[number]

/** With header, two parents and signature. */
const BLOCK_BYTES = 400

/** Blocks of a turn: some tenths of a second, and fewer than a neighbour may send in one second. */
const BLOCKS = 256

/** Turns of the event loop without a byte on the wire, after which nothing more comes. */
const QUIET_TURNS = 50

/** Gossipsub takes neighbours into its mesh once a second, and passes on only within it. */
const GRAFTED_MS = 3000

/** What a block costs one way. */
interface Cost {
  /** Of processor time, all nodes together, for each node that got it, in microseconds. */
  readonly cpuUs: number
  /** Over all connections, for each node that got it. */
  readonly bytes: number
}

/** Processor time and bytes for each number of blocks a message, and processor time of checking a signature, which follows. */
export async function benchGossip(): Promise<Found> {
  const wire = new Wire()
  const mesh = new Mesh()
  try {
    await mesh.open()
    const costs = new Map(SIZES.map((size): [Size, Cost[]] => [size, []]))
    const signatures: number[] = []
    const verify = await verification()
    for (let round = 0; round <= ROUNDS; round++) {
      for (const size of SIZES) {
        const cost = await mesh.send(size, wire)
        if (round > 0) costs.get(size)?.push(cost) // the first is compiled meanwhile
      }
      const cpuUs = await verify()
      if (round > 0) signatures.push(cpuUs)
    }
    return { figures: figuresOf(costs, signatures) }
  } finally {
    await mesh.close()
    wire.close()
  }
}

function figuresOf(
  costs: ReadonlyMap<Size, readonly Cost[]>,
  signatures: readonly number[],
): readonly Figure[] {
  const cpu = (size: Size) => (costs.get(size) ?? []).map(({ cpuUs }) => cpuUs)
  const bytes = (size: Size) => (costs.get(size) ?? []).map((cost) => cost.bytes)
  const figure = (name: string, unit: string, rounds: readonly number[]): Figure => ({
    name,
    unit,
    better: 'less',
    rounds,
  })
  const figures: Figure[] = []
  for (const size of SIZES) {
    figures.push(
      figure(`${size} a message, processor`, 'µs a block', cpu(size)),
      figure(`${size} a message, on the wire`, 'bytes a block', bytes(size)),
    )
    if (size === 1) continue
    figures.push(
      figure(`${size} a message, processor, to one`, 'share', ratios(cpu(size), cpu(1))),
      figure(`${size} a message, bytes, to one`, 'share', ratios(bytes(size), bytes(1))),
    )
  }
  const toSignature = ratios(cpu(1), signatures)
  figures.push(figure('1 a message, processor, to checking a signature', 'times', toSignature))
  return figures
}

/** Counts the bytes that pass all servers of this process. */
class Wire {
  readonly #sockets = new Set<Socket>()
  readonly #opened = (message: unknown) => {
    this.#sockets.add((message as { readonly socket: Socket }).socket)
  }

  constructor() {
    subscribe('net.server.socket', this.#opened)
  }

  get bytes(): number {
    let sum = 0
    for (const { bytesRead, bytesWritten } of this.#sockets) sum += bytesRead + bytesWritten
    return sum
  }

  close(): void {
    unsubscribe('net.server.socket', this.#opened)
  }
}

/** Nodes that are all connected to each other. */
class Mesh {
  readonly #transports: ReturnType<typeof libp2pTransport>[] = []
  readonly #clock = skippingClock()
  /** Which node has heard which by gossip, as text. */
  readonly #links = new Set<string>()
  #left = 0
  #arrived: () => void = () => undefined

  /** Starts the nodes and resolves once gossip goes every way. */
  async open(): Promise<void> {
    for (let number = 0; number < NODES; number++) await this.#start(number)
    while (this.#links.size < NODES * (NODES - 1)) {
      for (const transport of this.#transports) void transport.publish(testRandom.bytes(BLOCK_BYTES - 1))
      await pause(50)
    }
    await pause(GRAFTED_MS)
  }

  /** Has the first node send a turn's blocks, so many a message, and waits until the others have passed them on. */
  async send(size: Size, wire: Wire): Promise<Cost> {
    const bytesBefore = wire.bytes
    const cpuBefore = process.cpuUsage()
    const first = at(this.#transports, 0)
    const received = BLOCKS * (NODES - 1)
    const { promise: all, resolve } = Promise.withResolvers<void>()
    this.#arrived = resolve
    this.#left = received
    // a second later, as far as anybody's budget goes
    this.#clock.skipMs(1000)
    const messages = Array.from({ length: BLOCKS / size }, () => testRandom.bytes(size * BLOCK_BYTES))
    await Promise.all([all, ...messages.map((message) => first.publish(message))])
    await quiet(wire)
    const { user, system } = process.cpuUsage(cpuBefore)
    return { cpuUs: (user + system) / received, bytes: (wire.bytes - bytesBefore) / received }
  }

  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.stop()))
  }

  async #start(number: number): Promise<void> {
    const earlier = [...this.#transports]
    const transport = libp2pTransport({
      network: NETWORK,
      signer: testSigner(number + 1),
      clock: this.#clock,
      random: testRandom,
      listen: ['/ip4/127.0.0.1/tcp/0/ws'],
      findRelays: async () => earlier.flatMap((each) => each.multiaddrs()),
      direct: { ...websocketsCount, isDialable: () => false },
      timings: SHORT,
    })
    this.#transports.push(transport)
    await transport.start({
      ...unusedHandlers,
      onGossip: async (bytes, from) => {
        if (bytes.length >= BLOCK_BYTES) return this.#take(bytes.length / BLOCK_BYTES)
        this.#links.add(`${from} ${number}`)
        return 'ignore'
      },
    })
  }

  #take(blocks: number): GossipVerdict {
    this.#left -= blocks
    if (this.#left === 0) this.#arrived()
    return 'forward'
  }
}

async function quiet(wire: Wire): Promise<void> {
  for (let turns = 0, before = -1; turns < QUIET_TURNS; turns++) {
    if (wire.bytes !== before) turns = 0
    before = wire.bytes
    await turn()
  }
}

/** Checks a turn's signatures by WebCrypto; resolves with the processor time of each, in microseconds. */
async function verification(): Promise<() => Promise<number>> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  const message = new Uint8Array(33)
  const signature = await crypto.subtle.sign('Ed25519', privateKey, message)
  return async () => {
    const before = process.cpuUsage()
    for (let done = 0; done < BLOCKS; done++)
      await crypto.subtle.verify('Ed25519', publicKey, signature, message)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / BLOCKS
  }
}
