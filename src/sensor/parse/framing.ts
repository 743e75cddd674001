/** Bytes of a serial line to frames. Chunks come cut anywhere; a frame comes whole, once, in order. */

/**
 * Bytes of a frame. Lines of weather stations and receivers have hundreds, the longest answers of a car's adapter two
 * thousand; a line that never ends costs no more memory than this.
 */
export const FRAME_BYTES_MAX = 4096

const STX = 0x02
const ETX = 0x03
const LF = 0x0a
const CR = 0x0d

/** How frames are told apart. */
export type Framing =
  /** Lines that end with LF, CR LF or CR. */
  | { readonly type: 'line' }
  /** Each ends with this byte, as the answers of an ELM327 do with its prompt `>`. */
  | { readonly type: 'delimiter'; readonly byte: number }
  /** Each has so many bytes, 1 to `FRAME_BYTES_MAX`. Only a reset brings a cut one back into step. */
  | { readonly type: 'fixed'; readonly bytes: number }
  /** Between STX and ETX (ISO 646, 02 and 03). With `bytes` there are exactly so many between them, which may be any. */
  | { readonly type: 'stx-etx'; readonly bytes?: number }
  /** Consistent Overhead Byte Stuffing (Cheshire and Baker, IEEE/ACM ToN 7(2), 1999), each ended by a zero byte. */
  | { readonly type: 'cobs' }

export interface Framer {
  /**
   * Takes what came and hands on each frame that is now whole: without what frames it, never empty, at most
   * `FRAME_BYTES_MAX` long, and the receiver's to keep.
   */
  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void
  /** Forgets a frame begun, as after a pause or a line that broke. */
  reset(): void
  /** Stretches of bytes thrown away: too long, outside every frame, or broken. */
  readonly dropped: number
}

/** A length that is no whole number from 1 to `FRAME_BYTES_MAX` is a mistake of ours and throws. */
export function makeFramer(framing: Framing): Framer {
  switch (framing.type) {
    case 'line':
      return new DelimitedFramer([LF, CR], (frame) => frame)
    case 'delimiter':
      return new DelimitedFramer([framing.byte], (frame) => frame)
    case 'cobs':
      return new DelimitedFramer([0], decodeCobs)
    case 'fixed':
      return new FixedFramer(checkedLength(framing.bytes))
    case 'stx-etx':
      return new TelegramFramer(framing.bytes === undefined ? undefined : checkedLength(framing.bytes))
  }
}

/** What the stuffed bytes of one frame, without its zero, stand for; `undefined` where a block runs past the end. */
export function decodeCobs(stuffed: Uint8Array): Uint8Array | undefined {
  const decoded = new Uint8Array(stuffed.length)
  let length = 0
  for (let at = 0; at < stuffed.length;) {
    const code = stuffed[at] ?? 0
    const next = at + code
    if (code === 0 || next > stuffed.length) return undefined
    decoded.set(stuffed.subarray(at + 1, next), length)
    length += code - 1
    // A block of the longest kind stands for its bytes alone, and the last block's zero is the frame's end.
    if (code !== 0xff && next < stuffed.length) length++
    at = next
  }
  return decoded.slice(0, length)
}

/** The frame begun: at most `FRAME_BYTES_MAX` bytes. */
class Begun {
  readonly #bytes = new Uint8Array(FRAME_BYTES_MAX)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Whether there was room. */
  add(byte: number): boolean {
    if (this.#length === FRAME_BYTES_MAX) return false
    this.#bytes[this.#length++] = byte
    return true
  }

  /** A copy of what there is; afterwards there is nothing. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  clear(): void {
    this.#length = 0
  }
}

class DelimitedFramer implements Framer {
  readonly #ends: readonly number[]
  readonly #decode: (frame: Uint8Array) => Uint8Array | undefined
  readonly #begun = new Begun()
  /** Too long already: what comes up to the next end belongs to it. */
  #skipping = false
  #dropped = 0

  constructor(ends: readonly number[], decode: (frame: Uint8Array) => Uint8Array | undefined) {
    this.#ends = ends
    this.#decode = decode
  }

  get dropped(): number {
    return this.#dropped
  }

  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    for (const byte of chunk) {
      if (!this.#ends.includes(byte)) this.#add(byte)
      else if (this.#skipping) this.#skipping = false
      else if (this.#begun.length > 0) {
        const frame = this.#decode(this.#begun.take())
        if (frame === undefined) this.#dropped++
        else if (frame.length > 0) onFrame(frame)
      }
    }
  }

  reset(): void {
    this.#begun.clear()
    this.#skipping = false
  }

  #add(byte: number): void {
    if (this.#skipping || this.#begun.add(byte)) return
    this.#begun.clear()
    this.#skipping = true
    this.#dropped++
  }
}

class FixedFramer implements Framer {
  readonly dropped = 0
  readonly #bytes: number
  readonly #begun = new Begun()

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    for (const byte of chunk) {
      this.#begun.add(byte)
      if (this.#begun.length === this.#bytes) onFrame(this.#begun.take())
    }
  }

  reset(): void {
    this.#begun.clear()
  }
}

class TelegramFramer implements Framer {
  readonly #bytes: number | undefined
  readonly #begun = new Begun()
  #inside = false
  /** Outside, and the bytes since the last frame are counted as dropped already. */
  #skipping = false
  #dropped = 0

  constructor(bytes: number | undefined) {
    this.#bytes = bytes
  }

  get dropped(): number {
    return this.#dropped
  }

  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    for (const byte of chunk) {
      if (!this.#inside) this.#await(byte)
      else if (this.#bytes === undefined) this.#addOrEnd(byte, onFrame)
      else this.#addCounted(byte, this.#bytes, onFrame)
    }
  }

  reset(): void {
    this.#begun.clear()
    this.#inside = false
    this.#skipping = false
  }

  #await(byte: number): void {
    if (byte === STX) {
      this.#inside = true
      this.#skipping = false
    } else if (byte !== CR && byte !== LF && !this.#skipping) {
      // Many readers end the line after a telegram; anything else out here is noise.
      this.#skipping = true
      this.#dropped++
    }
  }

  #addOrEnd(byte: number, onFrame: (frame: Uint8Array) => void): void {
    if (byte === ETX) this.#end(onFrame)
    else if (byte === STX) {
      this.#drop()
      this.#inside = true
    } else if (!this.#begun.add(byte)) this.#drop()
  }

  #addCounted(byte: number, bytes: number, onFrame: (frame: Uint8Array) => void): void {
    if (this.#begun.length < bytes) this.#begun.add(byte)
    else if (byte === ETX) this.#end(onFrame)
    else {
      const after = this.#begun.take()
      this.#drop()
      // The STX was a byte of noise or of a frame cut short; the true one may be among those taken for content, and
      // they are too few to make a frame.
      this.push(after, onFrame)
      this.push(Uint8Array.of(byte), onFrame)
    }
  }

  #end(onFrame: (frame: Uint8Array) => void): void {
    this.#inside = false
    if (this.#begun.length > 0) onFrame(this.#begun.take())
  }

  #drop(): void {
    this.#begun.clear()
    this.#inside = false
    this.#skipping = true
    this.#dropped++
  }
}

function checkedLength(bytes: number): number {
  if (Number.isInteger(bytes) && bytes >= 1 && bytes <= FRAME_BYTES_MAX) return bytes
  throw new RangeError(`no length of a frame: ${bytes}`)
}
