import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INPUTS_MAX } from '../../src/core/model/transaction.ts'
import { chooseCoins, sumOf, type Chosen, type Coin } from '../../src/wallet/coins.ts'
import { coinOf, pendingCoinOf } from './make.ts'

const DUST = 10

const coinsOf = (...amounts: readonly number[]) => amounts.map((amount, i) => coinOf(i, amount))
const amountsOf = (coins: readonly Coin[]) =>
  coins.map(({ output: [, { amount }] }) => amount).sort((a, b) => b - a)

/** The choice that must be made, its amounts from the largest down. */
function chosen(coins: readonly Coin[], amount: number, required: readonly Coin[] = []) {
  const choice = chooseCoins(coins, amount, DUST, required)
  if ('type' in choice) throw new Error(choice.type)
  return { amounts: amountsOf(choice.inputs), change: choice.change }
}

const pool = (maxLength: number, most = 200) =>
  fc
    .array(fc.record({ amount: fc.integer({ min: 1, max: most }), pending: fc.boolean() }), { maxLength })
    .map((all) =>
      all.map(({ amount, pending }, i) => (pending ? pendingCoinOf(i, amount) : coinOf(i, amount))),
    )

/** Whether some of these coins, every subset tried, hold the amount with a change that may be. */
function canPay(coins: readonly Coin[], amount: number, fixed = 0): boolean {
  const rests = coins.reduce(
    (sums, { output: [, output] }) => [...sums, ...sums.map((sum) => sum + output.amount)],
    [fixed - amount],
  )
  return rests.some((rest) => rest === 0 || rest >= DUST)
}

const isCommitted = ({ pendingIn }: Coin) => pendingIn === undefined

describe('A choice of coins', () => {
  it('always balances, has no dust for change, no coin twice, and at most 64', () => {
    const required = pool(64).map((coins) => coins.map((coin, i) => coinOf(1000 + i, coin.output[1].amount)))
    fc.assert(
      fc.property(
        pool(150),
        fc.oneof(fc.constant([]), required),
        fc.integer({ min: 1, max: 12_000 }),
        (coins, fixed, amount) => {
          const choice = chooseCoins(coins, amount, DUST, fixed)
          if ('type' in choice) return
          const { inputs, change } = choice
          expect(sumOf(inputs)).toBe(amount + change)
          expect(change === 0 || change >= DUST).toBe(true)
          expect(inputs.length).toBeLessThanOrEqual(INPUTS_MAX)
          const ids = inputs.map(({ output: [id] }) => id)
          expect(ids).toEqual([...new Set(ids)].sort())
          for (const coin of fixed) expect(inputs).toContain(coin)
          for (const coin of inputs) expect([...coins, ...fixed]).toContain(coin)
        },
      ),
      { seed: 41, numRuns: 2000 },
    )
  })

  it('of few coins is made wherever one can be, and the refusal is true', () => {
    fc.assert(
      fc.property(pool(10, 40), pool(2, 40), fc.integer({ min: DUST, max: 250 }), (coins, more, amount) => {
        const fixed = more.map((coin, i) => coinOf(1000 + i, coin.output[1].amount))
        const choice = chooseCoins(coins, amount, DUST, fixed)
        const total = sumOf(coins) + sumOf(fixed)
        expect('inputs' in choice).toBe(canPay(coins, amount, sumOf(fixed)))
        if ('inputs' in choice) return
        if (total < amount) expect(choice).toEqual({ type: 'too-little', spendable: total, needed: amount })
        else expect(choice).toEqual({ type: 'change-is-dust', change: total - amount, dust: DUST })
      }),
      { seed: 42, numRuns: 3000 },
    )
  })

  it('takes pending coins only where the committed ones cannot pay', () => {
    fc.assert(
      fc.property(pool(10, 60), fc.integer({ min: DUST, max: 200 }), (coins, amount) => {
        const choice = chooseCoins(coins, amount, DUST)
        if ('type' in choice) return
        expect(choice.inputs.every(isCommitted)).toBe(canPay(coins.filter(isCommitted), amount))
      }),
      { seed: 43, numRuns: 2000 },
    )
  })

  it('is made of many coins wherever the 64 largest hold the amount and dust, and refused where they do not', () => {
    fc.assert(
      fc.property(pool(150), fc.integer({ min: DUST, max: 12_000 }), (coins, amount) => {
        const choice = chooseCoins(coins, amount, DUST)
        const atOnce = amountsOf(coins)
          .slice(0, INPUTS_MAX)
          .reduce((sum, value) => sum + value, 0)
        if (atOnce >= amount + DUST) expect(choice).toHaveProperty('inputs')
        if (sumOf(coins) < amount) expect(choice).toHaveProperty('type', 'too-little')
        else if (atOnce < amount)
          expect(choice).toEqual({ type: 'too-many-coins', atOnce, limit: INPUTS_MAX })
      }),
      { seed: 44, numRuns: 2000 },
    )
  })

  it('is the same in whatever order the coins come', () => {
    const shuffled = pool(20, 30).chain((coins) =>
      fc.tuple(fc.constant(coins), fc.shuffledSubarray(coins, { minLength: coins.length })),
    )
    fc.assert(
      fc.property(shuffled, fc.integer({ min: DUST, max: 300 }), ([coins, other], amount) => {
        expect(chooseCoins(other, amount, DUST)).toEqual(chooseCoins(coins, amount, DUST))
      }),
      { seed: 45, numRuns: 1000 },
    )
  })
})

