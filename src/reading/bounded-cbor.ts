import { decode, Tokenizer, Type, type DecodeOptions, type Token } from 'cborg'

/** Arrays, maps and tags one inside another. A pack needs 3 (pack, record, decimal fraction); the rest is for extensions. */
const DEPTH_MAX = 8

/** Powers of ten a decimal fraction may name. Doubles end at 10^±324, and more digits would only cost time. */
const EXPONENT_MAX = 400

const OPTIONS: DecodeOptions = {
  // RFC 8428 §6 asks for definite lengths wherever the pack is no stream, and ours never is.
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
  tags: { 4: (content) => decimalFraction(content()) },
}

/** Counts how deep the containers go before the recursive decoder follows them. */
class BoundedTokenizer extends Tokenizer {
  /** Of each container now open, the items still to come. */
  readonly #left: number[] = []

  override next(): Token {
    const token = super.next()
    while (this.#left.at(-1) === 0) this.#left.pop()
    const parent = this.#left.length - 1
    if (parent >= 0) this.#left[parent] = (this.#left[parent] ?? 0) - 1
    const items = itemsOf(token)
    if (items > 0 && this.#left.push(items) > DEPTH_MAX) throw new RangeError('nested too deep')
    return token
  }
}

/**
 * One CBOR item (RFC 8949) that fills `bytes` exactly: maps as `Map`, decimal fractions (tag 4) as numbers.
 * Indefinite lengths, other tags, NaN, infinities, `undefined`, integers beyond 2^53 and repeated keys are
 * refused.
 *
 * @returns the value in a box, or `undefined` where the bytes are no such item
 */
export function decodeCbor(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decode(bytes, { ...OPTIONS, tokenizer: new BoundedTokenizer(bytes, OPTIONS) }) }
  } catch {
    // The library reports malformed bytes only by throwing; what exactly was wrong helps nobody.
    return undefined
  }
}

function itemsOf(token: Token): number {
  if (Type.equals(token.type, Type.array)) return Number(token.value)
  if (Type.equals(token.type, Type.map)) return Number(token.value) * 2
  return Type.equals(token.type, Type.tag) ? 1 : 0
}

/** RFC 8949 §3.4.4: [exponent, mantissa]. Going through decimal text rounds once, to the nearest double. */
function decimalFraction(content: unknown): number {
  if (!Array.isArray(content) || content.length !== 2) throw new TypeError('no decimal fraction')
  const [exponent, mantissa] = content as unknown[]
  if (!Number.isSafeInteger(exponent) || !Number.isSafeInteger(mantissa)) throw new TypeError('no integers')
  if (Math.abs(exponent as number) > EXPONENT_MAX) throw new RangeError('exponent')
  return Number(`${mantissa as number}e${exponent as number}`)
}
