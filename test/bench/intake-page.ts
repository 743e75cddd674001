/** Measures a node's intake over a real browser's IndexedDB. Bundled into a page by the bench runner. */
import { benchIntake } from './intake.ts'
import { openPageStores } from './page-stores.ts'

const runIntakeBench = (count: number) => benchIntake(openPageStores, count)

Object.assign(globalThis, { runIntakeBench })
