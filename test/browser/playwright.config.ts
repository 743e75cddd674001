import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'

const found = findChromium()
if (found === undefined) throw new Error('No Chromium here. "npm test" installs one; or set CHROMIUM_PATH.')

/**
 * The browser tests: the production build under the production headers. Each test starts the server processes it
 * needs on free ports, so that it may stop or kill them; hence no `webServer` here. One worker, because each test
 * runs several peers that mine.
 */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    headless: true,
    viewport: { width: 360, height: 740 },
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: found.path, args: [...CHROMIUM_ARGS] },
  },
})
