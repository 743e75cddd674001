/**
 * Prints the nonce search in AssemblyScript (https://www.assemblyscript.org), which `.wasm.mjs` compiles. The builds
 * differ in how many nonces a step works on, and in what turns a word.
 */
import { DIGEST, HIGH, KEY, lastWordOfId, LOW } from './compression.ts'
import type { Step, Value } from './program.ts'

/** `simd` and `relaxed` work on four nonces at once, in the lanes of a v128. */
export type Build = 'scalar' | 'simd' | 'relaxed'

/** How a build is written. */
interface Dialect {
  readonly lanes: number
  /** Declarations ahead of `search`, and in it ahead of the loop. */
  readonly tables: string
  readonly prepare: string
  readonly add: (left: string, right: string) => string
  readonly xor: (left: string, right: string) => string
  readonly rotate: (word: string, bits: number) => string
  /** A word of all nonces, from one before the loop. */
  readonly fill: (word: string) => string
  /** The words `low`, low + 1 and so on, one for each lane. */
  readonly count: (low: string) => string
  /** Whether a lane's word is at most `limit`. */
  readonly isHit: string
  /** The first lane that is. */
  readonly firstHit: string
}

const scalar: Dialect = {
  lanes: 1,
  tables: '',
  prepare: '',
  add: (left, right) => `${left} + ${right}`,
  xor: (left, right) => `${left} ^ ${right}`,
  rotate: (word, bits) => `rotr<u32>(${word}, ${bits})`,
  fill: (word) => word,
  count: (low) => low,
  isHit: 'word <= limit',
  firstHit: '0',
}

const simd: Dialect = {
  lanes: 4,
  tables: `const TURNS: usize = memory.data<u8>([${turned(16)}, ${turned(8)}], 16)`,
  // loaded, because V8 makes a constant anew at each use
  prepare: 'const turn16 = v128.load(TURNS), turn8 = v128.load(TURNS, 16)',
  add: (left, right) => `i32x4.add(${left}, ${right})`,
  xor: (left, right) => `v128.xor(${left}, ${right})`,
  rotate: (word, bits) => rotated(word, bits, 'i8x16.swizzle'),
  fill: (word) => `i32x4.splat(${word})`,
  count: (low) => `i32x4.add(i32x4.splat(${low}), i32x4(0, 1, 2, 3))`,
  isHit: 'v128.any_true(i32x4.le_u(word, limit))',
  firstHit: 'ctz(i32x4.bitmask(i32x4.le_u(word, limit)))',
}

// spares the check of the indices that the other swizzle does for each vector
const relaxed: Dialect = {
  ...simd,
  rotate: (word, bits) => rotated(word, bits, 'i8x16.relaxed_swizzle'),
}

/** By whole bytes one swizzle does what else takes two shifts. */
function rotated(word: string, bits: number, swizzle: string): string {
  if (bits % 8 === 0) return `${swizzle}(${word}, turn${bits})`
  return `v128.or(i32x4.shr_u(${word}, ${bits}), i32x4.shl(${word}, ${32 - bits}))`
}

const DIALECTS: Readonly<Record<Build, Dialect>> = { scalar, simd, relaxed }

/** The source of one build. */
export function assemblyScriptOf(build: Build): string {
  const dialect = DIALECTS[build]
  const { before, loop, result } = lastWordOfId()
  const outside = new Set<string>()
  const inLoop = (value: Value): string => {
    if (value.kind !== 'constant' && value.varies) return value.name
    outside.add(scalarName(value))
    return filledName(value)
  }
  const steps = loop.map((step) => `const ${step.name} = ${expression(step, dialect, inLoop)}`)
  return `
/** Where the caller writes the network id and the digest, 32 bytes each. */
export const KEY: usize = memory.data(32, 16)
export const DIGEST: usize = memory.data(32, 16)
${dialect.tables}

/**
 * Tries the nonces high·2^32 + first + i for i in [0, count). first + count is at most 2^32 and count at most 2^31:
 * the caller splits a range where the high word changes.
 *
 * @param last the greatest last word of an id that still wins, which is target − 1: a target can be 2^32
 * @returns the smallest i that wins, or count where none does
 */
export function search(${HIGH}: u32, first: u32, count: u32, last: u32): u32 {
  ${KEY.map((name, i) => `const ${name} = load<u32>(KEY, ${4 * i})`).join('\n  ')}
  ${DIGEST.map((name, i) => `const ${name} = load<u32>(DIGEST, ${4 * i})`).join('\n  ')}
  ${before.map((step) => `const ${step.name} = ${expression(step, scalar, scalarName)}`).join('\n  ')}
  ${[...outside].map((word) => `const all_${word} = ${dialect.fill(word)}`).join('\n  ')}
  const limit = ${dialect.fill('last')}
  const step = ${dialect.fill(String(dialect.lanes))}
  let ${LOW} = ${dialect.count('first')}
  ${dialect.prepare}
  for (let i: u32 = 0; i < count; i += ${dialect.lanes}) {
    ${steps.join('\n    ')}
    const word = ${inLoop(result)}
    // lanes at or beyond count hold nonces nobody asked for
    if (${dialect.isHit}) return min(i + ${dialect.firstHit}, count)
    ${LOW} = ${dialect.add(LOW, 'step')}
  }
  return count
}
`
}

function expression(step: Step, dialect: Dialect, nameOf: (value: Value) => string): string {
  const left = nameOf(step.left)
  if (step.operation === 'rotate') return dialect.rotate(left, step.bits)
  return dialect[step.operation](left, nameOf(step.right))
}

function scalarName(value: Value): string {
  return value.kind === 'constant' ? `0x${value.word.toString(16)}` : value.name
}

function filledName(value: Value): string {
  return `all_${scalarName(value)}`
}

/** For each byte of four words: where it comes from when each word is rotated to the right by `bits`. */
function turned(bits: number): string {
  return Array.from({ length: 16 }, (_, i) => (i & ~3) | ((i + bits / 8) & 3)).join(', ')
}
