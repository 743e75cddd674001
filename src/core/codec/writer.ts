/** Writes little-endian fields into a buffer whose size the caller knows. Protocol §3. */
export class Writer {
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView
  #offset = 0

  constructor(length: number) {
    this.#bytes = new Uint8Array(length)
    this.#view = new DataView(this.#bytes.buffer)
  }

  u8(value: number): this {
    this.#view.setUint8(this.#offset, value)
    this.#offset += 1
    return this
  }

  u16(value: number): this {
    this.#view.setUint16(this.#offset, value, true)
    this.#offset += 2
    return this
  }

  u32(value: number): this {
    this.#view.setUint32(this.#offset, value, true)
    this.#offset += 4
    return this
  }

  u64(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a u64 below 2^53: ${value}`)
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32))
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#offset)
    this.#offset += value.length
    return this
  }

  /** The buffer, once it is full: a layout that left a gap is our own bug. */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#offset !== this.#bytes.length) throw new Error(`wrote ${this.#offset} of ${this.#bytes.length}`)
    return this.#bytes
  }
}
