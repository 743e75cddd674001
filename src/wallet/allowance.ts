/** What may be paid without a person being asked, and what has been paid so. Pure: times are parameters. */

/** In units; 0 is nothing. */
export interface Allowance {
  readonly perPayment: number
  /** In any 24 hours. */
  readonly perDay: number
}

/** Where nobody has chosen: the person is asked, always. */
export const NO_ALLOWANCE: Allowance = { perPayment: 0, perDay: 0 }

/** What was paid within one hour of the clock. */
export interface SpentHour {
  readonly fromMs: number
  readonly amount: number
}

/** Why a payment is not made without asking. */
export type AllowanceRefusal =
  | { readonly type: 'over-payment-limit'; readonly limit: number }
  /** `left`: what could still be paid now. */
  | { readonly type: 'over-day-limit'; readonly limit: number; readonly left: number }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * The hours that count at `nowMs`, oldest first: 25 at most, for an hour counts whole while any of it is within a day. What
 * is ahead of the clock counts from now: a clock that was wrong holds nothing up for longer than a day.
 */
function spentLately(spent: readonly SpentHour[], nowMs: number): readonly SpentHour[] {
  const present = hourOf(nowMs)
  const hours = new Map<number, number>()
  for (const { fromMs, amount } of spent) {
    const hour = Math.min(hourOf(fromMs), present)
    if (hour + HOUR_MS > nowMs - DAY_MS && amount > 0) hours.set(hour, (hours.get(hour) ?? 0) + amount)
  }
  return [...hours].sort(([a], [b]) => a - b).map(([fromMs, amount]) => ({ fromMs, amount }))
}

/** What was paid in the last day, in units. */
export function spentWithinDay(spent: readonly SpentHour[], nowMs: number): number {
  return spentLately(spent, nowMs).reduce((sum, { amount }) => sum + amount, 0)
}

/** What will have been paid once `amount` is too, or why it is not to be. */
export function spend(
  allowance: Allowance,
  spent: readonly SpentHour[],
  amount: number,
  nowMs: number,
): readonly SpentHour[] | AllowanceRefusal {
  const { perPayment, perDay } = allowance
  if (amount > perPayment) return { type: 'over-payment-limit', limit: perPayment }
  const left = Math.max(0, perDay - spentWithinDay(spent, nowMs))
  if (amount > left) return { type: 'over-day-limit', limit: perDay, left }
  return spentLately([...spent, { fromMs: hourOf(nowMs), amount }], nowMs)
}

/** The same without `amount`, taken at `atMs`, which came to nothing. */
export function giveBack(spent: readonly SpentHour[], amount: number, atMs: number): readonly SpentHour[] {
  return spent.map((hour) =>
    hour.fromMs === hourOf(atMs) ? { ...hour, amount: Math.max(0, hour.amount - amount) } : hour,
  )
}

function hourOf(atMs: number): number {
  return atMs - (atMs % HOUR_MS)
}
