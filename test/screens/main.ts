/**
 * `npm run screens`: pictures of every screen, empty, usual and crowded, at 360 and 1280 pixels, in light and dark
 * colours, and a page that shows them side by side. For people to look at: nothing here judges.
 */
import { chromium, type Browser, type Page } from '@playwright/test'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtApp } from '../bench/built-app.ts'
import { newDevice, tabOf } from '../bench/device.ts'
import { CHROMIUM_ARGS, findChromium } from '../browser/chromium.ts'
import { startAppServer } from '../browser/harness/server.ts'
import { SCENES } from './scenes.ts'
import { STATES } from './states.ts'

/** Git does not see it. */
const FOLDER = fileURLToPath(new URL('../../test-results/screens/', import.meta.url))

const WIDTHS = [360, 1280]
const HEIGHT = 800

/** A list of a thousand things looks like one of forty. */
const HEIGHT_MAX = 4000
const SCHEMES = ['light', 'dark'] as const

await rm(FOLDER, { recursive: true, force: true })
await mkdir(FOLDER, { recursive: true })
const found = findChromium()
if (found === undefined) throw new Error('No Chromium here: run "npm test" once, or set CHROMIUM_PATH.')
const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] })
const app = await startAppServer({ folder: await builtApp() })
try {
  const pictures = await takeAll(browser, app.url)
  await writeFile(join(FOLDER, 'index.html'), sheetOf(pictures))
  console.log(
    `${pictures.length} pictures; ${relative(process.cwd(), join(FOLDER, 'index.html'))} shows them all.`,
  )
} finally {
  await app.stop()
  await browser.close()
}

/** The names of the files it wrote. */
async function takeAll(browser: Browser, url: string): Promise<readonly string[]> {
  const pictures: string[] = []
  for (const [state, prepare] of Object.entries(STATES)) {
    const context = await newDevice(browser)
    const page = await tabOf(context, url)
    await prepare(page)
    console.log(`${state}: ready`)
    for (const width of WIDTHS)
      for (const colorScheme of SCHEMES) {
        await page.setViewportSize({ width, height: HEIGHT })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        for (const [scene, open] of Object.entries(SCENES)) {
          const name = `${scene}-${state}-${width}-${colorScheme}.png`
          if (await shown(page, open)) pictures.push(await picture(page, name))
        }
      }
    await context.close()
  }
  return pictures
}

/** Opens one scene from the home screen on. False where this state has no such scene. */
async function shown(page: Page, open: (page: Page) => Promise<boolean>): Promise<boolean> {
  await page.keyboard.press('Escape')
  await page.getByTestId('nav-things').click()
  return open(page)
}

async function picture(page: Page, name: string): Promise<string> {
  await page.evaluate(() => document.fonts.ready)
  // as tall as the screen it shows: the bar at the bottom would be in the middle of a picture of the whole page
  const width = page.viewportSize()?.width ?? 0
  const tall = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.max(HEIGHT, Math.min(tall, HEIGHT_MAX)) })
  await page.screenshot({ path: join(FOLDER, name) })
  await page.setViewportSize({ width, height: HEIGHT })
  return name
}

function sheetOf(pictures: readonly string[]): string {
  const figures = pictures.map(
    (name) =>
      `<figure><figcaption>${name}</figcaption><a href="${name}"><img loading="lazy" src="${name}" alt=""></a></figure>`,
  )
  const style =
    'body{display:flex;flex-wrap:wrap;gap:16px;font:12px sans-serif}img{max-width:420px;border:1px solid}'
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${figures.join('\n')}`
}
