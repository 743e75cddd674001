import { bytesOf, publicKeyOf } from '../core/codec/hex.ts'
import { SIGNATURE_BYTES } from '../core/model/block.ts'
import { ID_BYTES, type PublicKey } from '../core/model/id.ts'
import type { Random } from '../ports.ts'
import { judgesTogether, judgesWell } from './self-test.ts'
import type { SignatureClaim } from './verify-messages.ts'

/** What signature-batch/batch.as.ts exports. */
interface Kernel {
  readonly memory: WebAssembly.Memory
  readonly CLAIMS_MAX: { readonly value: number }
  readonly KEYS_MAX: { readonly value: number }
  readonly INPUT_BYTES_MAX: { readonly value: number }
  /** Where in `memory` R ‖ A ‖ M, S and z are written, and what `decodeClaims` says of each claim. */
  readonly INPUT: { readonly value: number }
  readonly S: { readonly value: number }
  readonly Z: { readonly value: number }
  readonly POSSIBLE: { readonly value: number }
  begin(): void
  setKey(slot: number): number
  setClaim(index: number, slot: number, length: number): void
  decodeClaims(count: number): void
  hold(from: number, to: number): number
}

/**
 * Says of each signature, in their order, whether it certainly holds by the cofactored equation of ZIP-215. One that does
 * not, or is not for this engine (its message is too long), is `false`: to be asked of another.
 */
export type BatchEngine = (claims: readonly SignatureClaim[]) => readonly boolean[]

/** Bytes of R, of S and of a key. */
const PART_BYTES = SIGNATURE_BYTES / 2

/** A key is kept in hexadecimal. */
const KEY_DIGITS = 2 * ID_BYTES

/**
 * Of each z. A false signature gets through with a chance of 2^-127. Whoever knows z beforehand makes false ones whose
 * errors cancel: so it comes from the system's generator, for each signature anew, once all of them are here.
 */
const Z_BYTES = 16

/**
 * Checks signatures many at once: 64 in a sixth or less of the time that WebCrypto takes for them one by one.
 *
 * Those that do not hold together are halved and each half is checked, with the same z, down to one: none of the parts
 * that may come up depends on z, so each says something false with no more than its own 2^-127. One false signature costs
 * the 63 others some 2 ms together, a third of what WebCrypto takes for them; itself it is judged by whoever is asked
 * then. Where all 64 are false, halving them takes less than a tenth of what judging them then does. A block with a false one
 * has done its work before, and its sender is blamed; those of its unlocks, 64 at most, are nobody's fault and cost what a
 * sender may have checked.
 *
 * @param module signature-batch.wasm, compiled; where an engine lacks relaxed SIMD it does not compile
 */
export function wasmBatchEngine(module: WebAssembly.Module, random: Random): BatchEngine {
  // The compiler of batch.as.ts vouches for these names and types; TypeScript cannot see them.
  const kernel = new WebAssembly.Instance(module).exports as unknown as Kernel
  const memory = new Uint8Array(kernel.memory.buffer)
  const [claimsMax, possibleAt] = [kernel.CLAIMS_MAX.value, kernel.POSSIBLE.value]
  const [inputAt, sAt, zAt] = [kernel.INPUT.value, kernel.S.value, kernel.Z.value]
  const messageAt = inputAt + PART_BYTES + ID_BYTES
  const messageBytesMax = kernel.INPUT_BYTES_MAX.value - PART_BYTES - ID_BYTES
  const slots = new Map<PublicKey, number>()
  kernel.begin()

  /** Where the key is kept decoded, from now on if not before; undefined for one that is no point. Its bytes are at A. */
  const slotOf = (key: PublicKey): number | undefined => {
    memory.set(bytesOf(key), inputAt + PART_BYTES)
    const known = slots.get(key)
    if (known !== undefined) {
      // those of this batch stay: they are the last used, and there is room for many more
      slots.delete(key)
      slots.set(key, known)
      return known
    }
    const [oldest] = slots.size < kernel.KEYS_MAX.value ? [] : slots
    const slot = oldest?.[1] ?? slots.size
    if (!kernel.setKey(slot)) return undefined
    if (oldest) slots.delete(oldest[0])
    slots.set(key, slot)
    return slot
  }

  /** Lays the claims out in memory; which of them they are. */
  const take = (claims: readonly SignatureClaim[]): readonly number[] => {
    const taken: number[] = []
    const z = random.bytes(claims.length * Z_BYTES)
    for (const [i, { signature, message, key }] of claims.entries()) {
      const fits = signature.length === SIGNATURE_BYTES && key.length === KEY_DIGITS
      if (!fits || message.length > messageBytesMax) continue
      const slot = slotOf(key)
      if (slot === undefined) continue
      memory.set(signature.subarray(0, PART_BYTES), inputAt)
      memory.set(message, messageAt)
      memory.set(signature.subarray(PART_BYTES), sAt)
      memory.set(z.subarray(i * Z_BYTES, (i + 1) * Z_BYTES), zAt)
      kernel.setClaim(taken.length, slot, PART_BYTES + ID_BYTES + message.length)
      taken.push(i)
    }
    return taken
  }

  /** Those of the claims laid out from `from` to before `to` that hold. */
  const holding = (from: number, to: number): readonly number[] => {
    if (kernel.hold(from, to))
      return Array.from({ length: to - from }, (_, i) => from + i).filter(
        (at) => memory[possibleAt + at] === 1,
      )
    if (to - from === 1) return []
    const middle = (from + to) >> 1
    return [...holding(from, middle), ...holding(middle, to)]
  }

  return (claims) => {
    const holds = claims.map(() => false)
    for (let start = 0; start < claims.length; start += claimsMax) {
      const taken = take(claims.slice(start, start + claimsMax))
      if (taken.length === 0) continue
      kernel.decodeClaims(taken.length)
      for (const at of holding(0, taken.length)) holds[start + (taken[at] ?? 0)] = true
    }
    return holds
  }
}

/**
 * The engine, if this browser has what it needs and it judges well here.
 *
 * @param read gives signature-batch.wasm
 * @param fault hears why there is none
 */
export async function loadBatchEngine(
  read: () => Promise<Uint8Array<ArrayBuffer>>,
  random: Random,
  fault: (error: unknown) => void,
): Promise<BatchEngine | undefined> {
  try {
    const engine = wasmBatchEngine(await WebAssembly.compile(await read()), random)
    const alone = async (signature: Uint8Array, message: Uint8Array, key: Uint8Array) =>
      engine([{ signature, message, key: publicKeyOf(key) }])[0] === true
    if ((await judgesWell(alone)) && judgesTogether(engine)) return engine
    fault(new Error('Signatures are not checked in batches: the arithmetic of WebAssembly is another here.'))
  } catch (error) {
    fault(error)
  }
  return undefined
}
