/** How long a payment takes to be final, on the simulator's clock: the same on every machine. Runs in Node. */
import { measureLatency } from '../sim/latency.ts'
import type { Found } from './runner.ts'

/** Links of 20–80 ms, all as likely. See `calm` of the simulator. */
const LINK_MS = 50

/** Four validators and a device that pays: with all of them there, and with one away. Nobody waits for work. */
export async function benchCommitLatency(): Promise<Found> {
  const all = measureLatency({ miningMs: 0, proposalMiningMs: 0, offline: 0 })
  const oneAway = measureLatency({ miningMs: 0, proposalMiningMs: 0, offline: 1 })
  const delays = (name: string, ms: number) =>
    ({ name, unit: 'times', better: 'less', isExact: true, rounds: [ms / LINK_MS] }) as const
  return {
    rows: { '4 of 4 validators': all, '3 of 4 validators': oneAway },
    figures: [
      delays('issue to commit, in delays of a link', all.total),
      delays('the same, one validator away', oneAway.total),
      delays('the slowest tenth', all.slowTenth),
    ],
  }
}
