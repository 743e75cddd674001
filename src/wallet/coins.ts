import type { BlockId } from '../core/model/id.ts'
import { INPUTS_MAX, type NamedOutput } from '../core/model/transaction.ts'

/** An output its owner can spend with a signature alone. */
export interface Coin {
  readonly output: NamedOutput
  /** The block that makes it, while its transaction is not committed. */
  readonly pendingIn?: BlockId
}

/** The inputs of a transaction, and what they hold beyond the amount: 0, or at least dust. */
export interface Chosen {
  readonly inputs: readonly Coin[]
  readonly change: number
}

/** Why no coins were chosen. */
export type CoinRefusal =
  /** Less than an output may hold. */
  | { readonly type: 'amount-is-dust'; readonly amount: number; readonly dust: number }
  | { readonly type: 'too-little'; readonly spendable: number; readonly needed: number }
  /** The coins hold enough, and their sum would leave less than an output may hold. */
  | { readonly type: 'change-is-dust'; readonly change: number; readonly dust: number }
  /** The coins hold enough, but as many as a transaction may spend do not: `atOnce` is what those hold. */
  | { readonly type: 'too-many-coins'; readonly atOnce: number; readonly limit: number }

/** Coins below this many times dust go along with a payment, so that nobody has to keep them any longer. */
const SMALL_DUSTS = 100

/** Sums tried in the search for an exact one: all there are of 14 coins, and a millisecond's worth of more. */
const STEPS_MAX = 20_000

/**
 * Chooses what pays `amount`. Coins that are committed come first; pending ones are taken only where those do not
 * suffice. Coins that make the amount exactly are preferred, since no change has to be kept; else the smallest coin
 * that covers it, or as few as possible, and with them small ones. The same coins give the same choice in any order.
 *
 * Whenever the 64 largest coins hold `amount + dust`, it is paid, and `too-little` is always so. In between, where more
 * than 64 coins would be needed or the change would be dust, only an exact sum can pay: up to 14 coins beside `required`
 * it is found if there is one, and of more 20 000 sums are tried.
 *
 * @param amount a whole number
 * @param dust the least an output may hold, from the genesis
 * @param required coins that must be among the inputs, at most 64 and none of `coins`: those of a payment to be replaced
 */
export function chooseCoins(
  coins: readonly Coin[],
  amount: number,
  dust: number,
  required: readonly Coin[] = [],
): Chosen | CoinRefusal {
  if (amount < dust) return { type: 'amount-is-dust', amount, dust }
  const largestFirst = [...coins].sort((a, b) => amountOf(b) - amountOf(a) || (idOf(a) < idOf(b) ? -1 : 1))
  const committed = largestFirst.filter(({ pendingIn }) => pendingIn === undefined)
  const left = amount - sumOf(required)
  const slots = INPUTS_MAX - required.length
  for (const pool of [committed, largestFirst]) {
    const chosen =
      exactly(pool, left, slots) ??
      merged(covering(pool, left + dust, slots), committed, slots, SMALL_DUSTS * dust)
    if (chosen) return finish([...required, ...chosen], amount)
  }
  return refusal(
    [...required, ...largestFirst],
    amount,
    dust,
    sumOf(required) + sumOf(largestFirst.slice(0, slots)),
  )
}

/** What these coins hold together. */
export function sumOf(coins: readonly Coin[]): number {
  return coins.reduce((sum, coin) => sum + amountOf(coin), 0)
}

/** At most `slots` coins that hold `amount` and no more: a search through the sums, largest coins first. */
function exactly(pool: readonly Coin[], amount: number, slots: number): readonly Coin[] | undefined {
  if (amount < 0) return undefined
  const chosen: Coin[] = []
  let steps = 0

  // depth is bounded by `slots`; what all coins from `from` on hold is `rest`
  const search = (from: number, left: number, rest: number): boolean => {
    if (left === 0) return true
    if (chosen.length === slots) return false
    let failed: number | undefined
    for (let i = from; i < pool.length; i++) {
      const coin = pool[i]
      if (coin === undefined || rest < left || ++steps > STEPS_MAX) return false
      const value = amountOf(coin)
      rest -= value
      // an equal coin, with fewer behind it, would fail as well
      if (value > left || value === failed) continue
      chosen.push(coin)
      if (search(i + 1, left - value, rest)) return true
      chosen.pop()
      failed = value
    }
    return false
  }
  return search(0, amount, sumOf(pool)) ? chosen : undefined
}

/** The smallest coin that holds `amount` or more, else as few as do. */
function covering(pool: readonly Coin[], amount: number, slots: number): readonly Coin[] | undefined {
  if (amount <= 0) return []
  const single = pool.findLast((coin) => amountOf(coin) >= amount)
  if (single !== undefined && slots > 0) return [single]
  const largest = pool.slice(0, slots)
  let sum = 0
  const last = largest.findIndex((coin) => (sum += amountOf(coin)) >= amount)
  return last < 0 ? undefined : largest.slice(0, last + 1)
}

/** The same with coins below `limit`, smallest first, in the slots that are left. */
function merged(
  chosen: readonly Coin[] | undefined,
  committed: readonly Coin[],
  slots: number,
  limit: number,
): readonly Coin[] | undefined {
  if (chosen === undefined) return undefined
  const small = committed.filter((coin) => amountOf(coin) < limit && !chosen.includes(coin))
  return [...chosen, ...small.reverse().slice(0, slots - chosen.length)]
}

function finish(inputs: readonly Coin[], amount: number): Chosen {
  return {
    inputs: [...inputs].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)),
    change: sumOf(inputs) - amount,
  }
}

/** @param atOnce what the largest of them hold, as many as a transaction may spend */
function refusal(coins: readonly Coin[], needed: number, dust: number, atOnce: number): CoinRefusal {
  const spendable = sumOf(coins)
  if (spendable < needed) return { type: 'too-little', spendable, needed }
  if (atOnce < needed || spendable >= needed + dust)
    return { type: 'too-many-coins', atOnce, limit: INPUTS_MAX }
  return { type: 'change-is-dust', change: spendable - needed, dust }
}

function amountOf({ output: [, { amount }] }: Coin): number {
  return amount
}

function idOf({ output: [id] }: Coin): string {
  return id
}
