/** The arithmetic under the check of many signatures, against big integers and noble's points, at the ends of its ranges. */
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { at } from '../core/make.ts'
import { littleEndian } from '../contract/signatures.ts'
import { readBatchModule } from './batch-engine.ts'

const { Point } = ed25519
const P = Point.Fp.ORDER
const L = Point.Fn.ORDER

/** What signature-batch/batch.as.ts exports for tests; numbers are addresses. */
interface Arithmetic {
  readonly memory: WebAssembly.Memory
  readonly INPUT: { readonly value: number }
  readonly POSSIBLE: { readonly value: number }
  multiply(out: number, a: number, b: number): void
  square(out: number, a: number): void
  carry(out: number, a: number): void
  fromBytes(out: number, lane: number, bytes: number): void
  toBytes(out: number, lane: number, pair: number): void
  decode(first: number, second: number, firstBytes: number, secondBytes: number): number
  add(point: number, addend: number): void
  double(out: number, point: number): void
  toAddend(out: number, point: number): void
  montgomery(out: number, a: number, b: number): void
  sha512(out: number, input: number, length: number): void
}

const wasm = new WebAssembly.Instance(await WebAssembly.compile(await readBatchModule()))
  .exports as unknown as Arithmetic
const bytes = new Uint8Array(wasm.memory.buffer)
const doubles = new Float64Array(wasm.memory.buffer)
const A = wasm.INPUT.value
const [B, C] = [A + 160, A + 320]
const HASH = wasm.POSSIBLE.value

/** Limbs of one number. */
type Limbs = readonly number[]
type Pair = readonly [Limbs, Limbs]

/** The most a limb may be that `multiply`, `square` or `carry` left. */
const TIGHT = 2 ** 50 + 2 ** 13

const valueOf = (limbs: Limbs) => limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n)
const mod = (value: bigint, by: bigint) => ((value % by) + by) % by
const fromLittleEndian = (of: Uint8Array) => BigInt(`0x${Buffer.from(of.toReversed()).toString('hex')}`)

function write(address: number, pair: Pair): void {
  for (const [lane, limbs] of pair.entries())
    for (const [i, limb] of limbs.entries()) doubles[address / 8 + 2 * i + lane] = limb
}

const read = (address: number): Pair => {
  const lane = (which: number) =>
    Array.from({ length: 5 }, (_, i) => doubles[address / 8 + 2 * i + which] ?? NaN)
  return [lane(0), lane(1)]
}

const scalarAt = (address: number) => fromLittleEndian(bytes.slice(address, address + 32))

/** Five limbs up to `most` in either sign, its ends often. */
function limbsUpTo(most: number): fc.Arbitrary<Limbs> {
  const ends = fc.constantFrom(0, 1, -1, most, -most, most - 1, 1 - most)
  const any = fc.double({ min: -1, max: 1, noNaN: true }).map((part) => Math.trunc(part * most))
  return fc.array(fc.oneof(ends, any), { minLength: 5, maxLength: 5 })
}
const pairUpTo = (most: number): fc.Arbitrary<Pair> => fc.tuple(limbsUpTo(most), limbsUpTo(most))

/** All signs of five limbs of one size. */
const allSigns = (most: number): readonly Limbs[] =>
  Array.from({ length: 32 }, (_, signs) =>
    Array.from({ length: 5 }, (_, i) => (signs & (1 << i) ? -most : most)),
  )

function expectTight(pair: Pair): void {
  expect(Math.max(...pair.flat().map(Math.abs))).toBeLessThanOrEqual(TIGHT)
}

function expectProduct(a: Pair, b: Pair): void {
  write(A, a)
  write(B, b)
  wasm.multiply(C, A, B)
  const product = read(C)
  expectTight(product)
  for (const lane of [0, 1] as const)
    expect(mod(valueOf(product[lane]) - valueOf(a[lane]) * valueOf(b[lane]), P)).toBe(0n)
}

