import { encodeDidKey } from '../core/codec/did-key.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import { outputOf, type NamedOutput, type TransactionId } from '../core/model/transaction.ts'
import type { Coin } from '../wallet/coins.ts'
import { balanceOf, changeOf, type Holdings } from '../wallet/holdings.ts'
import { readMemo } from '../wallet/memo.ts'
import { PARTS_MAX, type BalanceExplained, type BalancePart, type BalanceParts } from './api.ts'
import type { Session } from './session.ts'
import { memoWords } from './wallet-view.ts'

/** Entries of the history looked through for where outputs come from: some tens of milliseconds of reading. */
const ENTRIES_MAX = 2000

/** Entries read at once. */
const ENTRIES_PER_READ = 100

/** What is told of a transaction that made outputs. */
type Origin = Pick<HistoryEntry, 'atMs' | 'memo' | 'spent'>

/** The outputs behind the balance of this device. Throws `StoreError`. */
export async function explainBalance(device: PublicKey, session: Session): Promise<BalanceExplained> {
  const { payments, network } = session
  const holdings = payments.holdings()
  const shown = {
    spendable: shownOf(holdings.spendable),
    leaving: shownOf(holdings.leaving.map((output) => ({ output }))),
    locked: shownOf(holdings.locked.map((output) => ({ output }))),
    refundable: shownOf(holdings.refundable.map((output) => ({ output }))),
  }
  const committed = Object.values(shown).flatMap(({ listed }) => listed.filter((coin) => !coin.pendingIn))
  const origins = await originsOf(new Set(committed.map(({ output }) => makerOf(output))), session)
  const explain = ({ listed, rest }: Shown): BalanceParts => ({
    listed: listed.map((coin) => partOf(coin, device, network, origins.get(makerOf(coin.output)))),
    rest,
  })
  return {
    balance: balanceOf(holdings),
    change: changeOf(holdings),
    parts: {
      spendable: explain(shown.spendable),
      leaving: explain(shown.leaving),
      locked: explain(shown.locked),
      refundable: explain(shown.refundable),
    },
  }
}

interface Shown {
  readonly listed: readonly Coin[]
  readonly rest: BalanceParts['rest']
}

/** The largest, and the rest of them summed. */
function shownOf(coins: Holdings['spendable']): Shown {
  const largestFirst = [...coins].sort((a, b) => b.output[1].amount - a.output[1].amount)
  const rest = largestFirst.slice(PARTS_MAX)
  const amount = rest.reduce((sum, { output: [, output] }) => sum + output.amount, 0)
  return { listed: largestFirst.slice(0, PARTS_MAX), rest: { count: rest.length, amount } }
}

/** What the history says of these transactions, as far back as it is looked through. */
async function originsOf(
  wanted: ReadonlySet<TransactionId>,
  { payments }: Session,
): Promise<ReadonlyMap<TransactionId, Origin>> {
  const found = new Map<TransactionId, Origin>()
  let last: HistoryEntry | undefined
  for (let looked = 0; looked < ENTRIES_MAX && found.size < wanted.size; looked += ENTRIES_PER_READ) {
    const read = await payments.entries(ENTRIES_PER_READ, last)
    for (const entry of read) if (wanted.has(entry.transaction)) found.set(entry.transaction, entry)
    last = read.at(-1)
    if (read.length < ENTRIES_PER_READ) break
  }
  return found
}

function partOf(
  { output: [id, output], pendingIn }: Coin,
  device: PublicKey,
  { id: network, genesis }: Session['network'],
  origin: Origin | undefined,
): BalancePart {
  const { amount, owner, notBeforeMs, hashlock, expiry } = output
  const isFirst = outputOf(id).transaction === (network as string)
  const atMs = isFirst ? genesis.createdAtMs : origin?.atMs
  const payers = (origin?.spent ?? []).map(([, spent]) => spent.owner)
  const others = [...new Set(owner === device ? payers : [owner])].filter((key) => key !== device)
  return {
    id,
    amount,
    who: others.map(encodeDidKey),
    memo: origin ? memoWords(readMemo(origin.memo)) : '',
    ...(pendingIn !== undefined && { pending: true }),
    ...(atMs !== undefined && pendingIn === undefined && { atMs }),
    ...(isFirst && { first: true }),
    ...(notBeforeMs !== undefined && { notBeforeMs }),
    ...(hashlock !== undefined && { hashlocked: true }),
    ...(expiry !== undefined && { expiresAtMs: expiry.atMs }),
  }
}

function makerOf([id]: NamedOutput): TransactionId {
  return outputOf(id).transaction
}
