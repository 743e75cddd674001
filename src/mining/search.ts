import type { MiningTask } from '../ports.ts'

/** Nonces are 0 … 2^53 − 1: a u64 on the wire that every JavaScript number holds. Protocol §3, §4. */
export const NONCE_END = 2 ** 53

/** Nonces one `search` may try: the kernels count in a u32 and may step a few beyond the count. */
export const SEARCH_COUNT_MAX = 2 ** 31

/** Protocol §4: a target is a fraction of the 2^32 values of an id's last word. */
const TARGET_MAX = 2 ** 32

/** Nonces that share a high word. */
const LOW_WORDS = 2 ** 32

/**
 * A chunk is searched without looking up: a millisecond or two, so that a cancel is heard at once. `first` is that at the
 * 2 MH/s of an old phone, `min` still only 5 ms at 0.1 MH/s; `max`, where the clock is too coarse to time a chunk, is
 * 3 ms on a laptop and 65 ms on an old phone.
 */
const CHUNK: ChunkLimits = { ms: 1, first: 2 ** 11, min: 2 ** 9, max: 2 ** 17 }

const KEY_BYTES = 32
const DIGEST_BYTES = 32

/** The builds, the fastest first. One opcode an engine does not know makes it refuse a whole module: so three of them. */
export const KERNEL_BUILDS = ['relaxed', 'simd', 'scalar'] as const

/** `relaxed` wants relaxed SIMD, `simd` v128; `scalar` runs wherever WebAssembly does. */
export type KernelBuild = (typeof KERNEL_BUILDS)[number]

/** How much is searched at a time, in nonces: doubled while it takes less than `ms`, halved when three times as long. */
export interface ChunkLimits {
  readonly ms: number
  readonly first: number
  readonly min: number
  readonly max: number
}

/** Looks for nonces on whatever can hash. */
export interface NonceSearch {
  readonly chunk: ChunkLimits
  /** Makes `task` the one that `search` works on. Throws RangeError for a task that cannot be (`assertTask`). */
  setTask(task: MiningTask): void
  /** The smallest winning nonce in [start, start + count), or undefined where none of them wins. */
  search(start: number, count: number): number | undefined | Promise<number | undefined>
}

/** Nonces high·2^32 + low + i, i in [0, count), that share their high word. */
export interface NonceSpan {
  readonly high: number
  readonly low: number
  readonly count: number
}

/** What a kernel exports. */
interface Kernel {
  readonly memory: WebAssembly.Memory
  /** Where in `memory` the network id belongs. */
  readonly KEY: { readonly value: number }
  /** Where in `memory` the digest belongs. */
  readonly DIGEST: { readonly value: number }
  search(high: number, low: number, count: number, last: number): number
}

/**
 * Compiles the fastest kernel this engine accepts. Validating the module itself, and not some sample of SIMD, asks
 * exactly what matters. The kernels are some kilobytes, so compiling while they stream in would gain nothing.
 *
 * @param read gives a build's bytes; a slower one is asked for only where the faster is refused. Its errors pass through.
 * @throws WebAssembly.CompileError where the last one's bytes are no module either
 */
export async function loadKernel(
  read: (build: KernelBuild) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<WebAssembly.Module> {
  for (const build of KERNEL_BUILDS) {
    const bytes = await read(build)
    if (WebAssembly.validate(bytes)) return WebAssembly.compile(bytes)
  }
  throw new WebAssembly.CompileError('This engine accepts none of the mining kernels.')
}

/**
 * Throws RangeError unless the key and the digest are 32 bytes each, the target is an integer in 1 … 2^32 and the start
 * a nonce: a task is made by our own code, so a bad one is a bug.
 */
export function assertTask(task: MiningTask): void {
  if (task.key.length !== KEY_BYTES) throw new RangeError(`key of ${task.key.length} bytes`)
  if (task.digest.length !== DIGEST_BYTES) throw new RangeError(`digest of ${task.digest.length} bytes`)
  if (!Number.isInteger(task.target) || task.target < 1 || task.target > TARGET_MAX) {
    throw new RangeError(`target ${task.target}`)
  }
  const { start = 0 } = task
  if (!Number.isInteger(start) || start < 0 || start >= NONCE_END) throw new RangeError(`start ${start}`)
}

/**
 * The range [start, start + count) in at most two parts, cut where the high word changes: kernels keep one high word.
 *
 * @param start 0 … 2^53 − 1
 * @param count 0 … `SEARCH_COUNT_MAX`; start + count is at most 2^53
 * @throws RangeError for another range
 */
export function spansOf(start: number, count: number): readonly NonceSpan[] {
  if (!Number.isInteger(start) || start < 0 || start >= NONCE_END) throw new RangeError(`start ${start}`)
  if (!Number.isInteger(count) || count < 0 || count > Math.min(SEARCH_COUNT_MAX, NONCE_END - start)) {
    throw new RangeError(`count ${count} from ${start}`)
  }
  const low = start % LOW_WORDS
  const high = Math.floor(start / LOW_WORDS)
  const before = Math.min(count, LOW_WORDS - low)
  const spans = [
    { high, low, count: before },
    { high: high + 1, low: 0, count: count - before },
  ]
  return spans.filter((span) => span.count > 0)
}

/** The nonce `offset` after the first of `span`. */
export function nonceIn({ high, low }: NonceSpan, offset: number): number {
  return high * LOW_WORDS + low + offset
}

/** Looks for nonces with one instance of a kernel, on the calling thread. */
export class Searcher implements NonceSearch {
  readonly chunk = CHUNK
  readonly #kernel: Kernel
  /** The greatest last word of an id that wins. */
  #last: number | undefined

  /** @param module a build of the kernel, compiled */
  constructor(module: WebAssembly.Module) {
    // The printer of the kernel vouches for these names and types; TypeScript cannot see them.
    this.#kernel = new WebAssembly.Instance(module).exports as unknown as Kernel
  }

  /** As `NonceSearch` says. */
  setTask(task: MiningTask): void {
    assertTask(task)
    const { memory, KEY, DIGEST } = this.#kernel
    const bytes = new Uint8Array(memory.buffer)
    bytes.set(task.key, KEY.value)
    bytes.set(task.digest, DIGEST.value)
    this.#last = task.target - 1
  }

  /**
   * As `NonceSearch` says, and blocks until it knows.
   *
   * @throws RangeError as `spansOf`, Error before the first `setTask`
   */
  search(start: number, count: number): number | undefined {
    if (this.#last === undefined) throw new Error('search before setTask')
    for (const span of spansOf(start, count)) {
      // WebAssembly hands u32 results out as signed numbers.
      const offset = this.#kernel.search(span.high, span.low, span.count, this.#last) >>> 0
      if (offset < span.count) return nonceIn(span, offset)
    }
    return undefined
  }
}
