import type { Chance } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import type { SimNode } from '../node.ts'
import type { World } from '../world.ts'

const DAY_MS = 86_400_000

/** Nodes that fail for a while, and links that do. All of it is over when the active time of the run is. */
export class Faults {
  readonly #world: World
  readonly #chance: Chance
  readonly #endMs: number
  /** Undoes what is in force, in the order it began. */
  readonly #undo = new Set<() => void>()

  constructor(world: World, scenario: Scenario, chance: Chance) {
    this.#world = world
    this.#chance = chance
    this.#endMs = scenario.activeMs
    const count = Math.round((scenario.faultsPerMinute * scenario.activeMs) / 60_000)
    const kinds = [
      () => this.#partition(false),
      () => this.#partition(true),
      () => this.#isolate(),
      () => this.#storm(),
      () => this.#crash(),
      () => this.#crash(),
      () => this.#loseAnOther(),
      () => this.#skewAnOther(),
    ]
    for (let i = 0; i < count; i++) this.#at(chance.between(0, this.#endMs), chance.pick(kinds))
    for (const [index, { failing }] of scenario.validators.entries()) {
      const node = world.nodes[index]
      if (node === undefined || failing === undefined) continue
      const atMs = chance.between(0, (this.#endMs * 3) / 4)
      if (failing === 'silent') this.#at(atMs, () => this.#silence(node))
      if (failing === 'loses-store') this.#at(atMs, () => this.#lose(node))
      if (failing === 'skewed') this.#at(atMs, () => this.#skew(node))
    }
  }

  /** Heals all there is: links, weather, clocks, and nodes that are down. */
  heal(): void {
    for (const undo of this.#undo) undo()
    this.#undo.clear()
    const { links } = this.#world
    links.weather = { ...links.weather, loss: 0, duplication: 0, reordering: 0 }
  }

  #at(atMs: number, begin: () => void): void {
    this.#world.queue.after(atMs, () => {
      if (this.#world.queue.nowMs < this.#endMs) begin()
    })
  }

  /** Undoes something after a while, or when all heals. */
  #until(meanMs: number, undo: () => void): void {
    this.#undo.add(undo)
    this.#world.queue.after(this.#chance.between(meanMs / 4, 2 * meanMs), () => {
      if (this.#undo.delete(undo)) undo()
    })
  }

  /** Two groups that cannot hear each other, or of which one cannot hear the other. */
  #partition(isOneWay: boolean): void {
    const share = this.#chance.unit()
    const sides = this.#world.nodes.map(() => this.#chance.happens(share))
    this.#cut((from, to) => sides[from] !== sides[to] && !(isOneWay && sides[from] === true))
  }

  /** One node that hears nobody, or that nobody hears. */
  #isolate(): void {
    const { index } = this.#chance.pick(this.#world.nodes).spec
    const isDeaf = this.#chance.happens(0.5)
    this.#cut((from, to) => (isDeaf ? to : from) === index)
  }

  #cut(isCut: (from: number, to: number) => boolean): void {
    const { links, nodes } = this.#world
    const cuts: (readonly [number, number])[] = []
    for (const from of nodes.keys())
      for (const to of nodes.keys()) if (from !== to && isCut(from, to)) cuts.push([from, to])
    for (const [from, to] of cuts) links.cut(from, to)
    this.#until(8000, () => {
      for (const [from, to] of cuts) links.heal(from, to)
    })
  }

  #storm(): void {
    const { links } = this.#world
    const { weather } = links
    const delayMs = [weather.delayMs[0], weather.delayMs[1] + this.#chance.between(200, 2000)] as const
    links.weather = { ...weather, delayMs, loss: 0.3, duplication: 0.1, reordering: 0.5 }
    this.#until(5000, () => {
      links.weather = weather
    })
  }

  #crash(): void {
    const node = this.#chance.pick(this.#world.nodes)
    if (!node.isUp) return
    node.crash(this.#chance.between(0, 30))
    this.#until(4000, () => node.start())
  }

  #loseAnOther(): void {
    const node = this.#anOther()
    if (node?.isUp) this.#lose(node)
  }

  #lose(node: SimNode): void {
    if (!node.isUp) node.start()
    node.lose()
    this.#until(3000, () => node.start())
  }

  #skewAnOther(): void {
    const node = this.#anOther()
    if (node) this.#skew(node)
  }

  /** A clock a day off, in either direction. */
  #skew(node: SimNode): void {
    node.skew(this.#chance.happens(0.5) ? DAY_MS : -DAY_MS)
    this.#until(6000, () => node.skew(0))
  }

  #silence(node: SimNode): void {
    node.validator.silence()
  }

  /** An honest node that is no validator: of those any number may fail in any way. */
  #anOther(): SimNode | undefined {
    const { committee, nodes } = this.#world
    const others = nodes.filter(({ spec }) => spec.isHonest && committee.authorOf(spec.key) === undefined)
    return others.length > 0 ? this.#chance.pick(others) : undefined
  }
}
