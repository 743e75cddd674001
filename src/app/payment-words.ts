/** What the app says about payments: a view in, words out. What a payer wrote is cut to a bound here. */
import type { OrderView, PaymentView, PaymentViewState, Snapshot } from '../node/api.ts'
import { quorumOf } from '../core/model/committee.ts'
import { monthWords } from './moments.ts'
import { walletText } from './texts/wallet/text.ts'
import { clip, leftWords, visible } from './words.ts'

type Direction = PaymentView['direction']

/** Characters of a note that are shown. A note of 256 bytes is a whole screen of a phone. */
const NOTE_CHARACTERS_MAX = 140

/** A pending payment waits this long before that is said: agreeing takes seconds even with a validator away. */
const PATIENCE_MS = 20_000

/** What a payment did, before the names of those it was with. */
export function directionWords(direction: Direction): string {
  return walletText().directions[direction]
}

/** What a payment does to a balance. What was claimed had left before. */
export function signOf(direction: Direction): -1 | 0 | 1 {
  if (direction === 'received' || direction === 'came-back') return 1
  return direction === 'sent' || direction === 'went-back' ? -1 : 0
}

/** A note as it is shown: one line of text, bounded. Empty where there is none. */
export function noteWords(memo: string): string {
  return clip(visible(memo), NOTE_CHARACTERS_MAX)
}

/** How far a payment has got. */
export function stateWords(state: PaymentViewState): string {
  const text = walletText()
  switch (state.type) {
    case 'working':
      return text.working(Math.floor(state.done * 100), leftWords(state.leftMs))
    case 'pending':
      return state.heldBy === 0 ? text.hereOnly : text.sentToPeers(state.heldBy)
    case 'final':
      return text.final
    case 'rejected':
    case 'failed':
      return text[state.type](text.reasons[state.reason])
  }
}

/** Why a payment is not final, and what there is to do, where there is something to say. */
export function hintWords(state: PaymentViewState, waiting: boolean): string | undefined {
  const text = walletText()
  if (state.type === 'rejected' || state.type === 'failed') return text.hints[state.reason]
  return waiting ? text.waiting : undefined
}

/** Why payments are stopped where validators have signed another order than this device has: what happened, what is kept, what to do. */
export function divergedWords(
  { validators }: NonNullable<OrderView['diverged']>,
  of: number,
): readonly string[] {
  const text = walletText()
  return [text.diverged(validators, of), text.divergedKept, text.divergedToDo]
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
export function grouped(payments: readonly PaymentView[]): readonly PaymentGroup[] {
  const groups: { heading: string; payments: PaymentView[] }[] = []
  for (const payment of payments) {
    const { type } = payment.state
    const isOver = type === 'final' || type === 'failed'
    const heading = isOver ? monthWords(payment.atMs) : walletText().underWay
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
