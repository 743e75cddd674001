/** Runs the contracts of all stores on a real browser's IndexedDB. Bundled into a page by a browser test. */
import { deleteDB } from 'idb'
import {
  openBlockDatabase,
  openLedgerDatabase,
  openNoteDatabase,
  openPageDatabase,
} from '../../src/store/indexed-db.ts'
import type { ContractCase } from '../store/cases.ts'
import { blockStoreCases, lastingBlockStoreCases } from './block-store.ts'
import { eraseCases, lastingEraseCases } from './block-store-erase.ts'
import { lastingSinceCases, sinceCases } from './block-store-since.ts'
import { lastingLedgerStoreCases, ledgerStoreCases } from './ledger-store.ts'
import { lastingNoteStoreCases, noteStoreCases } from './note-store.ts'
import { lastingPageStoreCases, pageStoreCases } from './page-store.ts'

/** How one case went. */
export interface ContractResult {
  readonly name: string
  readonly ok: boolean
  readonly error?: string
}

async function runCases<Store>(
  store: string,
  cases: readonly ContractCase<Store>[],
  open: (name: string) => Promise<Store>,
): Promise<readonly ContractResult[]> {
  const results: ContractResult[] = []
  for (const { name: caseName, run } of cases) {
    const name = `${store} ${caseName}`
    // Databases of an earlier run go first; within a case the same name opens the same database.
    const fresh = new Set<string>()
    const openFresh = async (database: string) => {
      if (!fresh.has(database)) await deleteDB(database)
      fresh.add(database)
      return open(database)
    }
    try {
      await run(openFresh)
      results.push({ name, ok: true })
    } catch (error) {
      results.push({ name, ok: false, error: String(error) })
    }
  }
  return results
}

const BLOCK_STORE_CASES = [
  ...blockStoreCases,
  ...sinceCases,
  ...eraseCases,
  ...lastingBlockStoreCases,
  ...lastingSinceCases,
  ...lastingEraseCases,
]

/** Resolves once every case has run, and never rejects: the browser test waits for it by this name. */
const contractResults = Promise.all([
  runCases('the block store', BLOCK_STORE_CASES, openBlockDatabase),
  runCases('the note store', [...noteStoreCases, ...lastingNoteStoreCases], openNoteDatabase),
  runCases('the ledger store', [...ledgerStoreCases, ...lastingLedgerStoreCases], openLedgerDatabase),
  runCases('the page store', [...pageStoreCases, ...lastingPageStoreCases], openPageDatabase),
]).then((results) => results.flat())

Object.assign(globalThis, { contractResults })
