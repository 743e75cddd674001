import { encodeOutput, encodeOutputId } from '../codec/transaction.ts'
import { expand, hash } from '../crypto/hash.ts'
import type { NamedOutput } from '../model/transaction.ts'

/** Lanes of two bytes. With 1024 of 16 bits a collision is out of reach (LtHash16: Lewi et al., IACR 2019/227). */
const LANES = 1024

/** Bytes of all lanes, and of an element. Protocol §6. */
const LANES_BYTES = 2 * LANES

/**
 * LtHash over a set of outputs: the sum of one pseudo-random vector for each, lane by lane mod 2^16. So it does not
 * depend on the order in which they came, and an output that leaves is subtracted. Protocol §6.
 */
export class StateDigest {
  readonly #networkKey: Uint8Array
  readonly #lanes = new Uint16Array(LANES)
  /** Of the lanes as they are; most commits change none. */
  #digest: Uint8Array | undefined

  /**
   * @param lanes 2048 bytes of an earlier `lanes()`; without them the set is empty
   * @throws RangeError for any other length
   */
  constructor(networkKey: Uint8Array, lanes: Uint8Array = new Uint8Array(LANES_BYTES)) {
    if (lanes.length !== LANES_BYTES) throw new RangeError(`${lanes.length} bytes of lanes`)
    this.#networkKey = networkKey
    this.#accumulate(lanes, 1)
  }

  /** Takes in an output that was not in the set; nothing here can tell whether it was. */
  add(output: NamedOutput): void {
    this.#accumulate(this.#elementOf(output), 1)
  }

  /** Takes out an output that was in the set; nothing here can tell whether it was. */
  remove(output: NamedOutput): void {
    this.#accumulate(this.#elementOf(output), -1)
  }

  /** A copy of the lanes, little-endian: 2048 bytes. */
  lanes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(LANES_BYTES)
    const view = new DataView(bytes.buffer)
    for (const [i, lane] of this.#lanes.entries()) view.setUint16(2 * i, lane, true)
    return bytes
  }

  /** H(lanes ‖ 'S'): 32 bytes. */
  digest(): Uint8Array {
    this.#digest ??= hash(this.#networkKey, 'state', this.lanes())
    return this.#digest
  }

  #elementOf([id, output]: NamedOutput): Uint8Array {
    return expand(this.#networkKey, 'output', LANES_BYTES, encodeOutputId(id), encodeOutput(output))
  }

  #accumulate(element: Uint8Array, sign: 1 | -1): void {
    this.#digest = undefined
    const view = new DataView(element.buffer, element.byteOffset, element.byteLength)
    // a Uint16Array keeps what it is given mod 2^16, below zero too
    for (let i = 0; i < LANES; i++)
      this.#lanes[i] = (this.#lanes[i] ?? 0) + sign * view.getUint16(2 * i, true)
  }
}
