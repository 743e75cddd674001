/** A history as a busy network with one validator makes it: signed data, and proposals that put it into commits. */
import { signedMessage } from '../../src/core/check/isolation.ts'
import { encodeData } from '../../src/core/codec/data.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import type { Block, CheckedBlock } from '../../src/core/model/block.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { ProposalPlan } from '../../src/core/model/proposal.ts'
import { encodeBlock } from '../../src/core/codec/block.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../../src/core/crypto/block-id.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import type { Signer } from '../../src/ports.ts'
import { GENESIS } from '../core/make.ts'

/** With header, parents and signature, 400 bytes a block. */
const BODY_BYTES = 160

/** Between two blocks of data. */
const BLOCK_MS = 10

/** What blocks say where nobody reads them. */
const UNREAD = encodeData({ topic: 'bench', body: new Uint8Array(BODY_BYTES) })

/** Data blocks to an opening; the three proposals that bring about a commit follow each at once. */
const BLOCKS_PER_ROUND = 256

export interface History {
  readonly network: Network
  /** Parents first. */
  readonly blocks: readonly CheckedBlock[]
  /** How many commits they make. */
  readonly commits: number
}

/** What a block of data says, and whose it is. */
export interface MadeData {
  readonly payload: Uint8Array
  readonly signer: Signer
}

/** What a history is made of, piece by piece; the engine that made it goes on. */
export class HistoryMaker {
  readonly network: Network
  readonly engine: Engine
  readonly #blockMs: number
  readonly #signer: Signer
  readonly #key: Uint8Array
  #parents: CheckedBlock[] = []
  #atMs: number

  /**
   * @param signer of the proposals, and of data that nobody reads
   * @param firstAtMs when the first block is issued
   * @param blockMs between two blocks of data
   */
  constructor(
    signer: Signer,
    firstAtMs: number,
    {
      blockMs = BLOCK_MS,
      windowBlocksMax,
    }: { readonly blockMs?: number; readonly windowBlocksMax?: number } = {},
  ) {
    this.#blockMs = blockMs
    this.network = networkOf({
      ...GENESIS,
      createdAtMs: firstAtMs - 1,
      minRoundMs: 1,
      dataRoundMs: blockMs * BLOCKS_PER_ROUND,
      committee: [{ key: signer.publicKey, weight: 1 }],
      outputs: [{ owner: signer.publicKey, amount: 1 }],
    })
    this.engine = new Engine(this.network, {
      own: signer.publicKey,
      ...(windowBlocksMax !== undefined && { windowBlocksMax }),
    })
    this.engine.allowProposals(1)
    this.#signer = signer
    this.#key = networkKeyOf(this.network.id)
    this.#atMs = firstAtMs
  }

  /** When the next block is issued. */
  get atMs(): number {
    return this.#atMs
  }

  /** The next block of data, on the two before it, and proposals where some are due. */
  async next(
    { payload, signer }: MadeData = { payload: UNREAD, signer: this.#signer },
  ): Promise<readonly CheckedBlock[]> {
    const named = this.#parents.slice(-2).map(({ id }) => id)
    const parents = named.length > 0 ? named.sort() : [this.network.id]
    const made = await this.#sealed({ kind: 'data', parents, issuedAtMs: this.#atMs, payload }, signer)
    this.#parents = [...this.#parents.slice(-1), made]
    this.#atMs += this.#blockMs
    const blocks = [made]
    for (let plan = this.#take(made); plan !== undefined;) {
      const { parents: tips, issuedAtMs } = plan
      const proposal = await this.#sealed({
        kind: 'proposal',
        parents: tips,
        issuedAtMs,
        payload: encodeProposal(plan.payload),
      })
      blocks.push(proposal)
      plan = this.#take(proposal)
    }
    return blocks
  }

  /** The proposal that is due once the engine has this block. */
  #take(checked: CheckedBlock): ProposalPlan | undefined {
    const changes = this.engine.receive(checked, undefined, checked.block.issuedAtMs)
    if (!changes.some(({ type }) => type === 'attached')) throw new Error('a block was not taken')
    return changes.find((change) => change.type === 'propose')?.plan
  }

  async #sealed(
    content: Pick<Block, 'kind' | 'parents' | 'issuedAtMs' | 'payload'>,
    signer = this.#signer,
  ): Promise<CheckedBlock> {
    const essence = {
      ...content,
      issuer: signer.publicKey,
      payloadHash: payloadHashOf(this.#key, content.payload),
      payloadBytes: content.payload.length,
    }
    const id = blockIdFrom(this.#key, digestOf(this.#key, essence), 0)
    const signature = await signer.sign(signedMessage(id))
    const block: Block = { ...essence, nonce: 0, signature }
    return { id, block, bytes: encodeBlock(block) }
  }
}

/** So many data blocks and the proposals above them. */
export async function committedHistory(signer: Signer, count: number): Promise<History> {
  const maker = new HistoryMaker(signer, Date.now() - BLOCK_MS * (count + BLOCKS_PER_ROUND))
  const blocks: CheckedBlock[] = []
  for (let i = 0; i < count; i++) blocks.push(...(await maker.next()))
  return { network: maker.network, blocks, commits: maker.engine.head.index }
}
