import * as v from 'valibot'
import type { BlockId, NetworkId, PublicKey } from '../core/model/id.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import type { NoteStore } from '../ports.ts'
import { restorePayment, storePayment, type Payment } from '../wallet/payment-state.ts'

const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const Note = v.object({
  version: v.literal(1),
  id: Id,
  bytes: v.instance(Uint8Array),
  createdAtMs: Whole,
  to: Id,
  amount: Whole,
  blocks: v.array(Id),
  /** Where it failed. Every other state is found out again from the graph and the order. */
  failed: v.exactOptional(
    v.object({
      input: v.pipe(v.string(), v.regex(/^[0-9a-f]{68}$/)),
      reason: v.picklist(['already-spent', 'built-on-failed']),
      by: v.exactOptional(Id),
    }),
  ),
})

/** The payments of one network as notes, so that a payment once signed survives a restart. */
export class PaymentNotes {
  readonly #notes: NoteStore
  readonly #prefix: string
  readonly #allowance: string

  constructor(notes: NoteStore, network: NetworkId) {
    this.#notes = notes
    this.#prefix = `payment/${network}/`
    this.#allowance = `allowance/${network}`
  }

  /** What the app may pay by itself, unparsed. */
  loadAllowance(): Promise<unknown> {
    return this.#notes.get(this.#allowance)
  }

  /** Keeps that, on disk once it resolves. Throws `StoreError`. */
  saveAllowance(note: object): Promise<void> {
    return this.#notes.put([[this.#allowance, note]])
  }

  /** All that are kept, oldest first. A note that does not parse is left where it is and passed over. */
  async load(): Promise<readonly Payment[]> {
    const notes = await this.#notes.list(this.#prefix)
    return notes
      .flatMap(([, note]) => paymentFrom(note) ?? [])
      .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
  }

  /** Keeps a payment, on disk once it resolves. Throws `StoreError`. */
  async save(payment: Payment): Promise<void> {
    const { id, createdAtMs, to, amount, blocks, bytes } = storePayment(payment)
    const { state } = payment
    const note = { version: 1, id, bytes, createdAtMs, to, amount, blocks: [...blocks] }
    const failed = state.type === 'failed' && {
      failed: {
        input: state.input,
        reason: state.reason,
        ...(state.reason === 'already-spent' && state.by !== undefined && { by: state.by }),
      },
    }
    await this.#notes.put([[this.#prefix + id, { ...note, ...failed }]])
  }

  async remove(id: TransactionId): Promise<void> {
    await this.#notes.put([[this.#prefix + id, undefined]])
  }
}

function paymentFrom(note: unknown): Payment | undefined {
  const parsed = v.safeParse(Note, note)
  if (!parsed.success) return undefined
  const { id, bytes, createdAtMs, to, amount, blocks, failed } = parsed.output
  // the forms above are those of the brands
  const state = (failed ? { type: 'failed', ...failed } : { type: 'pending' }) as Payment['state']
  return restorePayment({
    id: id as TransactionId,
    bytes,
    createdAtMs,
    to: to as PublicKey,
    amount,
    blocks: blocks as BlockId[],
    state: blocks.length === 0 && state.type === 'pending' ? { type: 'working' } : state,
  })
}
