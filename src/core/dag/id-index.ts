import { ID_BYTES } from '../model/id.ts'

const EMPTY = 0xffff_ffff

/**
 * Which slot holds an id: open addressing over slots, with the ids themselves in one byte array that the caller
 * shares. Ids are hashes, so their first four bytes are hash enough. A table is at most half full.
 */
export class IdIndex {
  readonly #table: Uint32Array
  readonly #mask: number
  readonly #ids: Uint8Array

  /** @param ids `slots` ids of 32 bytes, one after the other; `slots` a power of two */
  constructor(ids: Uint8Array, slots: number) {
    this.#ids = ids
    this.#table = new Uint32Array(2 * slots).fill(EMPTY)
    this.#mask = 2 * slots - 1
  }

  /** The slot of an id, or of one that begins so, with four bytes or more; −1 where there is none. */
  find(id: Uint8Array): number {
    for (let at = this.#home(id, 0); ; at = (at + 1) & this.#mask) {
      const slot = this.#slotAt(at)
      if (slot === EMPTY) return -1
      if (this.#equals(slot, id)) return slot
    }
  }

  /** Enters a slot whose id is in the shared array already and in no other slot. */
  insert(slot: number): void {
    let at = this.#home(this.#ids, slot * ID_BYTES)
    while (this.#slotAt(at) !== EMPTY) at = (at + 1) & this.#mask
    this.#table[at] = slot
  }

  /** Takes a slot out and closes the gap, so that searches never cross a hole (Knuth 6.4, algorithm R). */
  remove(slot: number): void {
    let hole = this.#home(this.#ids, slot * ID_BYTES)
    while (this.#slotAt(hole) !== slot) hole = (hole + 1) & this.#mask
    for (let at = (hole + 1) & this.#mask; this.#slotAt(at) !== EMPTY; at = (at + 1) & this.#mask) {
      const home = this.#home(this.#ids, this.#slotAt(at) * ID_BYTES)
      if (((at - home) & this.#mask) < ((at - hole) & this.#mask)) continue
      this.#table[hole] = this.#slotAt(at)
      hole = at
    }
    this.#table[hole] = EMPTY
  }

  #slotAt(at: number): number {
    return this.#table[at] ?? EMPTY
  }

  #home(ids: Uint8Array, offset: number): number {
    const byte = (i: number) => ids[offset + i] ?? 0
    return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) & this.#mask
  }

  #equals(slot: number, id: Uint8Array): boolean {
    const offset = slot * ID_BYTES
    for (let i = 0; i < id.length; i++) if (this.#ids[offset + i] !== id[i]) return false
    return true
  }
}
