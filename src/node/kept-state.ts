import type { KeptState } from '../core/agreement.ts'
import { DIGESTS_MAX } from '../core/model/limits.ts'
import { COMMITS_PER_READ_MAX, type LedgerStore, type StoredLedger } from '../ports.ts'

type Recent = NonNullable<KeptState['recent']>

/**
 * What a node goes on from: what the newest commit left, and the newest commits, against whose digests it holds what
 * proposals name. `undefined` before the first commit. Throws `StoreError`.
 */
export async function loadKept(
  ledger: Pick<LedgerStore, 'load' | 'commitsAfter'>,
): Promise<(StoredLedger & KeptState) | undefined> {
  const kept = await ledger.load()
  return kept && { ...kept, recent: await recentCommits(ledger, kept.head.index) }
}

async function recentCommits(ledger: Pick<LedgerStore, 'commitsAfter'>, newest: number): Promise<Recent> {
  const recent: Recent[number][] = []
  let after = Math.max(0, newest - DIGESTS_MAX)
  while (after < newest) {
    const read = await ledger.commitsAfter(after, COMMITS_PER_READ_MAX)
    for (const { index, digest } of read) recent.push({ index, digest })
    after = read.at(-1)?.index ?? newest
  }
  return recent
}
