import type { DateTime } from './date-time.ts'
import { decodeFloat, decodeSfloat } from './ieee-11073.ts'
import { malformed, type MalformedFrame } from './malformed.ts'

/**
 * Reads a frame's fields one after another, least significant byte first as Bluetooth sends them. What lies beyond the end
 * reads as 0 and is remembered: ask `fault` once, after the last field.
 */
export class FrameReader {
  readonly #frame: DataView
  #at = 0
  #truncated = false

  constructor(frame: DataView) {
    this.#frame = frame
  }

  /** A field did not fit into the frame. */
  get truncated(): boolean {
    return this.#truncated
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#frame.byteLength - this.#at
  }

  /** What is wrong with the length of a frame that should end here; `undefined` if nothing is. */
  fault(): MalformedFrame | undefined {
    const length = this.#frame.byteLength
    if (length === 0) return malformed('empty', length)
    if (this.#truncated) return malformed('truncated', length)
    return this.left > 0 ? malformed('trailing-bytes', length) : undefined
  }

  u8(): number {
    return this.#unsigned(1)
  }

  i8(): number {
    return this.#signed(1)
  }

  u16(): number {
    return this.#unsigned(2)
  }

  i16(): number {
    return this.#signed(2)
  }

  u24(): number {
    return this.#unsigned(3)
  }

  i24(): number {
    return this.#signed(3)
  }

  u32(): number {
    return this.#unsigned(4)
  }

  i32(): number {
    return this.#signed(4)
  }

  /** `undefined` where the bits stand for no number. */
  sfloat(): number | undefined {
    return decodeSfloat(this.u16())
  }

  /** `undefined` where the bits stand for no number. */
  float(): number | undefined {
    return decodeFloat(this.u32())
  }

  /** GATT Specification Supplement, "Date Time": 7 bytes, taken as they are. */
  datetime(): DateTime {
    return {
      year: this.u16(),
      month: this.u8(),
      day: this.u8(),
      hours: this.u8(),
      minutes: this.u8(),
      seconds: this.u8(),
    }
  }

  skip(bytes: number): void {
    this.#advance(bytes)
  }

  /** The bytes not read yet; they stay in the frame's buffer. */
  rest(): Uint8Array {
    const { buffer, byteOffset } = this.#frame
    const at = byteOffset + this.#at
    return new Uint8Array(buffer, at, this.#advance(this.left))
  }

  #unsigned(bytes: number): number {
    const at = this.#at
    const there = this.#advance(bytes)
    let value = 0
    for (let i = there - 1; i >= 0; i--) value = value * 256 + this.#frame.getUint8(at + i)
    return value
  }

  #signed(bytes: number): number {
    const value = this.#unsigned(bytes)
    const bound = 2 ** (8 * bytes - 1)
    return value >= bound ? value - 2 * bound : value
  }

  /** Goes on by as many bytes, or to the end, and says by how many: none if they do not all fit. */
  #advance(bytes: number): number {
    if (bytes <= this.left) {
      this.#at += bytes
      return bytes
    }
    this.#truncated = true
    this.#at = this.#frame.byteLength
    return 0
  }
}