describe('What a wallet would rather spend', () => {
  it('a coin of just that amount, so that no change is left', () => {
    expect(chosen(coinsOf(5000, 300, 7000), 300)).toEqual({ amounts: [300], change: 0 })
  })

  it('coins that make the amount exactly', () => {
    expect(chosen(coinsOf(9000, 60, 50, 45, 30), 95)).toEqual({ amounts: [50, 45], change: 0 })
  })

  it('the smallest coin that covers the amount', () => {
    expect(chosen(coinsOf(90_000, 7000, 50_000), 6000)).toEqual({ amounts: [7000], change: 1000 })
  })

  it('else as few as do', () => {
    expect(chosen(coinsOf(2000, 3000, 4000, 5000), 8500)).toEqual({ amounts: [5000, 4000], change: 500 })
  })

  it('another coin, where the change would be dust', () => {
    expect(chosen(coinsOf(6000, 2000), 5995)).toEqual({ amounts: [6000, 2000], change: 2005 })
  })

  it('small coins along with the large one that pays, as many as there is room for', () => {
    expect(chosen(coinsOf(90_000, 15, 999, 1000), 6000)).toEqual({
      amounts: [90_000, 999, 15],
      change: 85_014,
    })
    const many = chooseCoins(coinsOf(90_000, ...new Array<number>(100).fill(15)), 6000, DUST) as Chosen
    expect(many.inputs).toHaveLength(INPUTS_MAX)
    expect(many.change).toBe(90_000 + 63 * 15 - 6000)
  })

  it('no small coins that are pending', () => {
    expect(chosen([coinOf(1, 90_000), pendingCoinOf(2, 15)], 6000)).toEqual({
      amounts: [90_000],
      change: 84_000,
    })
  })
})

describe('No choice', () => {
  it('of an amount below dust', () => {
    expect(chooseCoins(coinsOf(100), DUST - 1, DUST)).toEqual({ type: 'amount-is-dust', amount: 9, dust: 10 })
    expect(chooseCoins(coinsOf(100), DUST, DUST)).toHaveProperty('change', 90)
  })

  it('without coins', () => {
    expect(chooseCoins([], 10, DUST)).toEqual({ type: 'too-little', spendable: 0, needed: 10 })
  })

  it('where all there is would leave dust', () => {
    expect(chooseCoins(coinsOf(100), 95, DUST)).toEqual({ type: 'change-is-dust', change: 5, dust: 10 })
    expect(chooseCoins(coinsOf(100), 100, DUST)).toHaveProperty('change', 0)
    expect(chooseCoins(coinsOf(100), 90, DUST)).toHaveProperty('change', 10)
  })

  it('where 64 coins do not hold what 65 would', () => {
    const coins = coinsOf(...new Array<number>(65).fill(100))
    expect(chooseCoins(coins, 6400, DUST)).toHaveProperty('inputs.length', 64)
    expect(chooseCoins(coins, 6401, DUST)).toEqual({ type: 'too-many-coins', atOnce: 6400, limit: 64 })
    expect(chooseCoins(coins, 6395, DUST)).toEqual({ type: 'too-many-coins', atOnce: 6400, limit: 64 })
    expect(chooseCoins(coins, 6500, DUST)).toEqual({ type: 'too-many-coins', atOnce: 6400, limit: 64 })
    expect(chooseCoins(coins, 6501, DUST)).toHaveProperty('type', 'too-little')
  })

  it('and no search without end: a thousand coins that cannot make the amount exactly', () => {
    const coins = coinsOf(...Array.from({ length: 1000 }, (_, i) => 2 * (1000 + i)))
    expect(chooseCoins(coins, 50_001, DUST)).toHaveProperty('inputs')
  })
})

describe('Required coins', () => {
  it('are enough by themselves where they hold the amount', () => {
    expect(chosen(coinsOf(5000), 3000, [coinOf(9, 3000)])).toEqual({ amounts: [3000], change: 0 })
    expect(chosen(coinsOf(5000), 2000, [coinOf(9, 3000)])).toEqual({ amounts: [3000], change: 1000 })
  })

  it('get others beside them where they do not', () => {
    expect(chosen(coinsOf(5000), 3500, [coinOf(9, 3000)])).toEqual({ amounts: [5000, 3000], change: 4500 })
    expect(chosen(coinsOf(5000), 2995, [coinOf(9, 3000)])).toEqual({ amounts: [5000, 3000], change: 5005 })
  })

  it('leave no slot for another where they are 64', () => {
    const required = Array.from({ length: 64 }, (_, i) => coinOf(100 + i, 10))
    expect(chooseCoins(coinsOf(5000), 640, DUST, required)).toHaveProperty('change', 0)
    expect(chooseCoins(coinsOf(5000), 641, DUST, required)).toEqual({
      type: 'too-many-coins',
      atOnce: 640,
      limit: 64,
    })
  })
})
