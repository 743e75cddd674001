import { build } from 'vite'
import { fileURLToPath } from 'node:url'
import type { PageClient } from './client-in-page.ts'

declare global {
  /** A client of the peer, in every page `Stage` opens. */
  var weftTest: PageClient
}

let bundled: Promise<string> | undefined

/** The init script that puts `weftTest` on a page. Bundled once a process. */
export function clientScript(): Promise<string> {
  bundled ??= bundle(fileURLToPath(new URL('./client-in-page.ts', import.meta.url)))
  return bundled
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'weftTestBundle' } },
  })
  const output = Array.isArray(result) ? result[0] : result
  if (output === undefined || !('output' in output))
    throw new Error('a build that writes nothing returns its output')
  return output.output[0].code
}
