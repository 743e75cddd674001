/**
 * Medical floating-point numbers of IEEE 11073-20601: a decimal mantissa and exponent, both two's complement. Bluetooth
 * "Personal Health Devices Transcoding" white paper 1.6 §2.2.
 */

/** NaN, not at this resolution (NRes), +infinity, -infinity and one reserved lie around the middle of the mantissas. */
const SFLOAT_RESERVED = { from: 0x7fe, to: 0x802 }
const FLOAT_RESERVED = { from: 0x7ffffe, to: 0x800002 }

/**
 * SFLOAT, also called medfloat16: a mantissa of 12 bits below an exponent of 4.
 *
 * @param bits an unsigned integer of 16 bits
 * @returns `undefined` where the bits stand for no number
 */
export function decodeSfloat(bits: number): number | undefined {
  const mantissa = bits & 0xfff
  const exponent = bits >> 12
  // Reserved values come with an exponent of 0; with another one the same mantissas are numbers.
  if (exponent === 0 && isWithin(mantissa, SFLOAT_RESERVED)) return undefined
  return decimal(signed(mantissa, 12), signed(exponent, 4))
}

/**
 * FLOAT, also called medfloat32: a mantissa of 24 bits below an exponent of 8.
 *
 * @param bits an unsigned integer of 32 bits
 * @returns `undefined` where the bits stand for no number
 */
export function decodeFloat(bits: number): number | undefined {
  const mantissa = bits & 0xffffff
  const exponent = bits >>> 24
  if (exponent === 0 && isWithin(mantissa, FLOAT_RESERVED)) return undefined
  return decimal(signed(mantissa, 24), signed(exponent, 8))
}

function isWithin(mantissa: number, { from, to }: { from: number; to: number }): boolean {
  return mantissa >= from && mantissa <= to
}

function signed(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value
}

/** Through decimal text it is rounded once, to the nearest double: 367 tenths are 36.7, which 367 * 0.1 is not. */
function decimal(mantissa: number, exponent: number): number {
  return Number(`${mantissa}e${exponent}`)
}
