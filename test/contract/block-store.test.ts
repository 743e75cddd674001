import 'fake-indexeddb/auto'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { createMemoryBlockStore } from '../../src/store/memory.ts'
import { describeContract } from '../store/run-cases.ts'
import { blockStoreCases, lastingBlockStoreCases } from './block-store.ts'
import { eraseCases, lastingEraseCases } from './block-store-erase.ts'
import { lastingSinceCases, sinceCases } from './block-store-since.ts'

const CASES = [...blockStoreCases, ...sinceCases, ...eraseCases]

describeContract('the block store in memory', CASES, async () => createMemoryBlockStore())

// fake-indexeddb stands in for the browser here; in-browser.ts runs the same cases on the real one.
describeContract(
  'the block store on IndexedDB (stand-in)',
  [...CASES, ...lastingBlockStoreCases, ...lastingSinceCases, ...lastingEraseCases],
  (name) => openBlockDatabase(name),
)
