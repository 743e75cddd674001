import { describe, expect, it } from 'vitest'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import { isErased, type CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { ALICE, BOB, makeBlock, NETWORK } from './make.ts'

const NOW_MS = 1_700_000_100_000

/** A block as it comes without its payload. */
function headerOf({ id, block, bytes }: CheckedBlock): CheckedBlock {
  const end = bytes.length - block.payloadBytes
  return { id, block: { ...block, payload: bytes.subarray(end, end) }, bytes: bytes.slice(0, end) }
}

const dataOn = (issuedAtMs: number, ...parents: readonly CheckedBlock[]) =>
  makeBlock({
    issuer: BOB,
    parents: parents.length > 0 ? parents.map(({ id }) => id) : [NETWORK.id],
    issuedAtMs,
  })

const good = dataOn(NOW_MS - 50)
const header = headerOf(dataOn(NOW_MS - 40))
/** Whoever names it needs the payload of the header, which nobody else may have. */
const child = dataOn(NOW_MS - 30, good, header)
const ALL = [good, header, child]

function engineWith(blocks: readonly CheckedBlock[], own = BOB): Engine {
  const engine = new Engine(NETWORK, { own })
  for (const block of blocks)
    expect(engine.receive(block, 'a', NOW_MS)[0]).toMatchObject({ type: 'attached' })
  return engine
}

/** Proposals of the only validator, the first above this block, until some commits are made. */
function decide(engine: Engine, first: BlockId): BlockId {
  let before = first
  for (let round = 1; round <= 6; round++) {
    const { index: commitIndex, digest: commitDigest } = engine.head
    const payload = encodeProposal({ epoch: 0, round, commitIndex, commitDigest })
    const parts = { kind: 'proposal', issuer: ALICE, parents: [before], issuedAtMs: NOW_MS + round } as const
    const proposal = makeBlock({ ...parts, payload })
    engine.receive(proposal, 'a', NOW_MS)
    before = proposal.id
  }
  return before
}

describe('a header in no commit', () => {
  it('and what stands on it is in the graph, and nothing of our own is built on it', () => {
    const engine = engineWith(ALL)
    expect(ALL.filter(({ id }) => !engine.graph.has(id))).toEqual([])
    expect(engine.tips(NOW_MS)).toEqual([good.id])
    expect(engine.heads(NOW_MS)).toEqual([good.id])
    expect(engine.place(NOW_MS, () => 0).parents).toEqual([good.id])
  })

  it('is built on once it is committed, and so is what stands on it', () => {
    const engine = engineWith(ALL)
    const newest = decide(engine, child.id)
    expect(engine.isCommitted(header.id)).toBe(true)
    expect(engine.tips(NOW_MS)).toEqual([newest])
    const next = dataOn(NOW_MS + 7, child)
    engine.receive(next, 'a', NOW_MS)
    expect(engine.tips(NOW_MS)).toContain(next.id)
  })

  it('is not built on because another one is committed', () => {
    const other = headerOf(dataOn(NOW_MS - 20, good))
    const engine = engineWith([...ALL, other])
    decide(engine, other.id)
    expect(engine.isCommitted(other.id)).toBe(true)
    expect(engine.isCommitted(header.id)).toBe(false)
    expect(engine.tips(NOW_MS)).not.toContain(child.id)
  })

  it.each([false, true])('is the same after a restart: committed %s', (isCommitted) => {
    const engine = new Engine(NETWORK)
    engine.restore(
      ALL.map((checked) => ({
        entry: engine.entryOf(checked),
        isCommitted,
        isHeader: isErased(checked.block),
      })),
      NOW_MS,
    )
    expect(engine.tips(NOW_MS)).toEqual([isCommitted ? child.id : good.id])
  })

  it('is no business of a validator, and what stands on it is in none of its proposals', () => {
    const engine = engineWith([header], ALICE)
    engine.allowProposals(1)
    const proposals = (nowMs: number) => engine.tick(nowMs).filter(({ type }) => type === 'propose')
    expect(proposals(NOW_MS)).toEqual([])
    expect(proposals(NOW_MS + 3_600_000)).toEqual([])
    engine.receive(child, 'a', NOW_MS) // it waits for the other parent
    const changes = engine.receive(good, 'a', NOW_MS)
    expect(engine.graph.has(child.id)).toBe(true)
    const [made] = changes.filter(({ type }) => type === 'propose')
    expect(made).toMatchObject({ plan: { parents: [good.id] } })
  })

  it('whole would be all that', () => {
    const engine = engineWith([dataOn(NOW_MS - 40)], ALICE)
    engine.allowProposals(1)
    expect(engine.tips(NOW_MS)).toEqual([header.id])
    expect(engine.tick(NOW_MS)).toMatchObject([{ type: 'propose', plan: { parents: [header.id] } }])
  })
})
