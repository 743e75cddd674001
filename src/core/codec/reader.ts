/** Why a read failed. The first failure sticks; later reads give zeros. */
export type ReadFault = 'truncated' | 'number-too-large'

/**
 * Reads little-endian fields off bytes that may be anything. It never throws: a caller reads a whole layout and
 * asks `fault` once, so decoding has one way out. Protocol §3.
 */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0
  #fault: ReadFault | undefined

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get fault(): ReadFault | undefined {
    return this.#fault
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#offset
  }

  u8(): number {
    const at = this.#take(1)
    return at < 0 ? 0 : this.#view.getUint8(at)
  }

  u16(): number {
    const at = this.#take(2)
    return at < 0 ? 0 : this.#view.getUint16(at, true)
  }

  u32(): number {
    const at = this.#take(4)
    return at < 0 ? 0 : this.#view.getUint32(at, true)
  }

  /** A u64 of at most 2^53 − 1, so that a number holds it. Protocol §3. */
  u64(): number {
    const at = this.#take(8)
    if (at < 0) return 0
    const high = this.#view.getUint32(at + 4, true)
    if (high > 0x1f_ffff) {
      this.#fault ??= 'number-too-large'
      return 0
    }
    return high * 2 ** 32 + this.#view.getUint32(at, true)
  }

  /** A view of the next `length` bytes, or an empty one. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return at < 0 ? new Uint8Array() : this.#bytes.subarray(at, at + length)
  }

  #take(length: number): number {
    if (this.#fault !== undefined || length > this.left) {
      this.#fault ??= 'truncated'
      return -1
    }
    const at = this.#offset
    this.#offset += length
    return at
  }
}
