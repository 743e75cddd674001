import 'fake-indexeddb/auto'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { createMemoryBlockStore } from '../../src/store/memory.ts'
import { describeContract } from '../store/run-cases.ts'
import { blockStoreCases, lastingBlockStoreCases } from './block-store.ts'

describeContract('the block store in memory', blockStoreCases, async () => createMemoryBlockStore())

// fake-indexeddb stands in for the browser here; in-browser.ts runs the same cases on the real one.
describeContract(
  'the block store on IndexedDB (stand-in)',
  [...blockStoreCases, ...lastingBlockStoreCases],
  (name) => openBlockDatabase(name),
)
