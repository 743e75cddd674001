/**
 * Fills a device's storage with a history, as if the app had been used for a long time: blocks of one thing, signed by
 * the device, checked, committed and kept by the project's own node. Runs in a page of the app's origin, without the app.
 */
import type { BlockId } from '../../src/core/model/id.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { makeBlock } from '../../src/node/issue.ts'
import { lossMark } from '../../src/node/loss-mark.ts'
import { foundNetwork, saveNetwork } from '../../src/node/networks.ts'
import { Node } from '../../src/node/node.ts'
import { proposerNote } from '../../src/node/proposer-note.ts'
import { streamIdOf, Things } from '../../src/node/things.ts'
import type { KeyStore, Miner, NoteStore, Verifier } from '../../src/ports.ts'
import { openBlockDatabase, openLedgerDatabase, openNoteDatabase } from '../../src/store/indexed-db.ts'
import { DEVICE_NOTES } from '../../src/store/note-database.ts'
import { clock, keysIn, random } from './device-parts.ts'
import { RecordMaker } from './record-maker.ts'

/** Milliseconds between rounds: a commit then takes up some hundred blocks at the pace in which they are made here. */
const ROUND_MS = 50

/** Blocks made and taken together: as many as a node takes at a stretch. */
const BATCH = 256

const miner: Miner = { mine: async () => 0, close: () => undefined }

/** They were all signed here a moment ago: checking would say nothing new, and take the longest. */
const verifier: Verifier = { verify: async () => true }

declare global {
  /**
   * Makes `count` blocks in commits, in a new network, and resolves with the invitation to it. The thing is read each
   * second: of five readings a block, a hundred thousand of them are six days.
   */
  var makeHistory: (count: number, readingsPerBlock: number) => Promise<string>
}

globalThis.makeHistory = async (count, readingsPerBlock) => {
  const notes = await openNoteDatabase(DEVICE_NOTES)
  const keys = await keysIn(notes)
  const network = networkOf(keys, clock.nowMs() - 1000 * count * readingsPerBlock - 60_000)
  await saveNetwork(notes, { network, relays: [] })
  const open = new Set<BlockId>()
  const settled = Promise.withResolvers<void>()
  const node = await openNode(network, keys, notes, (ids) => {
    for (const id of ids) open.delete(id)
    if (open.size === 0) settled.resolve()
  })
  for await (const blocks of made(network, keys, notes, { count, readingsPerBlock })) {
    for (const { id } of blocks) open.add(id)
    const outcomes = await node.receiveAll(
      blocks.map(({ bytes }) => bytes),
      'history',
    )
    const refused = outcomes.find(({ type }) => type !== 'attached')
    if (refused !== undefined) throw new Error(`a block was not taken: ${refused.type}`)
  }
  if (count > 0) await settled.promise
  await node.stop()
  await notes.close()
  return encodeInvitation({ network, relays: [] })
}

/** A network in which blocks cost no work and the device is the only validator. */
function networkOf({ publicKey }: KeyStore, createdAtMs: number): Network {
  const network = foundNetwork({
    name: 'bench',
    createdAtMs,
    powBase: 1,
    powPerKiB: 0,
    minRoundMs: 1,
    dataRoundMs: ROUND_MS,
    committee: [{ key: publicKey, weight: 1 }],
    outputs: [{ owner: publicKey, amount: 1_000_000 }],
  })
  if ('type' in network) throw new Error(network.reason)
  return network
}

/** A node over the databases that the app will open, in touch with nobody. */
async function openNode(
  network: Network,
  keys: KeyStore,
  notes: NoteStore,
  onCommitted: (ids: readonly BlockId[]) => void,
): Promise<Node> {
  const name = `weft-${network.id.slice(0, 16)}`
  const proposals = proposerNote(notes, network.id)
  await proposals.save({ round: 0, bytes: new Uint8Array() }) // the key was made here: it has proposed nowhere else
  const hub = new MemoryHub({ clock, fault: (error) => console.error(error) })
  const node = await Node.open({
    network,
    clock,
    random,
    blocks: await openBlockDatabase(name),
    ledger: await openLedgerDatabase(`${name}-ledger`),
    proposals,
    lossMark: lossMark(notes, network.id),
    signer: keys,
    verifier,
    miner,
    transport: hub.transport('history'),
    onStored: () => undefined,
    onCommitted: ({ blocks }) => onCommitted(blocks),
    onChanged: () => undefined,
    after: (delayMs, task) => void setTimeout(task, delayMs),
  })
  await node.start()
  return node
}

/** Blocks of a new thing's readings in batches, each block on the two before it. */
async function* made(
  network: Network,
  keys: KeyStore,
  notes: NoteStore,
  { count, readingsPerBlock }: { readonly count: number; readonly readingsPerBlock: number },
) {
  const things = await Things.load(notes)
  const thing = await things.add(
    { name: 'Strap', kind: 'heart-rate', source: undefined },
    random,
    clock.nowMs(),
  )
  const owner = { keys, streamIds: [streamIdOf(thing)], open: false }
  const records = new RecordMaker(network.id, [owner], random, readingsPerBlock)
  const firstAtMs = network.genesis.createdAtMs + 1
  const parents: BlockId[] = []
  const blockAt = async (position: number) => {
    const issuedAtMs = firstAtMs + 1000 * position * readingsPerBlock
    const { payload } = await records.next(issuedAtMs)
    const named = parents.length > 0 ? [...parents].sort() : [network.id]
    const place = { parents: named, issuedAtMs }
    const block = await makeBlock({ kind: 'data', payload }, place, network, { miner, signer: keys })
    parents.push(block.id)
    if (parents.length > 2) parents.shift()
    return block
  }
  for (let at = 0; at < count; at += BATCH) {
    const batch: Awaited<ReturnType<typeof blockAt>>[] = []
    for (let i = at; i < Math.min(count, at + BATCH); i++) batch.push(await blockAt(i))
    yield batch
  }
}