describe('numbers modulo p', () => {
  it('are multiplied, one tight and one three times tight, in both lanes', () => {
    fc.assert(
      fc.property(pairUpTo(TIGHT), pairUpTo(3 * TIGHT), (a, b) => {
        expectProduct(a, b)
        expectProduct(b, a)
      }),
      { seed: 21, numRuns: 2000 },
    )
  })

  it('are multiplied up to where the halves of a product just fit, whatever the signs', () => {
    for (const [one, other] of [
      [TIGHT, 3 * TIGHT],
      [2 ** 51, 2 ** 51],
      [2 ** 50, 2 ** 52],
      [2 ** 51 - 1, 2 ** 51 - 1],
    ] as const)
      for (const a of allSigns(one))
        for (const b of allSigns(other)) expectProduct([a, b.map((limb) => (limb / other) * one)], [b, b])
  })

  it('are squared', () => {
    const expectSquare = (a: Pair) => {
      write(A, a)
      wasm.square(C, A)
      const square = read(C)
      expectTight(square)
      for (const lane of [0, 1] as const)
        expect(mod(valueOf(square[lane]) - valueOf(a[lane]) ** 2n, P)).toBe(0n)
    }
    for (const a of allSigns(TIGHT)) for (const b of allSigns(TIGHT)) expectSquare([a, b])
    fc.assert(fc.property(pairUpTo(TIGHT), expectSquare), { seed: 22, numRuns: 2000 })
  })

  it('are carried from the largest limbs there may be', () => {
    const expectCarried = (a: Pair) => {
      write(A, a)
      wasm.carry(C, A)
      const carried = read(C)
      expectTight(carried)
      for (const lane of [0, 1] as const) expect(mod(valueOf(carried[lane]) - valueOf(a[lane]), P)).toBe(0n)
    }
    for (const a of allSigns(2 ** 53)) expectCarried([a, a.map((limb) => limb / 8)])
    fc.assert(fc.property(pairUpTo(2 ** 53), expectCarried), { seed: 23, numRuns: 2000 })
  })

  it('come from any 32 bytes, and go to the only ones below p', () => {
    const expectBytes = (value: bigint) => {
      bytes.set(littleEndian(value), B)
      bytes.set(littleEndian(value ^ 1n), B + 32)
      wasm.fromBytes(A, 0, B)
      wasm.fromBytes(A, 1, B + 32)
      for (const [lane, expected] of [value, value ^ 1n].entries()) {
        wasm.toBytes(C, lane, A)
        expect(scalarAt(C)).toBe((expected % 2n ** 255n) % P)
      }
    }
    const near = [0n, P, 2n ** 255n, 2n ** 51n, 2n ** 102n, 2n ** 204n, 2n ** 256n - 40n]
    for (const value of near)
      for (let step = -40n; step < 40n; step++) expectBytes(mod(value + step, 2n ** 256n))
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), expectBytes), {
      seed: 24,
      numRuns: 2000,
    })
  })

  it('go to bytes from limbs of either sign', () => {
    const expectCanonical = (a: Pair) => {
      write(A, a)
      for (const lane of [0, 1] as const) {
        wasm.toBytes(C, lane, A)
        expect(scalarAt(C)).toBe(mod(valueOf(a[lane]), P))
      }
    }
    for (const a of allSigns(2 ** 52)) expectCanonical([a, a])
    fc.assert(fc.property(pairUpTo(2 ** 52), expectCanonical), { seed: 25, numRuns: 2000 })
  })
})

