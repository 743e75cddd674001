/** What the app says about payments. Pure: a view in, words out. What a payer wrote is cut to a bound here. */
import type { OrderView, PaymentView, PaymentViewState, Snapshot } from '../node/api.ts'
import { quorumOf } from '../core/model/committee.ts'
import { monthWords } from './moments.ts'
import { clip, leftWords, plural } from './words.ts'

type Direction = PaymentView['direction']

/** Characters of a note that are shown. A note of 256 bytes is a whole screen of a phone. */
const NOTE_CHARACTERS_MAX = 140

/** A pending payment waits this long before that is said: agreeing takes seconds even with a validator away. */
const PATIENCE_MS = 20_000

/** Spaces, controls, and marks that turn the direction of writing, which could reach beyond the note they are in. */
const UNSEEN = /[\s\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** What a payment did, before the names of those it was with. */
export function directionWords(direction: Direction): string {
  return {
    sent: 'To',
    received: 'From',
    self: 'Kept by this device',
    'came-back': 'Came back from',
    'went-back': 'Went back to',
    claimed: 'Claimed by',
  }[direction]
}

/** What a payment does to a balance. What was claimed had left before. */
export function signOf(direction: Direction): -1 | 0 | 1 {
  if (direction === 'received' || direction === 'came-back') return 1
  return direction === 'sent' || direction === 'went-back' ? -1 : 0
}

/** A note as it is shown: one line of text, bounded. Empty where there is none. */
export function noteWords(memo: string): string {
  return clip(memo.replace(UNSEEN, ' ').trim(), NOTE_CHARACTERS_MAX)
}

/** How far a payment has got. */
export function stateWords(state: PaymentViewState): string {
  switch (state.type) {
    case 'working': {
      const left = leftWords(state.leftMs)
      return `working (PoW ${Math.floor(state.done * 100)} %${left === undefined ? '' : `, ${left}`})`
    }
    case 'pending':
      return state.heldBy === 0 ? 'on this phone only' : `sent to ${plural(state.heldBy, 'peer')}`
    case 'final':
      return 'final'
    case 'rejected':
    case 'failed':
      return `${state.type}: ${REASONS[state.reason].words}`
  }
}

/** Why a payment is not final, and what there is to do, where there is something to say. */
export function hintWords(state: PaymentViewState, waiting: boolean): string | undefined {
  if (state.type === 'rejected' || state.type === 'failed') return REASONS[state.reason].hint
  return waiting ? 'Waiting for the network’s validators.' : undefined
}

type Reason = Extract<PaymentViewState, { readonly reason: unknown }>['reason']

const REASONS: Readonly<Record<Reason, { readonly words: string; readonly hint: string }>> = {
  duplicate: {
    words: 'counted before',
    hint: 'It was paid once, and is not paid twice: there is nothing to do.',
  },
  'missing-input': {
    words: 'its money is not there yet',
    hint: 'What it spends has not arrived in the network. It is tried again by itself.',
  },
  'spent-input': {
    words: 'already spent',
    hint: 'Another payment spent this money first, and this one was not paid. If it is still owed, pay again.',
  },
  'time-locked': {
    words: 'too early',
    hint: 'Some of what it spends is locked until later. It is tried again then.',
  },
  'not-unlocked': {
    words: 'the money is locked',
    hint: 'It was claimed too late, or with the wrong secret, and nothing was paid. Ask who sent it for the secret, or to pay once more.',
  },
  unbalanced: {
    words: 'the sums do not match',
    hint: 'It was not made rightly, and nothing was paid. Take it back and pay again.',
  },
  dust: {
    words: 'too small an amount',
    hint: 'It is below the least this network pays. Take it back and pay more at once.',
  },
  'already-spent': {
    words: 'already spent',
    hint: 'Another payment spent this money first. Nothing was paid here; if it is still owed, pay again.',
  },
  'built-on-failed': {
    words: 'the payment before it failed',
    hint: 'It was to spend what another payment would have left. Nothing was paid; pay again.',
  },
}

/** Why payments are stopped where validators have signed another order than this device has: what happened, what is kept, what to do. */
export function divergedWords(
  { validators }: NonNullable<OrderView['diverged']>,
  of: number,
): readonly string[] {
  return [
    `Payments are stopped on this device. ${validators} of ${plural(of, 'validator')}, more than a third by weight, ${validators === 1 ? 'has' : 'have'} signed another order of payments than the one this device has, so it cannot tell what is final.`,
    'Nothing here is lost. Payments and readings are kept as they are, and new readings are stored and shared as before.',
    'Update Weft if there is a newer version, and ask whoever runs the network. If they make it anew, their invitation leads back in.',
  ]
}

/** Whether a person may still change their mind about a payment. */
export function mayTakeBack({ direction, state }: Pick<PaymentView, 'direction' | 'state'>): boolean {
  return direction === 'sent' && state.type !== 'final' && state.type !== 'failed'
}

/** Payments as they are listed: those something may still become of first, and else the newest first. */
export function listed(payments: readonly PaymentView[]): readonly PaymentView[] {
  const isOpen = ({ state }: PaymentView) => state.type !== 'final' && state.type !== 'failed'
  return [...payments].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.atMs - a.atMs)
}

/** Payments that go under one heading. */
export interface PaymentGroup {
  readonly heading: string
  readonly payments: readonly PaymentView[]
}

/** A list in its order under headings: what something may still become of, and the months of the others. */
export function grouped(payments: readonly PaymentView[], locale?: string): readonly PaymentGroup[] {
  const groups: { heading: string; payments: PaymentView[] }[] = []
  for (const payment of payments) {
    const { type } = payment.state
    const isOver = type === 'final' || type === 'failed'
    const heading = isOver ? monthWords(payment.atMs, locale) : 'Under way'
    const last = groups.at(-1)
    if (last?.heading === heading) last.payments.push(payment)
    else groups.push({ heading, payments: [payment] })
  }
  return groups
}

/** Whether a payment that is on its way waits for validators who are not there, as far as can be seen from here. */
export function waitsForValidators(
  { state, atMs }: Pick<PaymentView, 'state' | 'atMs'>,
  { device, network }: Pick<Snapshot, 'device' | 'network'>,
  nowMs: number,
): boolean {
  // where payments are stopped, a notice says so
  if (state.type !== 'pending' || network.order.diverged) return false
  const { committee, validator, atMs: newestMs } = network.order
  const total = committee.reduce((sum, { weight }) => sum + weight, 0)
  const own = committee.find(({ key }) => key === device)?.weight ?? 0
  const takesPart = validator.type === 'proposing'
  if (!takesPart && total - own < quorumOf(total)) return true
  if (takesPart && own >= quorumOf(total)) return false
  return network.peers.length === 0 || nowMs - Math.max(atMs, newestMs) > PATIENCE_MS
}
