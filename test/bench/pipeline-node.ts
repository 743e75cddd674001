import type { BlockHasher } from '../../src/core/crypto/block-hasher.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import { lossMark } from '../../src/node/loss-mark.ts'
import { Node } from '../../src/node/node.ts'
import { proposerNote } from '../../src/node/proposer-note.ts'
import type { BlockStore, Clock, LedgerStore, Signer, Verifier } from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'

/** A node of a network over these stores that has no peers and receives what it is handed. */
export async function openReceiver(parts: {
  readonly network: Network
  readonly clock: Clock
  readonly signer: Signer
  readonly verifier: Verifier
  readonly hasher: BlockHasher
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
}): Promise<Node> {
  const notes = createMemoryNoteStore()
  const { clock, network } = parts
  const hub = new MemoryHub({ clock, fault: (error) => console.error(error) })
  return Node.open({
    ...parts,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    proposals: proposerNote(notes, network.id),
    lossMark: lossMark(notes, network.id),
    miner: { mine: async () => 0, close: () => undefined },
    transport: hub.transport('node'),
    onStored: () => undefined,
    onCommitted: () => undefined,
    onChanged: () => undefined,
    after: () => undefined,
  })
}
