import { encodeData } from '../../../src/core/codec/data.ts'
import { blockIdOf, publicKeyOf } from '../../../src/core/codec/hex.ts'
import type { CheckedBlock } from '../../../src/core/model/block.ts'
import type { BlockId } from '../../../src/core/model/id.ts'
import { STREAMS_PER_PEER_MAX } from '../../../src/net/limits.ts'
import { RECONCILE_BYTES_MAX } from '../../../src/net/reconcile.ts'
import { ReconcileSet } from '../../../src/net/reconcile-set.ts'
import { RangeWriter } from '../../../src/net/reconcile-writer.ts'
import { withFlippedSignature, withoutWork } from '../forge.ts'
import type { Chance } from '../random.ts'
import type { World } from '../world.ts'

/** What a flooder sends. */
export const FLOODS = ['bad work', 'bad signatures', 'unsolid chains', 'junk ranges'] as const

export type Flood = (typeof FLOODS)[number]

/** How often it sends what has become due. */
const BURST_MS = 20

/** Bytes of the readings it pretends to have, at most; one in so many blocks is as large as blocks may be. */
const BODY_BYTES = 1500
const LARGE_BYTES = 16_000
const LARGE_EVERY = 40

/** Blocks of a chain that stands on a parent nobody has. */
const CHAIN_BLOCKS = 50

/** Ids and ranges of a message of reconciling that agrees with nobody's: about as long as a message may be. */
const JUNK_IDS = 2000
const JUNK_RANGES = 1400

/**
 * A peer outside the committee that all honest nodes are connected to and that sends each of them the same: each block
 * under a new issuer's name, since a flooder's keys cost nothing. It answers nothing.
 */
export class Flooder {
  readonly #world: World
  readonly #flood: Flood
  readonly #chance: Chance
  /** The index it sends under, beyond those of the nodes. */
  readonly #index: number
  readonly #junk: Uint8Array
  /** Messages of reconciling that each node still has to answer. */
  readonly #asked = new Map<number, number>()
  /** What the next block of the chain stands on. */
  #parent: BlockId
  #chained = 0
  sent = 0

  /** @param place tells it from other flooders */
  constructor(world: World, flood: Flood, place: number, chance: Chance) {
    this.#world = world
    this.#flood = flood
    this.#chance = chance
    this.#index = world.nodes.length + place
    this.#parent = this.#nobodys()
    this.#junk = junkRanges(chance)
  }

  /** Begins, and sends so many blocks a second to each node until `endMs`. */
  start(perSecond: number, endMs: number): void {
    const { queue } = this.#world
    const startMs = queue.nowMs
    const burst = () => {
      const due = Math.floor(((queue.nowMs - startMs) * perSecond) / 1000)
      while (this.sent < due) this.#send()
      if (queue.nowMs < endMs) queue.after(BURST_MS, burst)
    }
    burst()
  }

  #send(): void {
    this.sent++
    if (this.#flood === 'junk ranges')
      return this.#world.nodes.forEach(({ spec }) => this.#reconcile(spec.index))
    const bytes = this.#bytes(this.#flood)
    for (const { spec } of this.#world.nodes)
      this.#world.links.send(this.#index, spec.index, { type: 'block', bytes })
  }

  /** Asks on as many streams as it may have, whatever the answers are. */
  #reconcile(to: number): void {
    const asked = this.#asked.get(to) ?? 0
    if (asked >= STREAMS_PER_PEER_MAX) return
    this.#asked.set(to, asked + 1)
    const reply = () => this.#asked.set(to, (this.#asked.get(to) ?? 1) - 1)
    this.#world.links.send(this.#index, to, { type: 'ranges', bytes: this.#junk, reply })
  }

  #bytes(flood: Exclude<Flood, 'junk ranges'>): Uint8Array {
    const { network, forge } = this.#world
    switch (flood) {
      case 'bad work':
        return withoutWork(this.#made(network.id), forge)
      case 'bad signatures':
        return withFlippedSignature(this.#made(network.id))
      case 'unsolid chains':
        return this.#nextOfChain().bytes
    }
  }

  #nextOfChain(): CheckedBlock {
    if (++this.#chained % CHAIN_BLOCKS === 0) this.#parent = this.#nobodys()
    const made = this.#made(this.#parent)
    this.#parent = made.id
    return made
  }

  #made(parent: BlockId): CheckedBlock {
    const world = this.#world
    const chance = this.#chance
    const length = this.sent % LARGE_EVERY === 0 ? LARGE_BYTES : chance.between(8, BODY_BYTES)
    // bytes of chance are slow to draw, and nothing depends on these
    const body = new Uint8Array(length)
    body.set(chance.bytes(8))
    return world.forge.make({
      kind: 'data',
      issuer: publicKeyOf(chance.bytes(32)),
      issuedAtMs: world.startMs + world.queue.nowMs + (this.#chained % CHAIN_BLOCKS),
      parents: [parent],
      payload: encodeData({ topic: 'sim/flood', body }),
    })
  }

  #nobodys(): BlockId {
    return blockIdOf(this.#chance.bytes(32))
  }
}

function junkRanges(chance: Chance): Uint8Array {
  const times = Float64Array.from({ length: JUNK_IDS }, (_, i) => 1 + i)
  const set = new ReconcileSet({ times, ids: chance.bytes(32 * JUNK_IDS) })
  const writer = new RangeWriter(set, RECONCILE_BYTES_MAX)
  const row = (range: number) => Math.floor((range * (JUNK_IDS - 1)) / JUNK_RANGES)
  for (let i = 0; i < JUNK_RANGES; i++) writer.fingerprint(row(i), row(i + 1), set.boundAt(row(i + 1)))
  return writer.finish()
}
