/** Pages in a file, as a browser has them in a database: what a node has of them in memory is then its own. Runs in Node. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { PageStore } from '../../src/ports.ts'

/** An empty store in a folder of its own, which goes with `close`. */
export async function openFilePages(): Promise<PageStore> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-pages-'))
  const database = new DatabaseSync(join(folder, 'pages'))
  database.exec('PRAGMA synchronous = OFF')
  database.exec('CREATE TABLE pages (key TEXT PRIMARY KEY, page BLOB NOT NULL) WITHOUT ROWID')
  const select = database.prepare('SELECT page FROM pages WHERE key = ?')
  const between = database.prepare(
    'SELECT key, page FROM pages WHERE key >= ? AND key < ? ORDER BY key LIMIT ?',
  )
  const write = database.prepare('INSERT OR REPLACE INTO pages VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM pages WHERE key = ?')
  return {
    get: async (keys) => keys.map((key) => pageOf(select.get(key)?.['page'])),
    range: async (from, before, count) =>
      between.all(from, before, count).flatMap(({ key, page }) => {
        const bytes = pageOf(page)
        return bytes === undefined ? [] : [[String(key), bytes] as const]
      }),
    async put(entries) {
      database.exec('BEGIN')
      for (const [key, page] of entries)
        if (page === undefined) remove.run(key)
        else write.run(key, page)
      database.exec('COMMIT')
    },
    async clear() {
      database.exec('DELETE FROM pages')
    },
    async close() {
      database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function pageOf(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}
