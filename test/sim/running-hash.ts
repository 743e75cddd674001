/**
 * A digest of everything that was ever put in, in order: two 32-bit lanes after MurmurHash3's mixing step. It tells runs
 * apart and is no cryptography; BLAKE3 over every change would cost more than the changes.
 */
export class RunningHash {
  #a = 0x9747b28c | 0
  #b = 0x1b873593 | 0

  /** Mixes in a whole number of at most 53 bits. */
  number(value: number): void {
    this.#mix(value | 0)
    this.#mix(Math.floor(value / 2 ** 32) | 0)
  }

  /** Mixes in a text by its first `length` UTF-16 units. */
  text(value: string, length = value.length): void {
    for (let i = 0; i < length; i++) this.#mix(value.charCodeAt(i))
  }

  /** 16 hex digits. */
  value(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #mix(word: number): void {
    const k = Math.imul(word, 0xcc9e2d51)
    const a = this.#a ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593)
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
    const b = this.#b ^ Math.imul(word ^ this.#a, 0x85ebca6b)
    this.#b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x38495ab5) | 0
  }
}
