/** What Weft may pay by itself, as its person types it. */
import type { AllowanceView } from '../node/api.ts'
import { amountFaultWords, amountWords, numberWords } from './amount-words.ts'
import { parseAmount } from './amount.ts'
import { walletText } from './texts/wallet/text.ts'

/** The fields as typed; empty is nothing. */
export interface AllowanceTyped {
  readonly perPayment: string
  readonly perDay: string
}

/** What is wrong with each field that is wrong, in words. */
export type AllowanceFaults = { readonly [field in keyof AllowanceTyped]?: string }

/** The fields as they stand before anything is typed. */
export function typedAllowance({ perPayment, perDay }: Omit<AllowanceView, 'spent'>): AllowanceTyped {
  const typed = (units: number) => (units === 0 ? '' : numberWords(units))
  return { perPayment: typed(perPayment), perDay: typed(perDay) }
}

/** The limits in units, or what is wrong with them. */
export function readAllowance(
  typed: AllowanceTyped,
): Omit<AllowanceView, 'spent'> | { readonly faults: AllowanceFaults } {
  const perPayment = readLimit(typed.perPayment)
  const perDay = readLimit(typed.perDay)
  if (typeof perPayment === 'number' && typeof perDay === 'number')
    return perPayment > perDay ? { faults: { perDay: walletText().perDayTooSmall } } : { perPayment, perDay }
  return {
    faults: {
      ...(typeof perPayment === 'string' && { perPayment }),
      ...(typeof perDay === 'string' && { perDay }),
    },
  }
}

/** What Weft has paid by itself, in a sentence. */
export function spentWords({ spent }: Pick<AllowanceView, 'spent'>): string {
  const text = walletText()
  return spent === 0 ? text.spentNothing : text.spent(amountWords(spent))
}

/** Units; 0 where nothing is typed, or a nought. What is wrong, in words. */
function readLimit(typed: string): number | string {
  const amount = parseAmount(typed)
  if (typeof amount === 'number') return amount
  return amount.type === 'empty' || amount.type === 'zero' ? 0 : amountFaultWords(amount)
}
