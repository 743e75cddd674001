/** The stores on IndexedDB, for page and worker: one database for each network's blocks, and one for notes. */
export { openBlockDatabase } from './block-database.ts'
export { openNoteDatabase } from './note-database.ts'
