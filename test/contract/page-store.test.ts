import 'fake-indexeddb/auto'
import { openPageDatabase } from '../../src/store/indexed-db.ts'
import { memoryPageStore } from '../../src/store/memory.ts'
import { describeContract } from '../store/run-cases.ts'
import { lastingPageStoreCases, pageStoreCases } from './page-store.ts'

describeContract('the page store in memory', pageStoreCases, async () => memoryPageStore())

// fake-indexeddb stands in for the browser here; in-browser.ts runs the same cases on the real one.
describeContract(
  'the page store on IndexedDB (stand-in)',
  [...pageStoreCases, ...lastingPageStoreCases],
  openPageDatabase,
)
