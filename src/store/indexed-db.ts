/** The stores on IndexedDB, for page and worker: for each network blocks, ledger and pages, and one database of notes. */
export { openBlockDatabase } from './block-database.ts'
export { openLedgerDatabase } from './ledger-database.ts'
export { openNoteDatabase } from './note-database.ts'
export { openPageDatabase } from './page-database.ts'
