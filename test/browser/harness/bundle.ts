import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT } from './process.ts'
import { serveFolder } from './static.ts'

/** A page that runs one of our own modules in a browser. */
export interface ServedModule {
  readonly url: string
  close(): Promise<void>
}

/** Bundles `entry` (a path from the repository's root) and serves a page that runs it. */
export async function serveModule(entry: string): Promise<ServedModule> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-page-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    publicDir: false,
    base: './',
    build: {
      outDir: folder,
      emptyOutDir: true,
      // as in the app: a worker goes by the policy it is served with, which knows no data: addresses
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: { input: join(ROOT, entry), output: { entryFileNames: 'module.js' } },
    },
    worker: { format: 'es' },
  })
  return servePage(folder)
}

/** Serves a page that runs the `module.js` of a folder; on closing, the folder goes. */
export async function servePage(folder: string): Promise<ServedModule> {
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><html lang="en"><title>Weft</title><script type="module" src="module.js"></script></html>',
  )
  const server = await serveFolder(folder)
  return {
    url: server.url,
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
