import { checkGuard, checkWork, identify, signedMessage } from '../core/check/isolation.ts'
import { bytesOf } from '../core/codec/hex.ts'
import { decodeTransaction } from '../core/codec/transaction.ts'
import { passesGuard } from '../core/crypto/signature-guard.ts'
import { transactionIdOf, unlockMessage } from '../core/crypto/transaction-id.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { Malformed, Unproven } from '../core/model/verdict.ts'
import type { Verifier } from '../ports.ts'

/** Blocks in verification at once: what arrives faster than two cores judge it can be fetched later. */
const VERIFYING_MAX = 512

/** What the check in isolation finds, in the order of protocol §4. `busy` says nothing about the block. */
export type Intaken =
  | { readonly type: 'checked'; readonly checked: CheckedBlock }
  | { readonly type: 'known'; readonly id: BlockId }
  | { readonly type: 'busy' }
  | Malformed
  | Unproven

/** The check in isolation, with the signature on its own engine: bytes in, a checked block or a typed fault out. */
export class Intake {
  readonly #network: Network
  readonly #key: Uint8Array
  readonly #verifier: Verifier
  #verifying = 0

  constructor(network: Network, verifier: Verifier) {
    this.#network = network
    this.#key = bytesOf(network.id)
    this.#verifier = verifier
  }

  /** The id these bytes have in this network, if they are a block. */
  idOf(bytes: Uint8Array): BlockId | undefined {
    const identified = identify(bytes, this.#key)
    return 'type' in identified ? undefined : identified.id
  }

  /** @param isKnown asked once the id is clear and before anything dear */
  async take(bytes: Uint8Array, isKnown: (id: BlockId) => Promise<boolean>): Promise<Intaken> {
    const checked = identify(bytes, this.#key)
    if ('type' in checked) return checked
    const { id, block } = checked
    if (await isKnown(id)) return { type: 'known', id }
    const fault = checkWork(checked, this.#network.genesis) ?? checkGuard(checked)
    if (fault) return fault
    if (this.#verifying >= VERIFYING_MAX) return { type: 'busy' }
    this.#verifying++
    try {
      const holds = await this.#verifier.verify(block.signature, signedMessage(id), block.issuer)
      return holds
        ? { type: 'checked', checked: await this.withSigners(checked) }
        : { type: 'bad-signature', id }
    } finally {
      this.#verifying--
    }
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
    const signers: PublicKey[] = []
    for (const { key, signature } of transaction.unlocks)
      if (passesGuard(signature, bytesOf(key)) && (await this.#verifier.verify(signature, message, key)))
        signers.push(key)
    return { ...checked, signers }
  }
}
