import { checkGuard, checkPayloadHash, checkWork, identify, signedMessage } from '../core/check/isolation.ts'
import type { DecodeBlock } from '../core/codec/block.ts'
import { bytesOf } from '../core/codec/hex.ts'
import { decodeTransaction } from '../core/codec/transaction.ts'
import { nobleHasher, type BlockHasher } from '../core/crypto/block-hasher.ts'
import { passesGuard } from '../core/crypto/signature-guard.ts'
import { transactionIdOf, unlockMessage } from '../core/crypto/transaction-id.ts'
import type { Block, CheckedBlock } from '../core/model/block.ts'
import type { Source } from '../core/model/change.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId } from '../core/model/id.ts'
import { UNLOCKS_MAX } from '../core/model/transaction.ts'
import type { Malformed, Unproven } from '../core/model/verdict.ts'
import type { Verifier } from '../ports.ts'
import { Turns } from './turns.ts'

/** Bytes of an unlock: a key and a signature. Protocol §5. */
const UNLOCK_BYTES = 96

/** What the check in isolation finds, in the order of protocol §4. `busy` says nothing about the block. */
export type Intaken =
  | { readonly type: 'checked'; readonly checked: CheckedBlock }
  | { readonly type: 'known'; readonly id: BlockId }
  | { readonly type: 'busy' }
  | Malformed
  | Unproven

/** The first block of an id among many, and what is found of it. */
interface First {
  readonly bytes: Uint8Array
  readonly intaken: Promise<Intaken>
}

/** The check in isolation, with the signature on its own engine: bytes in, a checked block or a typed fault out. */
export class Intake {
  readonly #network: Network
  readonly #key: Uint8Array
  readonly #verifier: Verifier
  readonly #hasher: BlockHasher
  readonly #turns: Turns

  constructor(network: Network, verifier: Verifier, hasher: BlockHasher = nobleHasher) {
    this.#network = network
    this.#key = bytesOf(network.id)
    this.#verifier = verifier
    this.#hasher = hasher
    this.#turns = new Turns(verifier.atOnce)
  }

  /** The id that what is laid out as a block has in this network. */
  idOf(bytes: Uint8Array): BlockId | undefined {
    const identified = identify(bytes, this.#key, this.#hasher)
    return 'type' in identified ? undefined : identified.id
  }

  /**
   * @param isKnown asked once the id is clear and before anything dear
   * @param from on whose account the block waits for its verification. What else waits for somebody who sent a false
   *   one is let go of, as busy
   */
  async take(bytes: Uint8Array, isKnown: (id: BlockId) => Promise<boolean>, from: Source): Promise<Intaken> {
    const checked = identify(bytes, this.#key, this.#hasher)
    if ('type' in checked) return this.#refuse(checked, from)
    const { id } = checked
    return (await isKnown(id)) ? { type: 'known', id } : this.#prove(checked, from)
  }

  /**
   * The same for many at once; what was found of each is in their order. The work of one block pays for one signature,
   * however often it is among them.
   *
   * @param knownAmong asked once, for all ids that are clear; gives those that are known
   * @param decode where headers may stand for their blocks, `decodeBlockOrHeader`
   */
  async takeAll(
    all: readonly Uint8Array[],
    knownAmong: (ids: readonly BlockId[]) => Promise<ReadonlySet<BlockId>>,
    from: Source,
    decode?: DecodeBlock,
  ): Promise<readonly Intaken[]> {
    const identified = all.map((bytes) => identify(bytes, this.#key, this.#hasher, decode))
    const ids = identified.flatMap((each) => ('type' in each ? [] : [each.id]))
    const known = await knownAmong([...new Set(ids)])
    const firsts = new Map<BlockId, First>()
    // not `async`, which makes more promises of each: there are thousands a second
    return Promise.all(
      identified.map((each): Promise<Intaken> => {
        if ('type' in each) return Promise.resolve(this.#refuse(each, from))
        const { id, bytes } = each
        if (known.has(id)) return Promise.resolve({ type: 'known', id })
        const first = firsts.get(id)
        if (first !== undefined && isSame(first.bytes, bytes)) return first.intaken.then(asCopy)
        const intaken = this.#prove(each, from)
        if (first === undefined) firsts.set(id, { bytes, intaken })
        return intaken
      }),
    )
  }

  /**
   * A block with the keys of its transaction's unlocks that hold. A false one counts as absent and is nobody's fault:
   * whoever relays a transaction need not know. Protocol §5, §8.
   */
  async withSigners(checked: CheckedBlock): Promise<CheckedBlock> {
    if (checked.block.kind !== 'transaction') return checked
    const transaction = decodeTransaction(checked.block.payload)
    if ('reason' in transaction) return checked // the engine finds that out and says so
    const message = unlockMessage(transactionIdOf(this.#key, transaction))
    // all at once, so that they can be verified together
    const holding = await Promise.all(
      transaction.unlocks.map(
        async ({ key, signature }) =>
          passesGuard(signature, bytesOf(key)) && (await this.#verifier.verify(signature, message, key)),
      ),
    )
    const signers = transaction.unlocks.flatMap(({ key }, i) => (holding[i] ? [key] : []))
    return { ...checked, signers }
  }

  /** Payload, work and guard at once, the signature when its turn comes. */
  #prove(checked: CheckedBlock, from: Source): Promise<Intaken> {
    const { block, bytes } = checked
    const fault =
      checkPayloadHash(checked, this.#key, this.#hasher) ??
      checkWork(checked, this.#network.genesis) ??
      checkGuard(checked)
    if (fault) return Promise.resolve(this.#refuse(fault, from))
    const claim = { from, issuer: block.issuer, bytes: bytes.length, cost: costOf(block) }
    return this.#turns.take(claim, () => this.#verify(checked, from)).then(orBusy)
  }

  async #verify(checked: CheckedBlock, from: Source): Promise<Intaken> {
    const { id, block } = checked
    const holds = await this.#verifier.verify(block.signature, signedMessage(id), block.issuer)
    if (!holds) return this.#refuse({ type: 'bad-signature', id }, from)
    return {
      type: 'checked',
      checked: block.kind === 'transaction' ? await this.withSigners(checked) : checked,
    }
  }

  #refuse(fault: Malformed | Unproven, from: Source): Malformed | Unproven {
    if (from !== undefined) this.#turns.forget(from)
    return fault
  }
}

/** What a second copy of a block is found to be: as good as the first, and for itself. */
function asCopy(first: Intaken): Intaken {
  return first.type === 'checked' ? { type: 'checked', checked: { ...first.checked } } : first
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function orBusy(intaken: Intaken | undefined): Intaken {
  return intaken ?? { type: 'busy' }
}

/** Signatures to verify: the block's own, and at most as many unlocks as fit. False ones cost the most of all. */
function costOf({ kind, payload }: Block): number {
  return kind === 'transaction' ? 1 + Math.min(UNLOCKS_MAX, Math.floor(payload.length / UNLOCK_BYTES)) : 1
}
