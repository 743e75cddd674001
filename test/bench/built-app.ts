/** The app as it is shipped, built once a run into a folder of its own, and what its pages say of themselves. */
import type { BrowserContext } from '@playwright/test'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT } from '../browser/harness/process.ts'

declare global {
  /** When the first thing was on the screen, in milliseconds from the start of the navigation. */
  var firstScreenMs: number | undefined
}

let built: Promise<string> | undefined

/** The folder of the production build, with source maps beside the scripts. It goes when the process does. */
export function builtApp(): Promise<string> {
  built ??= buildApp()
  return built
}

async function buildApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-app-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build({
    root: ROOT,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, sourcemap: 'hidden' },
  })
  return folder
}

/** Has every page of a context say when its first screen works: when it shows a thing with what is known of it. */
export async function watchFirstScreen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('[data-testid="thing-card"]') === null) return
      observer.disconnect()
      // what was changed in this frame is on the screen in the next
      requestAnimationFrame(() => setTimeout(() => (globalThis.firstScreenMs = performance.now())))
    })
    observer.observe(document, { childList: true, subtree: true })
  })
}
