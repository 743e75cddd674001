/** Chance in the simulator. Everything is drawn from one seed, and nothing from anywhere else. */

/**
 * A stream of chance. Each use has a stream of its own name, so that drawing more in one place changes nothing in
 * another. The generator is sfc32 (PractRand, Doty-Humphrey), in 32-bit integers that are the same on every engine.
 */
export class Chance {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, name: string) {
    let state = 0x811c9dc5
    for (const character of `${seed}/${name}`) state = Math.imul(state ^ character.charCodeAt(0), 0x0100_0193)
    this.#a = state
    this.#b = Math.imul(state, 0x85eb_ca6b) | 0
    this.#c = seed | 0
    for (let i = 0; i < 15; i++) this.#next()
  }

  /** In [0, 1). */
  unit(): number {
    return this.#next() / 2 ** 32
  }

  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1))
  }

  /** True in `share` of all cases. */
  happens(share: number): boolean {
    return this.unit() < share
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.unit() * list.length)]
    if (found === undefined) throw new RangeError('nothing to pick from')
    return found
  }

  /** A copy in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const keyed = list.map((item) => ({ item, key: this.unit() }))
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.#next() & 0xff)
  }

  #next(): number {
    const mixed = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + mixed) | 0
    return mixed >>> 0
  }
}
