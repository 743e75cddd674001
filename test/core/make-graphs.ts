/** Random graphs of proposals, data and conflicting payments, with at most one validator in four that makes twins. */
import fc from 'fast-check'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Author } from '../../src/core/model/committee.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { outputIdOf } from '../../src/core/model/transaction.ts'
import { FOUR, proposal } from './make-proposals.ts'
import { ALICE, CREATED_AT_MS, GENESIS, at, makeBlock } from './make.ts'

const ROUNDS_MAX = 14
const AUTHORS = [0, 1, 2, 3]

/** Choices for one proposal: whom it leaves out, which twin it names, how late it is, what lies below it. */
const choice = fc.record({
  leaves: fc.integer({ min: 0, max: 7 }),
  twin: fc.nat(1),
  laterMs: fc.nat(50),
  below: fc.nat(1000),
  kind: fc.constantFrom('none', 'none', 'data', 'payment'),
  copies: fc.constantFrom(0, 1, 1, 1, 2),
})

export const graphPlan = fc.record({
  faulty: fc.integer({ min: 0, max: 3 }),
  rounds: fc.array(fc.tuple(choice, choice, choice, choice), { minLength: 8, maxLength: ROUNDS_MAX }),
})

type Choice = Parameters<typeof choice.map>[0] extends (value: infer T) => unknown ? T : never
export type GraphPlan = typeof graphPlan extends fc.Arbitrary<infer T> ? T : never

/** One of several payments of the one output there is: whichever is committed first wins. */
export function conflicting(
  parents: readonly BlockId[],
  issuedAtMs: number,
  nonce: number,
  network = FOUR,
): CheckedBlock {
  const payload = encodeTransaction({
    inputs: [outputIdOf(network.id, 0)],
    outputs: [{ owner: ALICE, amount: at(GENESIS.outputs, 0).amount }],
    memo: Uint8Array.of(nonce % 256, nonce >> 8),
    unlocks: [],
    preimages: [],
  })
  return { ...makeBlock({ kind: 'transaction', parents, issuedAtMs, payload, nonce }), signers: [ALICE] }
}

/** Blocks of `FOUR`, parents first; all of them valid. */
export function graphOf({ faulty, rounds }: GraphPlan): CheckedBlock[] {
  const all: CheckedBlock[] = []
  const timeOf = new Map<BlockId, number>([[FOUR.id, CREATED_AT_MS]])
  const take = (made: CheckedBlock) => {
    all.push(made)
    timeOf.set(made.id, made.block.issuedAtMs)
    return made.id
  }
  const after = (parents: readonly BlockId[], laterMs: number) =>
    Math.max(...parents.map((id) => timeOf.get(id) ?? 0)) + 1 + laterMs
  const below = ({ kind, below: back, laterMs }: Choice): BlockId[] => {
    if (kind === 'none') return []
    const parents = [all.at(-1 - (back % (all.length + 1)))?.id ?? FOUR.id]
    const issuedAtMs = after(parents, laterMs)
    return [
      take(
        kind === 'data'
          ? makeBlock({ parents, issuedAtMs, nonce: all.length })
          : conflicting(parents, issuedAtMs, all.length),
      ),
    ]
  }
  const propose = (author: Author, round: number, before: readonly BlockId[][], chosen: Choice) => {
    const named = before.map((twins) => twins[chosen.twin] ?? twins[0]).filter((id) => id !== undefined)
    const strong = named.length > 3 ? named.filter((_, i) => i !== chosen.leaves) : named
    const parents = [...strong, ...below(chosen)]
    if (parents.length === 0) parents.push(FOUR.id)
    const issuedAtMs = after(parents, chosen.laterMs)
    return take(proposal({ author, round, parents, issuedAtMs, nonce: all.length }))
  }
  let before: BlockId[][] = []
  for (const [i, choices] of rounds.entries()) {
    const made: BlockId[][] = AUTHORS.map((author) => {
      const chosen = at(choices, author)
      const copies = author === faulty ? chosen.copies : 1
      return Array.from({ length: copies }, (_, copy) =>
        propose(author, i + 1, before, { ...chosen, twin: copy, leaves: (chosen.leaves + copy) % 8 }),
      )
    })
    before = made.filter((twins) => twins.length > 0)
  }
  return all
}

/** Keys to sort an order of arrival by. */
export const arrivalKeys = fc.array(fc.double({ noNaN: true, min: 0, max: 1 }), {
  minLength: 40,
  maxLength: 40,
})

/**
 * The blocks in the order of their keys.
 *
 * @param reach how far a block may come before or after its place; anywhere where it is left out
 */
export function shuffled(
  blocks: readonly CheckedBlock[],
  keys: readonly number[],
  reach = 1e6,
): CheckedBlock[] {
  return blocks
    .map((checked, i) => ({
      checked,
      key: i + reach * (((keys[i % keys.length] ?? 0) * (i + 1) * 7919) % 1),
    }))
    .sort((a, b) => a.key - b.key)
    .map(({ checked }) => checked)
}
