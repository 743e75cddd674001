import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { Message } from './network.ts'
import type { SimNode } from './node.ts'

/** Blocks in one answer: below what may be parked for one peer, so that order lost on the way costs nothing. */
const ANSWER_BLOCKS_MAX = 200

/** A tip that is on its way by gossip arrives within this; only then is it worth a pull. */
const GOSSIP_MS = 400

/** A block is not asked for again before this: what overflows the unsolid buffer would otherwise be asked for without end. */
const ASK_AGAIN_MS = 400

/** When a pull without an answer is given up. */
const PULL_MS = 2500

/** Proposals for one slot that are forwarded unasked. Protocol §8. */
const FORWARDED_PER_SLOT_MAX = 2

/** How one node and its neighbours tell each other their blocks: gossip, fetch, and reconciliation. Protocol §8. */
export class Exchange {
  readonly #node: SimNode
  /** When a missing parent was asked for last. */
  readonly #asked = new Map<BlockId, number>()
  readonly #forwarded = new Map<string, number>()
  #pullingUntilMs = 0

  constructor(node: SimNode) {
    this.#node = node
  }

  /** Passes a block on to everybody linked but where it came from. */
  forward(checked: CheckedBlock, from: number | undefined): void {
    this.#asked.delete(checked.id)
    if (!this.#mayForward(checked)) return
    const { relay } = this.#node.spec.conduct
    for (const to of this.#node.spec.neighbours) {
      if (to === from) continue
      const bytes = relay ? relay(checked, to) : checked.bytes
      if (bytes) this.#send(to, { type: 'block', bytes })
    }
  }

  /** Asks for parents: first whoever named them, then anybody. */
  ask(ids: readonly BlockId[], from: number | undefined): void {
    const { neighbours } = this.#node.spec
    if (neighbours.length === 0) return
    const { nowMs } = this.#node.world.queue
    const due = ids.filter((id) => (this.#asked.get(id) ?? -Infinity) + ASK_AGAIN_MS <= nowMs)
    const fresh = due.filter((id) => !this.#asked.has(id))
    const again = due.filter((id) => this.#asked.has(id))
    for (const id of due) this.#asked.set(id, nowMs)
    if (fresh.length > 0 && from !== undefined) this.#send(from, { type: 'ask', ids: fresh })
    if (again.length > 0) this.#send(this.#node.chance.pick(neighbours), { type: 'ask', ids: again })
  }

  /** Names this node's tips to a neighbour, who asks for what it lacks. */
  tellTips(): void {
    const { chance, spec } = this.#node
    if (spec.neighbours.length === 0) return
    const ids = this.#node.engine.tips(this.#node.nowMs())
    this.#send(chance.pick(spec.neighbours), { type: 'tips', ids })
  }

  /** Asks a node for all that is lacking here. */
  pull(from: number): void {
    this.#pullingUntilMs = this.#node.world.queue.nowMs + PULL_MS
    this.#send(from, { type: 'pull', holds: (id) => this.#node.disk.has(id) })
  }

  handle(from: number, message: Exclude<Message, { type: 'block' }>): void {
    const isSilent = this.#node.spec.conduct.answers === false
    switch (message.type) {
      case 'ask':
        return isSilent ? undefined : this.#answer(from, message.ids)
      case 'pull':
        return isSilent ? undefined : this.#answerPull(from, message.holds)
      case 'tips':
        return this.#consider(from, message.ids)
      case 'ranges':
        return this.#node.stage?.answer(message.bytes, from, message.reply)
      case 'blocks':
        return message.list.forEach((bytes) => this.#node.receive(bytes, from))
      case 'pulled':
        for (const bytes of message.list) this.#node.receive(bytes, from)
        this.#pullingUntilMs = 0
        return message.all ? undefined : this.pull(from)
    }
  }

  #consider(from: number, ids: readonly BlockId[]): void {
    const unknown = ids.filter((id) => !this.#node.holds(id))
    if (unknown.length === 0) return
    this.#node.after(GOSSIP_MS, () => {
      const { nowMs } = this.#node.world.queue
      if (nowMs >= this.#pullingUntilMs && unknown.some((id) => !this.#node.holds(id))) this.pull(from)
    })
  }

  #answer(to: number, ids: readonly BlockId[]): void {
    const list = ids.flatMap((id) => this.#node.disk.get(id)?.bytes ?? [])
    if (list.length > 0) this.#send(to, { type: 'blocks', list })
  }

  #answerPull(to: number, holds: (id: BlockId) => boolean): void {
    const lacking = this.#node.disk.blocks().filter(({ id }) => !holds(id))
    const list = lacking.slice(0, ANSWER_BLOCKS_MAX).map(({ bytes }) => bytes)
    this.#send(to, { type: 'pulled', list, all: list.length === lacking.length })
  }

  #mayForward(checked: CheckedBlock): boolean {
    const { slot } = this.#node.engine.entryOf(checked)
    if (slot === undefined) return true
    const key = `${slot.round}/${slot.author}`
    const count = (this.#forwarded.get(key) ?? 0) + 1
    this.#forwarded.set(key, count)
    return count <= FORWARDED_PER_SLOT_MAX
  }

  #send(to: number, message: Message): void {
    this.#node.world.links.send(this.#node.spec.index, to, message)
  }
}