describe('scalars', () => {
  const R = 2n ** 256n

  it('are multiplied by Montgomery’s reduction, the first below 2^256 and the second below L', () => {
    const expectProduct = (a: bigint, b: bigint) => {
      bytes.set(littleEndian(a), A)
      bytes.set(littleEndian(b), B)
      wasm.montgomery(C, A, B)
      const product = scalarAt(C)
      expect(product).toBeLessThan(L)
      expect(mod(product * R - a * b, L)).toBe(0n)
      wasm.montgomery(A, A, B)
      expect(scalarAt(A)).toBe(product)
    }
    const ends = [0n, 1n, 2n ** 32n - 1n, 2n ** 128n - 1n, L - 1n, L, L + 1n, 2n * L, R - L, R - 1n]
    for (const a of ends) for (const b of ends) if (b < L) expectProduct(a, b)
    const any = (below: bigint) => fc.bigInt({ min: 0n, max: below - 1n })
    fc.assert(fc.property(any(R), any(L), expectProduct), { seed: 26, numRuns: 2000 })
  })
})

describe('SHA-512', () => {
  it('is that of noble at the ends of blocks, whatever lay after the input', () => {
    for (let length = 0; length <= 1024; length += length < 300 ? 1 : 31) {
      const input = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 253)
      bytes.set(input, A)
      bytes.fill(0xaa, A + length, A + 1024 + 144)
      wasm.sha512(HASH, A, length)
      expect(bytes.slice(HASH, HASH + 64)).toEqual(sha512(input))
    }
  })
})

describe('points', () => {
  const POINTS = A + 640
  const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex))
  const some = [1n, 2n, 3n, 8n, L - 1n, L - 2n, 2n ** 200n + 5n].map((scalar) => Point.BASE.multiply(scalar))
  const all = [...torsion, ...some, ...some.map((point, i) => point.add(at(torsion, (i % 7) + 1)))]

  /** The decoded point of some bytes at `out`, or undefined. */
  function decode(encoded: Uint8Array, out: number): boolean {
    bytes.set(encoded, A)
    return wasm.decode(out, C, A, A) === 3
  }

  /** The point at an address as noble has it, after a look at whether T is X·Y/Z. */
  function pointAt(address: number): InstanceType<typeof Point> {
    const [x, y] = read(address).map((limbs) => mod(valueOf(limbs), P)) as [bigint, bigint]
    const [t, z] = read(address + 80).map((limbs) => mod(valueOf(limbs), P)) as [bigint, bigint]
    expect(mod(x * y - t * z, P)).toBe(0n)
    return new Point(x, y, z, t)
  }

  it('are decoded as ZIP-215 has it, two at a time', () => {
    const encodings = [
      ...all.map((point) => point.toBytes()),
      ...Array.from({ length: 60 }, (_, i) => littleEndian(BigInt(i))),
      ...Array.from({ length: 40 }, (_, i) => littleEndian(2n ** 255n - 40n + BigInt(i))),
    ].flatMap((encoded) => [encoded, encoded.with(31, at([...encoded], 31) ^ 0x80)])
    let found = 0
    for (const [i, first] of encodings.entries()) {
      const second = at(encodings, (i + 7) % encodings.length)
      bytes.set(first, A)
      bytes.set(second, A + 32)
      const which = wasm.decode(POINTS, POINTS + 160, A, A + 32)
      for (const [lane, encoded] of [first, second].entries()) {
        const point = nobleOf(encoded)
        expect((which >> lane) & 1).toBe(point ? 1 : 0)
        if (point) expect(pointAt(POINTS + 160 * lane).equals(point)).toBe(true)
        if (point) found++
      }
    }
    expect(found).toBeGreaterThan(100)
  })

  it('are added and doubled, those of small order and equal ones too', () => {
    for (const one of all)
      for (const other of all) {
        expect(decode(other.toBytes(), POINTS)).toBe(true)
        wasm.toAddend(B, POINTS)
        expect(decode(one.toBytes(), POINTS)).toBe(true)
        wasm.add(POINTS, B)
        expect(pointAt(POINTS).equals(one.add(other))).toBe(true)
        wasm.double(POINTS, POINTS)
        expect(pointAt(POINTS).equals(one.add(other).double())).toBe(true)
      }
  })

  function nobleOf(encoded: Uint8Array): InstanceType<typeof Point> | undefined {
    try {
      return Point.fromBytes(encoded, true)
    } catch {
      return undefined
    }
  }
})
