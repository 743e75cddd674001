import { encodeData } from '../../src/core/codec/data.ts'
import type { OutputId } from '../../src/core/model/transaction.ts'
import type { SimNode } from './node.ts'
import { ownOutputs, payment } from './payment.ts'
import type { Chance } from './random.ts'
import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

/** A wallet tries an output again when it has heard nothing of the payment for so long. */
const RETRY_MS = 20_000

/** How often a malicious node does what it should not. */
const MISCHIEF_MS = 1500

/** Data and payments of honest nodes, and what the others do, until the active time of the run is over. */
export class Workload {
  readonly #world: World
  readonly #chance: Chance
  readonly #endMs: number
  /** Outputs in payments under way, and until when. */
  readonly #reserved = new Map<OutputId, number>()

  constructor(world: World, { dataEveryMs, paymentEveryMs, activeMs }: Scenario, chance: Chance) {
    this.#world = world
    this.#chance = chance
    this.#endMs = activeMs
    // a network that is silent for a while has to find its way back into agreement
    const quietFromMs = chance.happens(0.3) ? chance.between(0, activeMs) : activeMs
    const quietToMs = quietFromMs + chance.between(5000, 20_000)
    this.#every(dataEveryMs, () => this.#issueData())
    this.#every(paymentEveryMs, () => {
      const { nowMs } = world.queue
      if (nowMs < quietFromMs || nowMs > quietToMs) this.#pay()
    })
    for (const node of world.nodes.filter(({ spec }) => spec.conduct.act !== undefined))
      this.#every(MISCHIEF_MS, () => node.isUp && node.spec.conduct.act?.(node))
  }

  #every(meanMs: number, run: () => void): void {
    this.#world.queue.after(this.#chance.between(0, 2 * meanMs), () => {
      if (this.#world.queue.nowMs > this.#endMs) return
      run()
      this.#every(meanMs, run)
    })
  }

  #issueData(): void {
    const node = this.#anybody()
    node?.issue('data', encodeData({ topic: 'sim', body: this.#chance.bytes(8) }))
  }

  #pay(): void {
    const node = this.#anybody()
    if (node === undefined) return
    const { nowMs } = this.#world.queue
    const free = ownOutputs(node).filter(([id]) => (this.#reserved.get(id) ?? 0) <= nowMs)
    const spent = this.#chance.shuffled(free).slice(0, this.#chance.between(1, 3))
    if (spent.length === 0) return
    for (const [id] of spent) this.#reserved.set(id, nowMs + RETRY_MS)
    const payload = payment(node, spent)
    node.issue('transaction', payload)
    // anyone may attach a transaction again
    if (this.#chance.happens(0.1)) this.#anybody()?.issue('transaction', payload)
  }

  #anybody(): SimNode | undefined {
    const up = this.#world.nodes.filter(({ isUp, spec }) => isUp && spec.isHonest)
    return up.length > 0 ? this.#chance.pick(up) : undefined
  }
}
