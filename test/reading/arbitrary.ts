/** Generators and helpers for tests that need readings. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { AT_MS_MAX, AT_MS_MIN } from '../../src/reading/check.ts'
import type { Reading } from '../../src/reading/reading.ts'

export const toHex = bytesToHex
export const fromHex = hexToBytes

const anyQuantity = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9:./_-]{0,63}$/)
const anyUnit = fc.stringMatching(/^[\x21-\x7e]{1,32}$/)
const anyAtMs = fc.integer({ min: AT_MS_MIN, max: AT_MS_MAX })

/** Minus zero is left out: SenML's sum with the base value makes it plain zero. */
const anyNumber = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger())
  .map((value) => (value === 0 ? 0 : value))

const anyText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 256 })
  .filter((text) => text.length <= 256 && text.isWellFormed())

/** Any reading that can be packed. */
export const anyReading: fc.Arbitrary<Reading> = fc.oneof(
  fc.record({ quantity: anyQuantity, unit: anyUnit, value: anyNumber, atMs: anyAtMs }),
  fc.record({ quantity: anyQuantity, value: anyNumber, atMs: anyAtMs }),
  fc.record({ quantity: anyQuantity, value: fc.boolean(), atMs: anyAtMs }),
  fc.record({ quantity: anyQuantity, value: anyText, atMs: anyAtMs }),
)

export const anyBaseName = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9:./_-]{0,127}$/),
)
