import type { BrowserContext } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type {} from './history-page.ts' // names `makeHistory`

const HISTORY_PAGE = fileURLToPath(new URL('./history-page.ts', import.meta.url))

/**
 * Gives the device that a context is a thing with `count` blocks in commits, in a network of its own, before the app is
 * opened there. The thing is read each second.
 *
 * @param url of the app
 * @returns the invitation to the network
 */
export async function fillDevice(
  context: BrowserContext,
  url: string,
  count: number,
  readingsPerBlock = 5,
): Promise<string> {
  const page = await context.newPage()
  await page.addInitScript({ content: await bundledScript(HISTORY_PAGE) })
  await page.goto(new URL('relay.json', url).href) // of the origin, and not the app
  const invitation = await page.evaluate(([blocks, size]) => globalThis.makeHistory(blocks, size), [
    count,
    readingsPerBlock,
  ] as const)
  await page.evaluate(() => localStorage.setItem('weft.welcomed', 'yes'))
  await page.close()
  return invitation
}

/** A module and all it imports as one script for `addInitScript`; made once. @param entry the module's path */
export function bundledScript(entry: string): Promise<string> {
  const found = bundled.get(entry) ?? bundle(entry)
  bundled.set(entry, found)
  return found
}

const bundled = new Map<string, Promise<string>>()

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'benchPage' } },
  })
  const output = Array.isArray(result) ? result[0] : result
  if (output === undefined || !('output' in output))
    throw new Error('a build that writes nothing returns its output')
  return output.output[0].code
}
