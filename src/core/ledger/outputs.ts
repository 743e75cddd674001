import type { PublicKey } from '../model/id.ts'
import type { NamedOutput, Output, OutputId } from '../model/transaction.ts'

/** The keys an output is of: its owner, and whoever it falls back to, who may be the same. Protocol §5. */
export function keysOf({ owner, expiry }: Output): readonly PublicKey[] {
  return expiry === undefined ? [owner] : [owner, expiry.refundTo]
}

/** The outputs nobody has spent, by name and by key, and what they hold together. Protocol §5. */
export class UnspentOutputs {
  readonly #outputs = new Map<OutputId, Output>()
  readonly #byKey = new Map<PublicKey, Set<OutputId>>()
  #supply = 0

  get size(): number {
    return this.#outputs.size
  }

  /** The sum of all amounts, at most 2^53 − 1 between commits (protocol §7). */
  get supply(): number {
    return this.#supply
  }

  get(id: OutputId): Output | undefined {
    return this.#outputs.get(id)
  }

  /** Every output a key is owner of or gets back, in no order that means anything. */
  of(key: PublicKey): NamedOutput[] {
    return [...(this.#byKey.get(key) ?? [])].map((id) => [id, this.#require(id)] as const)
  }

  all(): Iterable<NamedOutput> {
    return this.#outputs.entries()
  }

  /** @throws Error if there is an output of that name: our own bug */
  add([id, output]: NamedOutput): void {
    if (this.#outputs.has(id)) throw new Error(`output ${id} is there already`)
    this.#outputs.set(id, output)
    this.#supply += output.amount
    for (const key of keysOf(output)) {
      const ids = this.#byKey.get(key)
      if (ids === undefined) this.#byKey.set(key, new Set([id]))
      else ids.add(id)
    }
  }

  /** @throws Error if there is no output of that name: our own bug */
  remove(id: OutputId): void {
    const output = this.#require(id)
    this.#outputs.delete(id)
    this.#supply -= output.amount
    for (const key of keysOf(output)) {
      const ids = this.#byKey.get(key)
      ids?.delete(id)
      if (ids?.size === 0) this.#byKey.delete(key)
    }
  }

  #require(id: OutputId): Output {
    const output = this.#outputs.get(id)
    if (output === undefined) throw new Error(`no unspent output ${id}`)
    return output
  }
}
