/** Networks whose validators are nodes of the test, and payments between them. */
import { decodeProposal } from '../../src/core/codec/proposal.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { decodeBlock } from '../../src/core/codec/block.ts'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import { identify } from '../../src/core/check/isolation.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import type { BlockKind, CheckedBlock } from '../../src/core/model/block.ts'
import type { Genesis, Network } from '../../src/core/model/genesis.ts'
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { makeBlock } from '../../src/node/issue.ts'
import type { KeyStore, Miner, NoteStore, Signer } from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { draftPayment, signTransaction } from '../../src/wallet/payments.ts'
import { at, GENESIS } from '../core/make.ts'
import { idleMiner, type NodeOptions, type TestNode, type TestPeer, type World } from './make-peer.ts'

/** What each validator, and whoever else is named, owns at the start. */
export const STAKE = 1_000_000

/** Identities, each in notes of its own. */
export async function identities(
  world: World,
  count: number,
): Promise<readonly { readonly notes: NoteStore; readonly keys: KeyStore }[]> {
  const made = []
  for (let i = 0; i < count; i++) {
    const notes = createMemoryNoteStore()
    made.push({ notes, keys: await world.keys(notes) })
  }
  return made
}

/** A network of validators of weight 1 that own `STAKE` each; its blocks cost no work. */
export function networkFor(keys: readonly Pick<Signer, 'publicKey'>[], over: Partial<Genesis> = {}): Network {
  return networkOf({
    ...GENESIS,
    committee: keys.map(({ publicKey: key }) => ({ key, weight: 1 })),
    outputs: keys.map(({ publicKey: owner }) => ({ owner, amount: STAKE })),
    ...over,
  })
}

/** A validator's node, and what it is started with, now and again. */
export interface Validating {
  readonly made: TestNode
  readonly options: NodeOptions & { readonly network: Network; readonly keys: KeyStore }
}

/** So many validators of one network, named v0, v1 … and linked each to each. */
export async function validators(
  world: World,
  count: number,
  options: NodeOptions = {},
): Promise<readonly Validating[]> {
  const keys = (await identities(world, count)).map((each) => each.keys)
  const network = options.network ?? networkFor(keys)
  const nodes: Validating[] = []
  for (const [i, own] of keys.entries()) {
    const each = { ...options, network, keys: own }
    const made = await world.node(`v${i}`, each)
    nodes.push({ made, options: each })
  }
  for (const [i, a] of nodes.entries()) for (const b of nodes.slice(i + 1)) await world.link(a.made, b.made)
  return nodes
}

/** Lets time pass in steps of a fifth of a second, the least between two proposals. */
export async function passRounds(world: World, rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) await world.pass(200)
}

/** A block of somebody's in a network, with a true signature. */
export async function blockIn(
  network: Network,
  signer: Signer,
  {
    kind,
    payload,
    parents = [network.id],
    issuedAtMs,
  }: {
    readonly kind: BlockKind
    readonly payload: Uint8Array
    readonly parents?: readonly BlockId[]
    readonly issuedAtMs: number
  },
): Promise<CheckedBlock> {
  const place = { parents: [...parents].sort(), issuedAtMs }
  return makeBlock({ kind, payload }, place, network, { miner: idleMiner, signer })
}

/** An encoded payment from all a key has in a node's ledger. */
async function paymentOf(
  { node }: TestNode,
  network: Network,
  from: Signer,
  to: PublicKey,
  amount: number,
): Promise<Uint8Array> {
  const coins = node.ledger.unspentOf(from.publicKey).map((output) => ({ output }))
  const wish = { to, amount, memo: new Uint8Array() }
  const draft = draftPayment(wish, { owner: from.publicKey, coins, dust: network.genesis.dust })
  if ('type' in draft) throw new Error(`no payment: ${draft.type}`)
  const { transaction } = await signTransaction(networkKeyOf(network.id), draft.essence, from)
  return encodeTransaction(transaction)
}

/** Pays from one node's key to another's, in a block of the payer's. */
export async function pay({ made, options }: Validating, to: PublicKey, amount: number): Promise<BlockId> {
  const payload = await paymentOf(made, options.network, options.keys, to, amount)
  return made.node.issueTransaction(payload, {})
}

/** What a key owns in a node's ledger. */
export function ownedAt({ node }: TestNode, key: PublicKey): number {
  return node.ledger.unspentOf(key).reduce((sum, [, { amount }]) => sum + amount, 0)
}

/** Whose proposal for which round bytes are, if they are one. */
export function proposalIn(bytes: Uint8Array, network: Network) {
  const identified = identify(bytes, networkKeyOf(network.id))
  const block = decodeBlock(bytes)
  if ('type' in identified || 'type' in block || block.kind !== 'proposal') return undefined
  const payload = decodeProposal(block.payload)
  return 'reason' in payload ? undefined : { id: identified.id, author: block.issuer, round: payload.round }
}

/** Slots for which there is more than one proposal among these blocks. */
export function equivocations(blocks: Iterable<Uint8Array>, network: Network): readonly string[] {
  const bySlot = new Map<string, Set<BlockId>>()
  for (const bytes of blocks) {
    const found = proposalIn(bytes, network)
    if (found === undefined) continue
    const slot = `${found.author} ${found.round}`
    bySlot.set(slot, (bySlot.get(slot) ?? new Set<BlockId>()).add(found.id))
  }
  return [...bySlot].filter(([, ids]) => ids.size > 1).map(([slot]) => slot)
}

/** The commits a node made since its start, as far as two nodes must agree on them. */
export function digestsOf({ commits }: TestNode): readonly string[] {
  return commits.map(({ index, digest }) => `${index} ${digest}`)
}

/** The newest digest that all nodes hold, which they have to at one index. */
export function agreedHead(nodes: readonly TestNode[]): { readonly index: number; readonly digest: Hash } {
  const heads = nodes.map(({ node }) => node.head)
  const { index, digest } = at(heads, 0)
  for (const head of heads)
    if (head.index !== index || head.digest !== digest)
      throw new Error(`heads differ: ${heads.map((each) => `${each.index} ${each.digest}`).join(', ')}`)
  return { index, digest }
}

/** Devices named d0, d1 …, the first `count` of them validators of one network, linked each to each. */
export async function devices(
  world: World,
  count: number,
  {
    over,
    others = 0,
    miner,
  }: {
    readonly over?: (keys: readonly PublicKey[]) => Partial<Genesis>
    readonly others?: number
    readonly miner?: Miner
  } = {},
): Promise<{ readonly network: Network; readonly peers: readonly TestPeer[] }> {
  const all = await identities(world, count + others)
  const network = networkFor(
    all.slice(0, count).map(({ keys }) => keys),
    over?.(all.map(({ keys }) => keys.publicKey)),
  )
  const invitation = encodeInvitation({ network, relays: [] })
  const peers: TestPeer[] = []
  for (const [i, { notes }] of all.entries())
    peers.push(await world.peer(`d${i}`, { invitation, notes, ...(i === 0 && miner && { miner }) }))
  await linkAll(world, peers)
  return { network, peers }
}

/** Links each to each. */
export async function linkAll(world: World, all: readonly { readonly name: string }[]): Promise<void> {
  for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) await world.link(a, b)
}

/** Rounds for which a node holds proposals by a key, ascending. */
export async function roundsBy(key: PublicKey, { made, options }: Validating): Promise<readonly number[]> {
  const proposals = (await made.disk.all()).map(({ bytes }) => proposalIn(bytes, options.network))
  return proposals.flatMap((found) => (found?.author === key ? [found.round] : [])).sort((a, b) => a - b)
}
