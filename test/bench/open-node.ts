import type { PublicKey } from '../../src/core/model/id.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { lossMark } from '../../src/node/loss-mark.ts'
import { Node } from '../../src/node/node.ts'
import { proposerNote } from '../../src/node/proposer-note.ts'
import type { BlockStore, Clock, LedgerStore, Signer, Transport } from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { NETWORK } from '../core/make.ts'

/** A node of the network that costs no work, over these stores. */
export async function openNode(
  { blocks, ledger }: { readonly blocks: BlockStore; readonly ledger: LedgerStore },
  clock: Clock,
  signer: Signer,
  transport: Transport,
): Promise<Node> {
  const notes = createMemoryNoteStore()
  return Node.open({
    network: NETWORK,
    clock,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    blocks,
    ledger,
    proposals: proposerNote(notes, NETWORK.id),
    lossMark: lossMark(notes, NETWORK.id),
    signer,
    verifier: webCryptoVerifier(crypto.subtle),
    miner: { mine: async () => 0, close: () => undefined },
    transport,
    onStored: () => undefined,
    onCommitted: () => undefined,
    onChanged: () => undefined,
    after: () => undefined,
  })
}

/** Signs with a new key. */
export async function webCryptoSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
  return {
    publicKey: Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('') as PublicKey,
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, Uint8Array.from(message))),
  }
}
