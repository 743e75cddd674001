import 'fake-indexeddb/auto'
import { openNoteDatabase } from '../../src/store/indexed-db.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { describeContract } from '../store/run-cases.ts'
import { lastingNoteStoreCases, noteStoreCases } from './note-store.ts'

describeContract('the note store in memory', noteStoreCases, async () => createMemoryNoteStore())

// fake-indexeddb stands in for the browser here; in-browser.ts runs the same cases on the real one.
describeContract(
  'the note store on IndexedDB (stand-in)',
  [...noteStoreCases, ...lastingNoteStoreCases],
  openNoteDatabase,
)
