import type { MiningTask } from '../ports.ts'

/** Nonces are 0 … 2^53 − 1: a u64 on the wire that every JavaScript number holds. Protocol §3, §4. */
export const NONCE_END = 2 ** 53

/** Nonces one `search` may try: kernel.as.ts counts lanes in a u32 and may step a few beyond the count. */
export const SEARCH_COUNT_MAX = 2 ** 31

/** Protocol §4: a target is a fraction of the 2^32 values of an id's last word. */
const TARGET_MAX = 2 ** 32

/** Nonces that share a high word. */
const LOW_WORDS = 2 ** 32

const KEY_BYTES = 32
const DIGEST_BYTES = 32

/** `simd` wants an engine that knows v128; `scalar` runs wherever WebAssembly does. */
export type KernelBuild = 'simd' | 'scalar'

/** What kernel.as.ts exports. */
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
 * exactly what matters. The kernels are about 2 kB, so compiling while they stream in would gain nothing.
 *
 * @param read gives a build's bytes; `scalar` is asked for only where `simd` is refused. Its errors pass through.
 * @throws WebAssembly.CompileError where the bytes are no module
 */
export async function loadKernel(
  read: (build: KernelBuild) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<WebAssembly.Module> {
  const simd = await read('simd')
  return WebAssembly.compile(WebAssembly.validate(simd) ? simd : await read('scalar'))
}

/**
 * Throws RangeError unless the key and the digest are 32 bytes each and the target is an integer in 1 … 2^32: a task
 * is made by our own code, so a bad one is a bug.
 */
export function assertTask(task: MiningTask): void {
  if (task.key.length !== KEY_BYTES) throw new RangeError(`key of ${task.key.length} bytes`)
  if (task.digest.length !== DIGEST_BYTES) throw new RangeError(`digest of ${task.digest.length} bytes`)
  if (!Number.isInteger(task.target) || task.target < 1 || task.target > TARGET_MAX) {
    throw new RangeError(`target ${task.target}`)
  }
}

/** Looks for nonces with one instance of a kernel, on the calling thread. */
export class Searcher {
  readonly #kernel: Kernel
  /** The greatest last word of an id that wins. */
  #last: number | undefined

  /** @param module kernel.simd.wasm or kernel.scalar.wasm, compiled */
  constructor(module: WebAssembly.Module) {
    // The compiler of kernel.as.ts vouches for these names and types; TypeScript cannot see them.
    this.#kernel = new WebAssembly.Instance(module).exports as unknown as Kernel
  }

  /** Makes `task` the one that `search` works on. Throws RangeError for a task that cannot be (`assertTask`). */
  setTask(task: MiningTask): void {
    assertTask(task)
    const { memory, KEY, DIGEST } = this.#kernel
    const bytes = new Uint8Array(memory.buffer)
    bytes.set(task.key, KEY.value)
    bytes.set(task.digest, DIGEST.value)
    this.#last = task.target - 1
  }

  /**
   * The smallest winning nonce in [start, start + count), or undefined where none of them wins. Blocks until it knows.
   *
   * @param start 0 … 2^53 − 1
   * @param count 0 … `SEARCH_COUNT_MAX`; start + count is at most 2^53
   * @throws RangeError for another range, Error before the first `setTask`
   */
  search(start: number, count: number): number | undefined {
    if (this.#last === undefined) throw new Error('search before setTask')
    if (!Number.isInteger(start) || start < 0 || start >= NONCE_END) throw new RangeError(`start ${start}`)
    if (!Number.isInteger(count) || count < 0 || count > Math.min(SEARCH_COUNT_MAX, NONCE_END - start)) {
      throw new RangeError(`count ${count} from ${start}`)
    }
    const low = start % LOW_WORDS
    // The kernel keeps one high word, so a range that runs over a multiple of 2^32 is searched in two parts.
    const before = Math.min(count, LOW_WORDS - low)
    return this.#searchPart(start, before) ?? this.#searchPart(start + before, count - before)
  }

  /** As `search`, for a range whose nonces share their high word. */
  #searchPart(start: number, count: number): number | undefined {
    if (count === 0 || this.#last === undefined) return undefined
    const high = Math.floor(start / LOW_WORDS)
    // WebAssembly hands u32 results out as signed numbers.
    const offset = this.#kernel.search(high, start % LOW_WORDS, count, this.#last) >>> 0
    return offset < count ? start + offset : undefined
  }
}
