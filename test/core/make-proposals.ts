/** Lays proposals by hand, so that a case reads like the drawing it stands for. */
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { Committer } from '../../src/core/consensus/committer.ts'
import { leaderSchedule } from '../../src/core/consensus/leader.ts'
import { Rounds, type Proposal } from '../../src/core/consensus/rounds.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import type { GraphEntry } from '../../src/core/dag/graph.ts'
import type { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Change } from '../../src/core/model/change.ts'
import { Committee, type Author } from '../../src/core/model/committee.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import type { ProposalPayload } from '../../src/core/model/proposal.ts'
import { ALICE, CREATED_AT_MS, GENESIS, at, makeBlock } from './make.ts'

const LETTERS = 'ABCDEFGHIJ'

/** Made-up keys of validators A, B, C …, ascending, so that A is author 0. */
export const KEYS = Array.from(
  LETTERS,
  (_, author) => (author + 1).toString(16).padStart(2, '0').repeat(32) as PublicKey,
)

/** A network of validators A, B, C … with these weights; its blocks cost no work. */
export function networkWith(weights: readonly number[], params: Partial<typeof GENESIS> = {}): Network {
  const committee = weights.map((weight, author) => ({ key: at(KEYS, author), weight }))
  return networkOf({ ...GENESIS, ...params, committee })
}

export function committeeOf(weights: readonly number[]): Committee {
  return new Committee(weights.map((weight, author) => ({ key: at(KEYS, author), weight })))
}

/** Four validators of weight 1: a quorum is three. */
export const FOUR = networkWith([1, 1, 1, 1])

export interface ProposalParts extends Partial<ProposalPayload> {
  readonly network?: Network
  readonly author: Author
  readonly round: number
  /** The genesis where there is none. */
  readonly parents?: readonly BlockId[]
  /** A second for each round where it is left out, and a millisecond for each author. */
  readonly issuedAtMs?: number
  readonly nonce?: number
}

/** A proposal in a block, with the id it truly has. */
export function proposal(parts: ProposalParts): CheckedBlock {
  const { network = FOUR, author, round, parents = [], nonce = 0 } = parts
  const { epoch = 0, commitIndex = 0, commitDigest = network.id as string as Hash } = parts
  return makeBlock({
    kind: 'proposal',
    issuer: new Committee(network.genesis.committee).keyOf(author),
    parents: parents.length > 0 ? parents : [network.id],
    issuedAtMs: parts.issuedAtMs ?? CREATED_AT_MS + 1000 * round + author,
    payload: encodeProposal({ epoch, round, commitIndex, commitDigest }),
    nonce,
  })
}

/** One name for each author in `ABD2'`: A2', B2' and D2'. The prime is for a twin. */
function namesIn(text: string): string[] {
  const [, authors = '', rest = ''] = /^([A-J]+)(\d+'*)$/.exec(text) ?? []
  return Array.from(authors, (letter) => letter + rest)
}

/** One line of a drawing: `ABC2: ABC1 D1'` says that A2, B2 and C2 each name A1, B1, C1 and D1'. */
function read(line: string): { readonly names: readonly string[]; readonly strong: readonly string[] } {
  const [left = '', right = ''] = line.split(':')
  return {
    names: wordsOf(left),
    strong: wordsOf(right),
  }
}

export const authorOf = (name: string): Author => LETTERS.indexOf(name.charAt(0))
const roundOf = (name: string): number => Number.parseInt(name.slice(1), 10)

/** Proposals as the rule of agreement sees them, with their names as ids, and leaders the test chooses. */
export class Drawing {
  readonly rounds: Rounds
  readonly committer: Committer
  #nowMs = 0

  /** @param leaders who leads round 1, 2, 3 …, as letters; after the last it begins anew */
  constructor(leaders: string, weights: readonly number[] = [1, 1, 1, 1]) {
    const leaderOf = (round: number) => authorOf(leaders.charAt((round - 1) % leaders.length))
    this.rounds = new Rounds(committeeOf(weights), leaderOf)
    this.committer = new Committer(this.rounds, leaderOf)
  }

  /** What is drawn next comes at this time. */
  at(nowMs: number): this {
    this.#nowMs = nowMs
    return this
  }

  /** Adds proposals, each a millisecond after the one before, and returns the names of the leaders it commits. */
  draw(...lines: readonly string[]): string[] {
    for (const { names, strong } of lines.map(read)) for (const name of names) this.#add(name, strong)
    return this.committer.advance().map(({ id }) => id)
  }

  /** The proposal with a name. */
  get(name: string): Proposal {
    const found = this.rounds.get(name as BlockId)
    if (found === undefined) throw new RangeError(`no proposal ${name}`)
    return found
  }

  #add(name: string, strong: readonly string[]): void {
    this.rounds.add({
      id: name as BlockId,
      author: authorOf(name),
      round: roundOf(name),
      attachedAtMs: this.#nowMs++,
      strong: strong as readonly BlockId[],
      commitIndex: 0,
      commitDigest: '' as Hash,
    })
  }
}

