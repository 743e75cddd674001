/**
 * The browser's own Web Serial on a line that is no stand-in: a pseudo-terminal in the place of a serial port, for this
 * browser alone. Runs where a machine can do that and is skipped elsewhere, with what is missing.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'
import { serveModule } from './harness/bundle.ts'

/** The port that is taken over: Chromium lists what the kernel knows as a serial port, which a pseudo-terminal is not. */
const PORT = '/dev/ttyS0'

/** Where Chromium looks for what whoever owns the machine allows. Others look elsewhere. */
const POLICIES = '/etc/chromium'

/** 22.4 knots. */
const RMC = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n'

/** What is used of `navigator`, which the compiler's libraries do not name. */
interface WithSerial {
  readonly serial: { getPorts(): Promise<readonly unknown[]> }
}

/** What keeps this machine from it; `undefined` if nothing does. */
function missing(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux can put a pseudo-terminal in the place of a port'
  if (process.getuid?.() !== 0) return 'only root may mount one thing over another'
  if (!existsSync(PORT)) return `there is no ${PORT}`
  if (!existsSync(POLICIES))
    return `there is no ${POLICIES}, so no way to allow a page the port without its chooser`
  for (const tool of ['unshare', 'script', 'stty', 'mount', 'stat']) {
    if (spawnSync(tool, ['--version']).error !== undefined) return `there is no ${tool}`
  }
  // Containers often let root mount nothing, not even for itself.
  return spawnSync('unshare', ['-m', 'true']).status === 0
    ? undefined
    : 'root has no mounts of its own here (unshare -m)'
}

/** A pseudo-terminal: what is written to the process comes out of `path`. */
async function openLine(): Promise<{ path: string; process: ChildProcessWithoutNullStreams }> {
  const line = spawn('script', ['-qec', 'tty; stty raw -echo; exec sleep infinity', '/dev/null'])
  const [said] = (await once(line.stdout, 'data')) as [Buffer]
  return { path: said.toString().trim(), process: line }
}

/**
 * Writes a program that starts `browser` with a terminal in the place of the port, which `page` may use. Both mounts are seen by the browser
 * alone; it does not start where the port is not the terminal (major number 136, 88 in hexadecimal) after all.
 */
async function writeLauncher(
  folder: string,
  browser: string,
  terminal: string,
  page: string,
): Promise<string> {
  const policy = { SerialAllowAllPortsForUrls: [new URL(page).origin] }
  await writeFile(join(folder, 'weft.json'), JSON.stringify(policy))
  await writeFile(
    join(folder, 'inside.sh'),
    `set -e
mount --bind '${terminal}' ${PORT}
[ "$(stat -L -c %t ${PORT})" = 88 ]
mount -t tmpfs tmpfs ${POLICIES}
mkdir -p ${POLICIES}/policies/managed
cp '${folder}/weft.json' ${POLICIES}/policies/managed/
exec '${browser}' "$@"
`,
  )
  const launcher = join(folder, 'browser.sh')
  const start = `exec unshare -m --propagation private sh '${folder}/inside.sh' "$@"`
  await writeFile(launcher, `#!/bin/sh\n${start}\n`, { mode: 0o755 })
  return launcher
}

test('a receiver on a pseudo-terminal is heard, and lost when its line hangs up', async () => {
  const found = findChromium()
  const reason = missing()
  test.skip(reason !== undefined, reason)
  const folder = await mkdtemp(join(tmpdir(), 'weft-pty-'))
  const line = await openLine()
  const served = await serveModule('test/browser/harness/page/serial.ts')
  const browser = await chromium.launch({
    executablePath: await writeLauncher(folder, found?.path ?? '', line.path, served.url),
    args: [...CHROMIUM_ARGS],
  })
  try {
    const page = await browser.newPage()
    // The list to choose from is the one thing that a browser without a screen has not got.
    await page.addInitScript(() => {
      const { serial } = navigator as unknown as WithSerial
      Object.assign(serial, { requestPort: async () => (await serial.getPorts())[0] })
    })
    await page.goto(served.url)
    const ports = await page.evaluate(() => (navigator as unknown as WithSerial).serial.getPorts())
    test.skip(ports.length === 0, `this browser does not go by ${POLICIES}, or does not know ${PORT}`)
    await page.getByRole('button', { name: 'gps' }).click()
    await expect(async () => {
      line.process.stdin.write(RMC)
      expect(await page.evaluate(() => serialSeen.state)).toBe('live')
    }).toPass()
    for (const part of [RMC.slice(0, 20), RMC.slice(20)]) line.process.stdin.write(part)
    const speeds = () =>
      page.evaluate(() =>
        serialSeen.readings.filter(({ quantity }) => quantity === 'speed').map(({ value }) => value),
      )
    await expect.poll(async () => (await speeds()).at(-1)).toBeCloseTo((22.4 * 1852) / 3600, 6)
    expect(await page.evaluate(() => serialSeen.malformed)).toBe(0)

    line.process.kill()
    await expect.poll(() => page.evaluate(() => serialSeen.state)).toBe('lost')
  } finally {
    line.process.kill()
    await browser.close()
    await served.close()
    await rm(folder, { recursive: true, force: true })
  }
})
