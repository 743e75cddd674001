/** Makes and inspects the blocks of a run, each once however many nodes it reaches. */
import { checkWork, identify } from '../../src/core/check/isolation.ts'
import { encodeBlock } from '../../src/core/codec/block.ts'
import { bytesOf } from '../../src/core/codec/hex.ts'
import { decodeTransaction, encodeTransaction } from '../../src/core/codec/transaction.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../../src/core/crypto/block-id.ts'
import { hash, networkKeyOf } from '../../src/core/crypto/hash.ts'
import { transactionIdOf } from '../../src/core/crypto/transaction-id.ts'
import { difficultyOf, targetOf, workValueOf } from '../../src/core/crypto/work.ts'
import {
  HEAD_BYTES,
  NONCE_BYTES,
  type Block,
  type CheckedBlock,
  type Essence,
} from '../../src/core/model/block.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import type { TransactionEssence, TransactionId } from '../../src/core/model/transaction.ts'

/** Twins of one block that a run makes at most. */
const TWINS_MAX = 4

export interface BlockParts extends Pick<Block, 'kind' | 'issuer' | 'issuedAtMs' | 'payload'> {
  /** In any order. */
  readonly parents: readonly BlockId[]
  /** Makes twins that differ in nothing else; below `TWINS_MAX`. */
  readonly nonce?: number
}

/**
 * Ids, work and layout are real. Signatures are not: one is a hash of what is signed and of the signer, which every
 * node can check and which nobody in a run forges, so that flipped bits are noticed as real ones would be.
 */
export class Forge {
  readonly #network: Network
  readonly #key: Uint8Array
  readonly #inspected = new WeakMap<Uint8Array, { readonly checked: CheckedBlock | undefined }>()
  readonly #worked = new WeakMap<Uint8Array, { readonly checked: CheckedBlock | undefined }>()

  constructor(network: Network) {
    this.#network = network
    this.#key = networkKeyOf(network.id)
  }

  /** A block with the id it truly has, and the work. */
  make({ kind, issuer, issuedAtMs, parents, payload, nonce: first = 0 }: BlockParts): CheckedBlock {
    const essence: Essence = {
      kind,
      issuedAtMs,
      issuer,
      parents: [...new Set(parents)].sort(),
      payloadHash: payloadHashOf(this.#key, payload),
      payloadBytes: payload.length,
    }
    const digest = digestOf(this.#key, essence)
    const target = targetOf(difficultyOf(essence, this.#network.genesis))
    let nonce = first
    let id = blockIdFrom(this.#key, digest, nonce)
    // twins far apart, so that the search for one never ends at another
    while (workValueOf(id) >= target) id = blockIdFrom(this.#key, digest, (nonce += TWINS_MAX))
    const block: Block = { ...essence, nonce, signature: this.#signature(issuer, id), payload }
    const made = this.inspect(encodeBlock(block))
    if (made === undefined) throw new Error(`a block that fails its own check: ${id}`)
    return made
  }

  /** Bytes of a transaction all of whose `signers` agree. */
  transaction(
    essence: TransactionEssence,
    signers: readonly PublicKey[],
    preimages: readonly Uint8Array[] = [],
  ): Uint8Array<ArrayBuffer> {
    const id = transactionIdOf(this.#key, essence)
    const unlocks = [...signers].sort().map((key) => ({ key, signature: this.#signature(key, id) }))
    return encodeTransaction({ ...essence, unlocks, preimages })
  }

  /** What a node does before its engine sees a block: `undefined` for bytes that prove nothing. */
  inspect(bytes: Uint8Array): CheckedBlock | undefined {
    const known = this.#inspected.get(bytes)
    if (known) return known.checked
    const checked = this.#check(bytes)
    this.#inspected.set(bytes, { checked })
    return checked
  }

  /** The part of it that comes before the signature: `undefined` for bytes that are no block or lack the work. */
  withWork(bytes: Uint8Array): CheckedBlock | undefined {
    const known = this.#worked.get(bytes)
    if (known) return known.checked
    const found = identify(bytes, this.#key)
    const isGood = !('type' in found) && checkWork(found, this.#network.genesis) === undefined
    const checked = isGood ? found : undefined
    this.#worked.set(bytes, { checked })
    return checked
  }

  #check(bytes: Uint8Array): CheckedBlock | undefined {
    const found = this.withWork(bytes)
    if (found === undefined) return undefined
    const { id, block } = found
    if (!isSame(block.signature, this.#signature(block.issuer, id))) return undefined
    if (block.kind !== 'transaction') return found
    const transaction = decodeTransaction(block.payload)
    if ('reason' in transaction) return found // the engine's to judge
    const txId = transactionIdOf(this.#key, transaction)
    const signers = transaction.unlocks
      .filter(({ key, signature }) => isSame(signature, this.#signature(key, txId)))
      .map(({ key }) => key)
    return { ...found, signers }
  }

  #signature(key: PublicKey, of: BlockId | TransactionId): Uint8Array {
    const half = hash(this.#key, 'payload', bytesOf(key), bytesOf(of as string as Hash))
    const signature = new Uint8Array(64)
    signature.set(half)
    signature.set(half, 32)
    return signature
  }
}

/** The same block with one bit of its signature flipped: the same id, and worth nothing. */
export function withFlippedSignature({ block, bytes }: CheckedBlock): Uint8Array {
  const flipped = bytes.slice()
  const at = HEAD_BYTES + 32 * block.parents.length + NONCE_BYTES
  flipped[at] = (flipped[at] ?? 0) ^ 1
  return flipped
}

/** The same block with another nonce, under which it lacks the work. */
export function withoutWork({ block, bytes }: CheckedBlock, forge: Forge): Uint8Array {
  for (let nonce = 0; nonce < 256; nonce++) {
    const poor = bytes.slice()
    poor[HEAD_BYTES + 32 * block.parents.length] = nonce
    if (forge.withWork(poor) === undefined) return poor
  }
  throw new Error('a network in which work is free')
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
