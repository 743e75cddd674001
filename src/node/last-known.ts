/**
 * What a device knew last, kept among its notes: the next start has something to show while the device opens. It holds
 * what was on the screen and nothing else, no keys above all.
 */
import * as v from 'valibot'
import type { NetworkId } from '../core/model/id.ts'
import type { Rejection, TransactionId } from '../core/model/transaction.ts'
import type { NoteStore } from '../ports.ts'
import { THING_KINDS } from '../reading/kinds.ts'
import { SPARK_POINTS_MAX, type Snapshot, type ValidatorState } from './api.ts'
import { ReadingForm } from './reading-form.ts'
import { SettingsForm, SourceForm } from './settings-form.ts'
import { knownLast } from './rpc.ts'

/** The note's name. */
export const LAST_KNOWN = 'last-known'

/** How often it is written down, and so how old what a start shows may be: a write is strict, and wakes a sleeping disk. */
const KEEP_EVERY_MS = 10_000

/**
 * Characters of the note: as many things as a snapshot has at most, with full sparklines, take up to 700 000. A longer one
 * would be read no sooner than the device is open.
 */
const CHARACTERS_MAX = 2 ** 20

/** Keeps the newest snapshot: now and then, and at once where it has to hold. */
export class LastKnown {
  readonly #notes: Pick<NoteStore, 'put'>
  #keptAtMs = -Infinity
  /** Newer than what is kept, until its time has come; and what is about to be written. */
  #newest: Snapshot | undefined
  #next: Snapshot | undefined
  #writing = false

  constructor(notes: Pick<NoteStore, 'put'>) {
    this.#notes = notes
  }

  /** What is kept is not what it was: the next snapshot is written down. */
  outdate(): void {
    this.#keptAtMs = -Infinity
    this.#newest = undefined
    this.#next = undefined
  }

  /** Takes note of a snapshot. Where it cannot be written the next start shows an older one, or none. */
  take(snapshot: Snapshot, nowMs: number): void {
    this.#newest = snapshot
    this.tick(nowMs)
  }

  /** Writes down what came since the last time, once that is due. To be called about once a second. */
  tick(nowMs: number): void {
    // a clock that was ahead may have been put right meanwhile
    if (this.#newest === undefined || Math.abs(nowMs - this.#keptAtMs) < KEEP_EVERY_MS) return
    this.#keptAtMs = nowMs
    this.#next = this.#newest
    this.#newest = undefined
    if (!this.#writing) void this.#write()
  }

  async #write(): Promise<void> {
    this.#writing = true
    while (this.#next !== undefined) {
      const note = noteOf(this.#next)
      this.#next = undefined
      await this.#notes.put([[LAST_KNOWN, note]]).catch(() => undefined)
    }
    this.#writing = false
  }
}

/** The snapshot that was kept last; undefined where there is none, or none that this version of the app can show. */
export async function loadLastKnown(notes: Pick<NoteStore, 'get'>): Promise<Snapshot | undefined> {
  const note = v.safeParse(Note, await notes.get(LAST_KNOWN))
  return note.success ? note.output : undefined
}

/** The note of a snapshot, without what goes with the memory it was in; undefined where it is too long. */
function noteOf(snapshot: Snapshot): string | undefined {
  const { things, storage, ...rest } = knownLast(snapshot)
  const known = {
    ...rest,
    things: things.map((thing) => ({ ...thing, waiting: 0 })),
    storage: { ...storage, waitingBlocks: 0 },
  }
  const text = JSON.stringify({ version: 1, snapshot: known })
  return text.length > CHARACTERS_MAX ? undefined : text
}

const REASONS: Readonly<Record<Rejection['reason'], true>> = {
  duplicate: true,
  'missing-input': true,
  'spent-input': true,
  'time-locked': true,
  'not-unlocked': true,
  unbalanced: true,
  dust: true,
}

const VALIDATOR_STATES = ['none', 'proposing', 'listening', 'alone', 'diverged'] as const

const Whole = v.pipe(v.number(), v.safeInteger())
const Hex32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

const Payment = v.object({
  id: v.pipe(
    Hex32,
    v.transform((id) => id as TransactionId),
  ),
  direction: v.picklist(['sent', 'received', 'self', 'came-back', 'went-back', 'claimed']),
  amount: Whole,
  who: v.array(v.string()),
  memo: v.string(),
  atMs: Whole,
  state: v.variant('type', [
    v.object({ type: v.literal('working'), done: v.number() }),
    v.object({ type: v.literal('pending'), heldBy: Whole }),
    v.object({ type: v.literal('final'), commit: Whole }),
    v.object({
      type: v.literal('rejected'),
      reason: v.picklist(Object.keys(REASONS) as Rejection['reason'][]),
    }),
    v.object({ type: v.literal('failed'), reason: v.picklist(['already-spent', 'built-on-failed']) }),
  ]),
})

const Thing = v.object({
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}:[0-9a-f]{64}$/)),
  mine: v.boolean(),
  owner: v.string(),
  name: v.string(),
  kind: v.picklist([...THING_KINDS, 'unknown']),
  access: v.picklist(['private', 'open', 'sealed']),
  latest: v.array(ReadingForm),
  spark: v.pipe(v.array(v.number()), v.maxLength(SPARK_POINTS_MAX)),
  waiting: Whole,
  blocks: v.object({
    total: Whole,
    hereOnly: Whole,
    newestHeldBy: Whole,
    committed: Whole,
    newestCommitted: v.boolean(),
  }),
  settings: v.exactOptional(SettingsForm),
  source: v.exactOptional(SourceForm),
})

const Validator: v.GenericSchema<unknown, ValidatorState> = v.union([
  v.object({ type: v.picklist(VALIDATOR_STATES) }),
  v.object({ type: v.literal('clock-off'), offsetMs: v.number() }),
])

/** What other devices are to this one right now is not in it, and passed over where it is. */
const Known: v.GenericSchema<unknown, Snapshot> = v.object({
  device: v.string(),
  network: v.object({
    id: v.pipe(
      Hex32,
      v.transform((id) => id as NetworkId),
    ),
    name: v.string(),
    relay: v.object({ type: v.literal('none') }),
    peers: v.pipe(v.array(v.never()), v.length(0)),
    order: v.object({
      index: Whole,
      atMs: Whole,
      validator: Validator,
      committee: v.array(v.object({ key: v.string(), weight: Whole })),
      diverged: v.exactOptional(v.object({ index: Whole, validators: Whole })),
    }),
  }),
  wallet: v.object({
    balance: v.object({ spendable: Whole, leaving: Whole, locked: Whole, refundable: Whole }),
    payments: v.array(Payment),
    older: v.exactOptional(v.object({ commit: Whole, place: Whole, atMs: Whole })),
    allowance: v.optional(v.object({ perPayment: Whole, perDay: Whole, spent: Whole }), {
      perPayment: 0,
      perDay: 0,
      spent: 0,
    }),
  }),
  contacts: v.optional(v.array(v.object({ name: v.string(), key: v.string() })), []),
  things: v.array(Thing),
  storage: v.object({
    state: v.picklist(['ok', 'full', 'failing']),
    blocks: Whole,
    bytes: Whole,
    damaged: Whole,
    waitingBlocks: Whole,
  }),
  minesForOthers: v.exactOptional(v.boolean()),
})

const Note = v.pipe(
  v.string(),
  v.maxLength(CHARACTERS_MAX),
  v.parseJson(),
  v.object({ version: v.literal(1), snapshot: Known }),
  v.transform(({ snapshot }) => snapshot),
)
