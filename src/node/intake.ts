import { checkGuard, checkWork, identify, signedMessage } from '../core/check/isolation.ts'
import { bytesOf } from '../core/codec/hex.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId } from '../core/model/id.ts'
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
      return holds ? { type: 'checked', checked } : { type: 'bad-signature', id }
    } finally {
      this.#verifying--
    }
  }
}
