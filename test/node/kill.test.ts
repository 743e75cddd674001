import { describe, expect, it } from 'vitest'
import type { KeyStore } from '../../src/ports.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import { at } from '../core/make.ts'
import {
  agreedHead,
  equivocations,
  identities,
  networkFor,
  ownedAt,
  passRounds,
  pay,
  proposalIn,
  STAKE,
} from './make-committee.ts'
import { seededRandom, World, type NodeOptions, type TestNode } from './make-peer.ts'
import { Power } from './make-power.ts'

/** A number in [0, 1) by a seed. */
function chanceOf(seed: number): () => number {
  const random = seededRandom(seed)
  return () => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 32
}

/** A node whose power fails, with all that ever left it. */
class Fragile {
  readonly power: Power
  readonly sent: Uint8Array[] = []
  readonly digests = new Map<number, string>()
  made!: TestNode
  readonly #world: World
  readonly #options: NodeOptions & { readonly network: Network; readonly keys: KeyStore }

  constructor(world: World, options: Fragile['options'], chance: () => number) {
    this.#world = world
    this.#options = options
    this.power = new Power(chance)
    world.watch(this.power)
  }

  get options() {
    return this.#options
  }

  /** Starts it over its stores; a cut ends it at once, and nothing leaves it any more. */
  async start(name: string, writesLeft = Infinity): Promise<void> {
    const openStores = () => this.power.open(writesLeft)
    const options = { ...this.#options, openStores }
    this.power.onCut = () => void this.made?.node?.stop()
    if (this.made === undefined) this.made = await this.#world.node(name, options)
    else await this.#world.start(this.made, options)
  }

  /** What it has sent and committed so far is remembered; a commit that is made again has to be the same. */
  note(): void {
    this.sent.push(...this.made.transport.sent.splice(0))
    for (const { index, digest } of this.made.commits.splice(0)) {
      expect(this.digests.get(index) ?? digest).toBe(digest)
      this.digests.set(index, digest)
    }
  }
}

describe('A network of one whose power fails at a write', () => {
  const RUNS_PER_WRITE = 3

  it.each(Array.from({ length: 14 }, (_, i) => i + 1))(
    'number %i proposes nothing twice, forgets no commit, and goes on',
    async (writes) => {
      for (let run = 0; run < RUNS_PER_WRITE; run++) {
        const world = new World()
        const [one, two] = await identities(world, 2)
        if (!one || !two) throw new Error('two identities')
        const network = networkFor([one.keys])
        const fragile = new Fragile(world, { network, keys: one.keys }, chanceOf(100 * writes + run))
        await fragile.start('one', 1 + writes) // the first notes that it may propose
        for (let i = 0; i < 3 && !fragile.power.isCut; i++) {
          await pay(fragile, two.keys.publicKey, 1000).catch(() => undefined)
          await world.quiet()
        }
        fragile.note()
        await fragile.start('one')
        await world.pass(1000)
        fragile.note()
        const before = ownedAt(fragile.made, two.keys.publicKey)
        await pay(fragile, two.keys.publicKey, 5000)
        await world.pass(1000)
        fragile.note()
        expect(ownedAt(fragile.made, two.keys.publicKey)).toBe(before + 5000)
        expect(equivocations([...fragile.sent, ...fragile.power.blocks], network)).toEqual([])
        await world.stop()
        expect(world.faults).toEqual([])
      }
    },
  )
})

/** Three seconds' worth; many more were run when this was written. */
const SEEDS = 6

describe('Validators whose power fails at any write', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    'propose no round twice and end with one order, seed %i',
    async (seed) => {
      const chance = chanceOf(seed)
      const world = new World(seed)
      const all = await identities(world, 4)
      const network = networkFor(all.map(({ keys }) => keys))
      const nodes = all.map(({ keys }) => new Fragile(world, { network, keys }, chance))
      const pick = <T>(list: readonly T[]) => at(list, Math.floor(chance() * list.length))
      const start = async (each: Fragile, writesLeft?: number) => {
        await each.start(`v${nodes.indexOf(each)}`, writesLeft)
        for (const other of nodes)
          if (other !== each && other.made && !other.power.isCut)
            world.hub.link(each.made.name, other.made.name)
        await world.quiet()
      }
      for (const each of nodes) await start(each, 2 + Math.floor(chance() * 20))
      for (let step = 0; step < 60; step++) {
        const alive = nodes.filter(({ power }) => !power.isCut)
        for (const each of nodes) each.note()
        if (alive.length < 4 && chance() < 0.4)
          await start(pick(nodes.filter(({ power }) => power.isCut)), 2 + Math.floor(chance() * 20))
        if (alive.length > 0 && chance() < 0.3)
          await pay(pick(alive), pick(nodes).options.keys.publicKey, 1000).catch(() => undefined)
        await world.pass(100)
      }
      for (const each of nodes) {
        each.note()
        if (!each.power.isCut) await each.made.node.stop()
      }
      for (const each of nodes) await start(each)
      await passRounds(world, 30)
      await pay(at(nodes, 0), at(nodes, 1).options.keys.publicKey, 1000)
      await passRounds(world, 30)
      for (const each of nodes) each.note()
      const bytes = nodes.flatMap(({ sent, power }) => [...sent, ...power.blocks])
      expect(bytes.some((each) => (proposalIn(each, network)?.round ?? 0) > 3)).toBe(true)
      expect(equivocations(bytes, network)).toEqual([])
      expect(agreedHead(nodes.map(({ made }) => made)).index).toBeGreaterThan(0)
      expect(at(nodes, 0).made.node.ledger.supply).toBe(4 * STAKE)
      for (const { digests } of nodes)
        for (const [index, digest] of digests) expect(at(nodes, 0).digests.get(index) ?? digest).toBe(digest)
      await world.stop()
      expect(world.faults).toEqual([])
    },
    20_000,
  )
})
