/** The stores on IndexedDB, for page and worker: two databases for each network, blocks and ledger, and one for notes. */
export { openBlockDatabase } from './block-database.ts'
export { openLedgerDatabase } from './ledger-database.ts'
export { openNoteDatabase } from './note-database.ts'
