import { sha256 } from '@noble/hashes/sha2.js'
import { hashOf } from '../../src/core/codec/hex.ts'
import type { NamedOutput, Output, OutputId } from '../../src/core/model/transaction.ts'
import type { SimNode } from './node.ts'

/** The one secret of all hashlocks in a run. */
const PREIMAGE = new Uint8Array(32).fill(7)

/** What a node may spend as far as it knows, always in the same order. */
export function ownOutputs({ engine, spec }: SimNode): NamedOutput[] {
  return engine.ledger.unspentOf(spec.key).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A payment of these outputs to one or two others, sometimes under conditions. */
export function payment(node: SimNode, spent: readonly NamedOutput[]): Uint8Array {
  const { chance, world, spec } = node
  const total = spent.reduce((sum, [, { amount }]) => sum + amount, 0)
  const { dust } = world.network.genesis
  const paid = total >= 2 * dust ? chance.between(dust, total - dust) : total
  const to = chance.pick(world.nodes).spec.key
  const outputs: Output[] = [{ amount: paid, owner: to, ...conditions(node) }]
  if (paid < total) outputs.push({ amount: total - paid, owner: spec.key })
  return encode(node, spent, outputs)
}

/** A payment that decodes and is to be rejected. */
export function badPayment(node: SimNode): Uint8Array | undefined {
  const { chance, spec, world } = node
  const owned = ownOutputs(node)
  const own = owned.length > 0 ? chance.pick(owned) : undefined
  if (own === undefined) return undefined
  const [id, output] = own
  const { amount } = output
  const victim = [...world.nodes.map((each) => each.spec.key)].find((key) => key !== spec.key)
  const strangers = victim && node.engine.ledger.unspentOf(victim).sort(([a], [b]) => (a < b ? -1 : 1))[0]
  const to = { owner: spec.key }
  switch (chance.between(0, 3)) {
    case 0:
      return encode(node, [own], [{ ...to, amount: amount + 1 }])
    case 1:
      return encode(
        node,
        [own],
        [
          { ...to, amount: amount - 1 },
          { ...to, amount: 1 },
        ],
      )
    case 2:
      return encode(node, [[`${id.slice(0, 64)}00ff` as OutputId, output]], [{ ...to, amount }])
    default:
      return strangers && encode(node, [strangers], [{ ...to, amount: strangers[1].amount }])
  }
}

function conditions({ chance, spec, world }: SimNode): Omit<Output, 'amount' | 'owner'> {
  const nowMs = world.startMs + world.queue.nowMs
  return {
    ...(chance.happens(0.05) && { notBeforeMs: nowMs + chance.between(0, 6000) }),
    ...(chance.happens(0.05) && { hashlock: hashOf(sha256(PREIMAGE)) }),
    ...(chance.happens(0.1) && {
      expiry: { atMs: nowMs + chance.between(0, 10_000), refundTo: spec.key },
    }),
  }
}

function encode(
  { spec, world, chance }: SimNode,
  spent: readonly NamedOutput[],
  outputs: readonly Output[],
): Uint8Array {
  const inputs = spent.map(([id]) => id).sort()
  const isLocked = spent.some(([, { hashlock }]) => hashlock !== undefined)
  const essence = { inputs, outputs, memo: chance.bytes(4) }
  return world.forge.transaction(essence, [spec.key], isLocked ? [PREIMAGE] : [])
}
