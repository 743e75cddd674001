import { encodeData } from '../../../src/core/codec/data.ts'
import { encodeProposal } from '../../../src/core/codec/proposal.ts'
import type { BlockKind, CheckedBlock } from '../../../src/core/model/block.ts'
import type { BlockId, Hash } from '../../../src/core/model/id.ts'
import type { SimNode } from '../node.ts'
import { badPayment, ownOutputs, payment } from '../payment.ts'

/** What anybody can issue that an honest node would not. One of them, by chance. */
export function misissue(node: SimNode): void {
  node.chance.pick([doubleSpend, misdated, early, unsolid, garbage, wrongMoney, strangersProposal, parasite])(
    node,
  )
}

/** Two payments of one output, each told to some; within a commit the dates decide, so one is dated back. */
function doubleSpend(node: SimNode): void {
  const { chance, spec } = node
  const [input] = chance.shuffled(ownOutputs(node))
  if (input === undefined) return
  const shuffled = chance.shuffled(spec.neighbours)
  const half = Math.floor(shuffled.length / 2)
  for (const to of [shuffled.slice(0, half), shuffled.slice(half)]) {
    const checked = make(node, 'transaction', payment(node, [input]), chance.between(0, 2000))
    node.tell({ checked, to })
  }
}

/** Ahead of every clock: ripe, unripe, and too far ahead to wait for. */
function misdated(node: SimNode): void {
  const aheadMs = node.chance.pick([4500, 7000, 30_000, 130_000])
  node.tell({ checked: make(node, 'data', data(node), -aheadMs) })
}

/** No later than its parent, and a child that stands on it. */
function early(node: SimNode): void {
  const [parent = node.world.network.id] = node.engine.tips(node.nowMs())
  const issuedAtMs = node.engine.graph.issuedAtMsOf(parent)
  const issuer = node.spec.key
  const { forge } = node.world
  const bad = forge.make({ kind: 'data', issuer, issuedAtMs, parents: [parent], payload: data(node) })
  const child = forge.make({
    kind: 'data',
    issuer,
    issuedAtMs: issuedAtMs + 1,
    parents: [bad.id],
    payload: data(node),
  })
  node.tell({ checked: bad })
  node.tell({ checked: child })
}

/** Names parents that nobody has. */
function unsolid(node: SimNode): void {
  const nobodys = hex(node) as string as BlockId
  const { parents, issuedAtMs } = node.engine.place(node.nowMs(), () => node.chance.unit())
  const issuer = node.spec.key
  const checked = node.world.forge.make({
    kind: 'data',
    issuer,
    issuedAtMs,
    parents: [...parents.slice(0, 7), nobodys],
    payload: data(node),
  })
  node.tell({ checked })
}

/** Payloads that do not decode. */
function garbage(node: SimNode): void {
  const kind = node.chance.pick<BlockKind>(['data', 'transaction', 'proposal'])
  node.tell({ checked: make(node, kind, node.chance.bytes(node.chance.between(0, 60)), 0) })
}

/** A transaction that decodes and may not be applied. */
function wrongMoney(node: SimNode): void {
  const payload = badPayment(node)
  if (payload) node.tell({ checked: make(node, 'transaction', payload, 0) })
}

/** A proposal by somebody who may not make one, or out of turn. */
function strangersProposal(node: SimNode): void {
  const payload = encodeProposal({
    epoch: 0,
    round: node.chance.between(1, 50),
    commitIndex: node.chance.between(0, 50),
    commitDigest: hex(node),
  })
  node.tell({ checked: make(node, 'proposal', payload, 0) })
}

/** A block far back in the graph, dated back as far as it may be. */
function parasite(node: SimNode): void {
  const { id, genesis } = node.world.network
  const issuer = node.spec.key
  const issuedAtMs = genesis.createdAtMs + node.chance.between(1, 1000)
  const checked = node.world.forge.make({
    kind: 'data',
    issuer,
    issuedAtMs,
    parents: [id],
    payload: data(node),
  })
  node.tell({ checked })
}

/** A block where an honest one would go, dated back by so much where its parents allow it. */
function make(node: SimNode, kind: BlockKind, payload: Uint8Array, backMs: number): CheckedBlock {
  const { parents } = node.engine.place(node.nowMs(), () => node.chance.unit())
  const newest = Math.max(...parents.map((id) => node.engine.graph.issuedAtMsOf(id)))
  const issuedAtMs = Math.max(newest + 1, node.nowMs() - backMs)
  return node.world.forge.make({ kind, issuer: node.spec.key, parents, issuedAtMs, payload })
}

function data(node: SimNode): Uint8Array {
  return encodeData({ topic: 'sim/bad', body: node.chance.bytes(8) })
}

function hex({ chance }: SimNode): Hash {
  return Array.from(chance.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('') as Hash
}