const wordsOf = (text: string) =>
  text
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word) => (/^[a-z]/.test(word) ? [word] : namesIn(word)))

/**
 * A drawing as blocks, by name, each 10 ms after the one before. A name in lowercase is a data block by the validator
 * of that letter, else by Alice, and a transaction where it ends in `$`: `a1 b1$: A1`.
 */
export function blocksOf(lines: readonly string[], network: Network = FOUR): Map<string, CheckedBlock> {
  const blocks = new Map<string, CheckedBlock>()
  const idOfName = (name: string) => {
    const found = blocks.get(name)
    if (found === undefined) throw new RangeError(`no block ${name}`)
    return found.id
  }
  for (const line of lines) {
    const [left = '', right = ''] = line.split(':')
    const named = wordsOf(right).map(idOfName)
    const parents = named.length > 0 ? named : [network.id]
    for (const name of wordsOf(left)) {
      const place = { parents, issuedAtMs: CREATED_AT_MS + 10 * (blocks.size + 1), nonce: blocks.size }
      const issuer = KEYS[name.charCodeAt(0) - 'a'.charCodeAt(0)] ?? ALICE
      const kind = name.endsWith('$') ? 'transaction' : 'data'
      const made = /^[a-z]/.test(name)
        ? makeBlock({ ...place, issuer, kind })
        : proposal({ ...place, network, author: authorOf(name), round: roundOf(name) })
      blocks.set(name, made)
    }
  }
  return blocks
}

/** What the graph keeps of a block of a drawing. */
export function drawnEntryOf(name: string, { id, block }: CheckedBlock): GraphEntry {
  const slot = { author: authorOf(name), round: roundOf(name) }
  return { id, ...block, ...(block.kind === 'proposal' && { slot }) }
}

/** A network of four equals in which the leaders of rounds 1, 2 … are these, as letters. */
export function networkLedBy(leaders: string): Network {
  for (let createdAtMs = CREATED_AT_MS; ; createdAtMs--) {
    const network = networkWith([1, 1, 1, 1], { createdAtMs })
    const leaderOf = leaderSchedule(networkKeyOf(network.id), new Committee(network.genesis.committee))
    if (Array.from(leaders, (_, i) => leaderOf(i + 1)).every((author, i) => LETTERS[author] === leaders[i]))
      return network
  }
}

/** Plays the shell of a validator: makes each proposal that is asked for, and gives it to the engine at once. */
export function answer(
  engine: Engine,
  changes: readonly Change[],
  nowMs: number,
  issuer: PublicKey = ALICE,
): Change[] {
  const all = [...changes]
  for (let i = 0; i < all.length; i++) {
    const change = at(all, i)
    if (change.type !== 'propose') continue
    const { payload, parents, issuedAtMs } = change.plan
    const made = makeBlock({
      kind: 'proposal',
      issuer,
      parents,
      issuedAtMs,
      payload: encodeProposal(payload),
    })
    all.push(...engine.receive(made, undefined, nowMs))
  }
  return all
}

/** The commits among changes. */
export function commitsIn(changes: readonly Change[]) {
  return changes.flatMap((change) => (change.type === 'committed' ? [change.commit] : []))
}
