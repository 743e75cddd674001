import 'fake-indexeddb/auto'
import { openLedgerDatabase } from '../../src/store/indexed-db.ts'
import { createMemoryLedgerStore } from '../../src/store/memory.ts'
import { reopeningLedgerStore } from '../../src/store/reopening.ts'
import { describeContract } from '../store/run-cases.ts'
import { lastingLedgerStoreCases, ledgerStoreCases } from './ledger-store.ts'

const ALL = [...ledgerStoreCases, ...lastingLedgerStoreCases]

describeContract('the ledger store in memory', ledgerStoreCases, async () => createMemoryLedgerStore())

// fake-indexeddb stands in for the browser here; in-browser.ts runs the same cases on the real one.
describeContract('the ledger store on IndexedDB (stand-in)', ALL, openLedgerDatabase)

describeContract('the ledger store that is opened anew (stand-in)', ALL, (name) =>
  reopeningLedgerStore(() => openLedgerDatabase(`reopening-${name}`)),
)
