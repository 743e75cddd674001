/**
 * `node test/screens/manifest.ts`: the pictures that a browser shows when it offers to install Weft, taken from the app
 * into `public`. Their sizes are in the manifest in vite.config.ts.
 */
import { chromium } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { builtApp } from '../bench/built-app.ts'
import { newDevice, tabOf } from '../bench/device.ts'
import { CHROMIUM_ARGS, findChromium } from '../browser/chromium.ts'
import { startAppServer } from '../browser/harness/server.ts'
import { STATES } from './states.ts'

const PICTURES = [
  { name: 'screen-narrow.png', width: 360, height: 740, opensThing: false },
  { name: 'screen-wide.png', width: 1280, height: 800, opensThing: true },
]

const found = findChromium()
if (found === undefined) throw new Error('No Chromium here: run "npm test" once, or set CHROMIUM_PATH.')
const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] })
const app = await startAppServer({ folder: await builtApp() })
try {
  const page = await tabOf(await newDevice(browser), app.url)
  await STATES['usual']?.(page)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  for (const { name, width, height, opensThing } of PICTURES) {
    await page.setViewportSize({ width, height })
    await page.getByTestId('nav-things').click()
    if (opensThing) {
      await page.getByTestId('thing-card').first().getByRole('link').first().click()
      await page.getByTestId('thing-chart').locator('canvas').waitFor()
    }
    await page.screenshot({ path: fileURLToPath(new URL(`../../public/${name}`, import.meta.url)) })
  }
} finally {
  await app.stop()
  await browser.close()
}
