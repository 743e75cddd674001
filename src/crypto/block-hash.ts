import { nobleHasher, type BlockHasher } from '../core/crypto/block-hasher.ts'
import { NONCE_BYTES } from '../core/model/block.ts'
import { ID_BYTES } from '../core/model/id.ts'

/** What block-hash.as.ts exports. */
interface Kernel {
  readonly memory: WebAssembly.Memory
  /** Where in `memory` the network id, what is hashed, and the hash are. */
  readonly KEY: { readonly value: number }
  readonly INPUT: { readonly value: number }
  readonly OUTPUT: { readonly value: number }
  readonly INPUT_BYTES_MAX: { readonly value: number }
  hashBlock(essenceBytes: number): void
  hashPayload(length: number): void
}

/** Input lengths that go every way through the tree of chunks: none, one block, one chunk, and up to eight. */
const SELF_TEST_BYTES = [0, 63, 64, 1023, 1024, 2048, 3071, 7168]

/**
 * The hash in WebAssembly, some ten to twenty times as fast as noble's.
 *
 * @param module block-hash.wasm, compiled
 */
export function wasmHasher(module: WebAssembly.Module): BlockHasher {
  // The compiler of block-hash.as.ts vouches for these names and types; TypeScript cannot see them.
  const kernel = new WebAssembly.Instance(module).exports as unknown as Kernel
  const memory = new Uint8Array(kernel.memory.buffer)
  const inputBytesMax = kernel.INPUT_BYTES_MAX.value
  const [keyAt, inputAt, outputAt] = [kernel.KEY.value, kernel.INPUT.value, kernel.OUTPUT.value]
  const output = memory.subarray(outputAt, outputAt + ID_BYTES)

  const write = (networkKey: Uint8Array, input: Uint8Array) => {
    if (input.length > inputBytesMax) throw new RangeError(`${input.length} bytes to hash`)
    memory.set(networkKey, keyAt)
    memory.set(input, inputAt)
  }

  return {
    idOf(networkKey, bytes, essenceBytes) {
      write(networkKey, bytes.subarray(0, essenceBytes + NONCE_BYTES))
      kernel.hashBlock(essenceBytes)
      return output
    },
    payloadHashOf(networkKey, payload) {
      write(networkKey, payload)
      kernel.hashPayload(payload.length)
      return output
    },
  }
}

/**
 * The fastest hasher that is right here: WebAssembly's if it says the same as noble's, else noble's.
 *
 * @param read gives block-hash.wasm
 * @param fault hears why WebAssembly's is not used
 */
export async function loadBlockHasher(
  read: () => Promise<Uint8Array<ArrayBuffer>>,
  fault: (error: unknown) => void,
): Promise<BlockHasher> {
  try {
    const hasher = wasmHasher(await WebAssembly.compile(await read()))
    if (agrees(hasher)) return hasher
    fault(new Error('The hash in WebAssembly is not BLAKE3 here.'))
  } catch (error) {
    fault(error)
  }
  return nobleHasher
}

/** Whether `hasher` says the same as noble of inputs of many lengths. */
export function agrees(hasher: BlockHasher): boolean {
  const bytes = Uint8Array.from({ length: Math.max(...SELF_TEST_BYTES) + NONCE_BYTES }, (_, i) => i % 251)
  const key = bytes.slice(0, 32)
  return SELF_TEST_BYTES.every((length) => {
    const payload = bytes.subarray(0, length)
    return (
      isSame(hasher.payloadHashOf(key, payload), nobleHasher.payloadHashOf(key, payload)) &&
      isSame(hasher.idOf(key, bytes, length), nobleHasher.idOf(key, bytes, length))
    )
  })
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
