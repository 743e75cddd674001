/** Measures a node's intake over a real browser's IndexedDB. Bundled into a page by the bench runner. */
import { deleteDB } from 'idb'
import { openBlockDatabase, openLedgerDatabase } from '../../src/store/indexed-db.ts'
import { benchIntake, type IntakeBench } from './intake.ts'

async function runIntakeBench(count: number): Promise<IntakeBench> {
  return benchIntake(async (name) => {
    const names = [name, `${name}-ledger`] as const
    for (const each of names) await deleteDB(each)
    const [blocks, ledger] = [await openBlockDatabase(names[0]), await openLedgerDatabase(names[1])]
    const close = async () => {
      for (const each of names) await deleteDB(each)
    }
    return { blocks, ledger, close }
  }, count)
}

Object.assign(globalThis, { runIntakeBench })
