/**
 * Which Chromium the browser tests run in, and with which switches. Imported by the Playwright configuration;
 * run as a program (`node test/browser/chromium.ts`) it also installs one where the machine has none.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { chromium } from '@playwright/test'

/** Where Chromium, Chrome or Edge lie on the systems we know of, the most likely first. */
const SYSTEM_PATHS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/usr/bin/microsoft-edge-stable',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Chromium', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]),
}

/** Asking a browser for its version takes a second; a slow disk may need more the first time. */
const VERSION_TIMEOUT_MS = 30_000

/** A browser is some 200 MB: minutes on a slow line, but a blocked download must not eat the test run. */
const DOWNLOAD_TIMEOUT_MS = 240_000
const APT_TIMEOUT_MS = 300_000

/**
 * Switches for every Chromium the tests start.
 *
 * Two `--disable-features` do not add up, the last one counts, so what Playwright switches off to keep the browser
 * from calling out is repeated here.
 */
export const CHROMIUM_ARGS: readonly string[] = [
  '--enable-features=WebBluetooth,WebBluetoothNewPermissionsBackend',
  `--disable-features=${[
    // Host candidates carry addresses: a test machine need not resolve mDNS names.
    'WebRtcHideLocalIpsWithMdns',
    'DestroyProfileOnBrowserClose',
    'HttpsUpgrades',
    'MediaRouter',
    'NetworkTimeServiceQuerying',
    'OptimizationHints',
    'PreconnectToSearch',
  ].join(',')}`,
  '--allow-loopback-in-peer-connection',
  '--disable-background-networking',
  '--disable-gpu',
  '--disable-quic',
  // Chromium refuses to start as root with its sandbox on, and containers run tests as root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** A Chromium that runs, and how it was come by. */
export interface FoundChromium {
  readonly path: string
  readonly from: 'CHROMIUM_PATH' | 'Playwright' | 'the system'
}

/** Whether a browser is there and starts. A file alone says little: shared libraries may be missing. */
function starts(path: string): boolean {
  if (!existsSync(path)) return false
  // Chrome for Windows opens a window when asked for its version.
  if (process.platform === 'win32') return true
  return spawnSync(path, ['--version'], { timeout: VERSION_TIMEOUT_MS, stdio: 'ignore' }).status === 0
}

/**
 * Looks for a Chromium, in this order: the path in `CHROMIUM_PATH`, the one Playwright downloads, the system's.
 * Returns `undefined` where none of them starts. Throws where `CHROMIUM_PATH` is set and names none: a wish that
 * cannot be met is not to be passed over in silence.
 */
export function findChromium(): FoundChromium | undefined {
  const wished = process.env['CHROMIUM_PATH']
  if (wished !== undefined && wished !== '') {
    if (starts(wished)) return { path: wished, from: 'CHROMIUM_PATH' }
    throw new Error(`CHROMIUM_PATH is ${wished}, and no browser starts from there. Correct it or unset it.`)
  }
  const playwrights = chromium.executablePath()
  if (starts(playwrights)) return { path: playwrights, from: 'Playwright' }
  const systems = SYSTEM_PATHS[process.platform]?.find(starts)
  return systems === undefined ? undefined : { path: systems, from: 'the system' }
}

/** Runs a program; true where it ended well within `timeoutMs`. Its words are shown only where it failed. */
function run(command: string, args: readonly string[], timeoutMs: number): boolean {
  console.log(`bootstrap: running ${[basename(command), ...args].join(' ')}`)
  const { status, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: timeoutMs,
  })
  if (status === 0) return true
  const said = stderr.split('\n').filter((line) => line.trim() !== '')
  console.log(`bootstrap: that failed. ${said.findLast((line) => /error/i.test(line)) ?? said.at(-1) ?? ''}`)
  return false
}

function downloadWithPlaywright(): boolean {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli')
  return run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], DOWNLOAD_TIMEOUT_MS)
}

function installWithApt(): boolean {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args: readonly string[]): boolean => {
    const [command = '', ...rest] = [
      ...asRoot,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      ...args,
    ]
    return run(command, rest, APT_TIMEOUT_MS)
  }
  // A stale package list is no reason to stop: the package may still be where it says.
  apt('update')
  return apt('install', '-y', '--no-install-recommends', 'chromium')
}

/**
 * Finds a Chromium or installs one: Playwright's own where it can be downloaded, else Debian's package. Throws an
 * error for people, which names what was tried and what to do.
 */
function ensureChromium(): FoundChromium {
  const present = findChromium()
  if (present !== undefined) return present
  console.log('bootstrap: no Chromium found, fetching one for the browser tests.')
  downloadWithPlaywright()
  const downloaded = findChromium()
  if (downloaded !== undefined) return downloaded
  const hasApt = existsSync('/usr/bin/apt-get')
  if (hasApt) installWithApt()
  const installed = findChromium()
  if (installed !== undefined) return installed
  throw new Error(
    [
      'No Chromium starts on this machine, so the browser tests cannot run. Tried, in this order:',
      '  - CHROMIUM_PATH, which is not set',
      `  - Playwright's own at ${chromium.executablePath()}`,
      `  - the system's: ${SYSTEM_PATHS[process.platform]?.join(', ') ?? 'no place known'}`,
      '  - npx playwright install chromium',
      hasApt ? '  - apt-get install chromium' : '  - apt-get, which is not here',
      'Install Chromium or Chrome yourself, or set CHROMIUM_PATH to one, and run this again.',
    ].join('\n'),
  )
}

if (import.meta.main) {
  try {
    const { path, from } = ensureChromium()
    console.log(`bootstrap: browser tests use ${path} (${from}).`)
  } catch (error) {
    console.error(error instanceof Error ? `bootstrap: ${error.message}` : error)
    process.exitCode = 1
  }
}
