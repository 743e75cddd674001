/** The nonce search in Chromium: each build on one thread, a library, the app's pool with one worker and with two, and C. */
import type { Browser, CDPSession, Page } from '@playwright/test'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { servePage, type ServedModule } from '../browser/harness/bundle.ts'
import { ROOT } from '../browser/harness/process.ts'
import { KERNEL_BUILDS, type KernelBuild } from '../../src/mining/search.ts'
import { ratios, type Figure } from './figure.ts'
import { compileNative } from './mining-native.ts'
import type { Mined } from './mining-page.ts'
import type { Found } from './runner.ts'

const ROUNDS = 7

/** A turn of each contender: long against the hundredths of a second that a process's time is counted in. */
const TURN_MS = 800

/** Of C, some tenths of a second: it counts finer. */
const NATIVE_NONCES = 24_000_000

const ONE_WORKER_GOAL = 0.42
const TWO_WORKERS_GOAL = 1.8

declare global {
  /** These are set by the page. */
  var mineInWorkers: (workers: number, ms: number) => Promise<Mined>
  var mineHere: (build: KernelBuild, ms: number) => Promise<Mined | undefined>
  var mineByHashWasm: (ms: number) => Promise<Mined>
}

/** Hashes a second of a turn: of the clock, and of the processor, which does not depend on who else wants it. */
interface Turn {
  readonly rate: number
  readonly cpuRate: number
}

type Contender = () => Promise<Turn | undefined>

/** Millions of tries a second, what one worker does to the library and to C, and two to one. */
export async function benchMiningInBrowser(browser: Browser): Promise<Found> {
  const native = await compileNative()
  const served = await serveMining()
  // the harness forbids pages to start workers, which this one is for
  const context = await browser.newContext({ bypassCSP: true })
  try {
    const page = await context.newPage()
    await page.goto(served.url, { waitUntil: 'load' })
    const contenders = contendersOf(page, await browser.newBrowserCDPSession())
    if (native !== undefined)
      contenders.set('C', async () => {
        const rate = (1000 * NATIVE_NONCES) / (await native.search(NATIVE_NONCES, 0)).cpuMs
        return { rate, cpuRate: rate }
      })
    const turns = new Map([...contenders.keys()].map((name): [string, Turn[]] => [name, []]))
    for (let round = 0; round <= ROUNDS; round++)
      for (const [name, run] of contenders) {
        const turn = await run()
        if (round > 0 && turn !== undefined) turns.get(name)?.push(turn) // the first is compiled meanwhile
      }
    return { figures: figuresOf(turns) }
  } finally {
    await context.close()
    await served.close()
    await native?.close()
  }
}

function contendersOf(page: Page, session: CDPSession): Map<string, Contender> {
  const timed = (run: () => Promise<Mined | undefined>) => async () => {
    const before = await rendererSeconds(session)
    const mined = await run()
    const seconds = (await rendererSeconds(session)) - before
    return mined && { rate: (1000 * mined.hashes) / mined.ms, cpuRate: mined.hashes / seconds }
  }
  const inWorkers = (count: number) =>
    timed(() => page.evaluate(([n, ms]) => globalThis.mineInWorkers(n, ms), [count, TURN_MS] as const))
  const contenders = new Map<string, Contender>()
  for (const kernel of KERNEL_BUILDS)
    contenders.set(
      kernel,
      timed(() => page.evaluate(([name, ms]) => globalThis.mineHere(name, ms), [kernel, TURN_MS] as const)),
    )
  const byHashWasm = timed(() => page.evaluate((ms) => globalThis.mineByHashWasm(ms), TURN_MS))
  contenders.set('hash-wasm', byHashWasm)
  return contenders.set('one worker', inWorkers(1)).set('two workers', inWorkers(2))
}

/** Processor time of all pages so far. */
async function rendererSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { type, cpuTime }) => (type === 'renderer' ? sum + cpuTime : sum), 0)
}

function figuresOf(turns: ReadonlyMap<string, readonly Turn[]>): readonly Figure[] {
  const of = (name: string, kind: keyof Turn) => (turns.get(name) ?? []).map((turn) => turn[kind])
  const better = 'more'
  const figures: Figure[] = []
  for (const [name, { length }] of turns)
    if (length > 0)
      figures.push({ name, unit: 'MH/s', better, rounds: of(name, 'cpuRate').map((rate) => rate / 1e6) })
  const toHashWasm = ratios(of('one worker', 'cpuRate'), of('hash-wasm', 'cpuRate'))
  figures.push({ name: 'one worker, to hash-wasm', unit: 'times', better, rounds: toHashWasm })
  const native = of('C', 'cpuRate')
  if (native.length > 0) {
    const rounds = ratios(of('one worker', 'cpuRate'), native)
    figures.push({ name: 'one worker, to C', unit: 'times', better, rounds, goal: ONE_WORKER_GOAL })
  }
  const rounds = ratios(of('two workers', 'rate'), of('one worker', 'rate'))
  figures.push({ name: 'two workers, to one', unit: 'times', better, rounds, goal: TWO_WORKERS_GOAL })
  return figures
}

/** A page with workers and kernels as files of their own, as the app has them. */
async function serveMining(): Promise<ServedModule> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-mining-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    publicDir: false,
    worker: { format: 'es' },
    build: {
      target: 'es2024',
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: join(ROOT, 'test/bench/mining-page.ts'),
        output: { entryFileNames: 'module.js' },
      },
    },
  })
  return servePage(folder)
}
