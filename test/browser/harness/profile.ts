import { chromium, type BrowserContext, type Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHROMIUM_ARGS, findChromium } from '../chromium.ts'

/** A Chromium on a profile that outlives it. */
export interface ProfileBrowser {
  readonly context: BrowserContext
  readonly page: Page
  /** Ends every process of the browser at once with SIGKILL: nothing is flushed, no page hears of it. */
  kill(): Promise<void>
}

/** A new, empty profile folder, and how to be rid of it. */
export async function newProfile(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-profile-'))
  // The storage service of a killed browser may let go of its files a moment later.
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}

/** Starts Chromium on a profile, new or left behind by a kill. The context has one page, not navigated yet. */
export async function openProfile(folder: string): Promise<ProfileBrowser> {
  const found = findChromium()
  if (found === undefined) throw new Error('no Chromium')
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: found.path,
    args: [...CHROMIUM_ARGS],
    headless: true,
    viewport: { width: 360, height: 740 },
  })
  const browser = context.browser()
  if (browser === null) throw new Error('a launched context has a browser')
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const main = processInfo.find((one) => one.type === 'browser')
  if (main === undefined) throw new Error('a running browser has a browser process')
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    context,
    page,
    kill: async () => {
      const gone = context.waitForEvent('close')
      killTree(main.id)
      await gone
    },
  }
}

/** Kills a browser and its helper processes. Playwright starts it as the leader of a process group of its own. */
function killTree(pid: number): void {
  if (process.platform === 'win32') process.kill(pid, 'SIGKILL')
  else process.kill(-pid, 'SIGKILL')
}
