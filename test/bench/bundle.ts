/**
 * What a new visitor loads before the first screen works, as compressed as a server can send it, and what is in it.
 * Production build and headers, Chromium with nothing cached.
 */
import type { Browser } from '@playwright/test'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { answerer, readSite } from '../../src/gateway/files.ts'
import { serveHttp } from '../../src/gateway/serve.ts'
import { builtApp, watchFirstScreen } from './built-app.ts'
import type { Found } from './runner.ts'
import { charactersBySource } from './source-map.ts'

const GZIP_BYTES_MAX = 300_000

/** Of all that is loaded; what is less is shown together. */
const SHARE_SHOWN_MIN = 0.01

/** A file that was loaded. */
interface Loaded {
  readonly name: string
  readonly bytes: number
  readonly gzipBytes: number
  /** The same by package or room; a source has its share of the characters. */
  readonly parts: ReadonlyMap<string, number>
}

/** Bytes before the first screen, by file and by what they come from. */
export async function benchBundle(browser: Browser): Promise<Found> {
  const folder = await builtApp()
  const files = await Promise.all((await loadedFiles(browser, folder)).map((name) => measured(folder, name)))
  const bytes = sum(files.map((file) => file.bytes))
  const gzipBytes = sum(files.map((file) => file.gzipBytes))
  const byFile = files.map((file) => ({ what: file.name, kB: kB(file.bytes), 'gzip kB': kB(file.gzipBytes) }))
  return {
    rows: [
      ...byFile.sort((a, b) => b['gzip kB'] - a['gzip kB']),
      ...byPart(files, gzipBytes).map(([part, size]) => ({ what: `  of it ${part}`, 'gzip kB': kB(size) })),
    ],
    figures: [
      {
        name: 'gzip',
        unit: 'kB',
        better: 'less',
        isExact: true,
        goal: kB(GZIP_BYTES_MAX),
        rounds: [kB(gzipBytes)],
      },
      {
        name: 'gzip, of what is allowed',
        unit: 'share',
        better: 'less',
        isExact: true,
        rounds: [gzipBytes / GZIP_BYTES_MAX],
      },
      { name: 'without gzip', unit: 'kB', better: 'less', isExact: true, rounds: [kB(bytes)] },
    ],
  }
}

/** Paths under `folder` of what was asked for until the first screen worked. */
async function loadedFiles(browser: Browser, folder: string): Promise<readonly string[]> {
  /** When each path was asked for, Unix milliseconds. */
  const asked = new Map<string, number>()
  const answer = answerer(await readSite(folder), () => [])
  const serving = await serveHttp(
    (request, response) => {
      const path = request.url === '/' ? '/index.html' : (request.url ?? '')
      if (!asked.has(path)) asked.set(path, performance.timeOrigin + performance.now())
      answer(request, response)
    },
    { host: '127.0.0.1', port: 0, portChosen: true },
  )
  // what it keeps for later comes after the first screen, and would be counted with it
  const context = await browser.newContext({ serviceWorkers: 'block' })
  try {
    await watchFirstScreen(context)
    const page = await context.newPage()
    await page.goto(`http://localhost:${serving.port}/`)
    const shown = await page.waitForFunction(
      () => globalThis.firstScreenMs && performance.timeOrigin + globalThis.firstScreenMs,
    )
    const shownAtMs = Number(await shown.jsonValue())
    return [...asked]
      .filter(([, atMs]) => atMs <= shownAtMs)
      .map(([path]) => path.slice(1))
      .filter((path) => existsSync(join(folder, path)))
  } finally {
    await context.close()
    await serving.stop()
  }
}

async function measured(folder: string, name: string): Promise<Loaded> {
  const content = await readFile(join(folder, name))
  const gzipBytes = gzipSync(content, { level: 9 }).length
  const map = join(folder, `${name}.map`)
  const sources = existsSync(map)
    ? charactersBySource(content.toString(), await readFile(map, 'utf8'))
    : new Map([[name, 1]])
  const characters = sum([...sources.values()])
  const parts = new Map<string, number>()
  for (const [source, count] of sources) {
    const part = existsSync(map) ? partOf(source) : (/\.\w+$/.exec(name)?.[0] ?? name)
    parts.set(part, (parts.get(part) ?? 0) + (gzipBytes * count) / characters)
  }
  return { name, bytes: content.length, gzipBytes, parts }
}

/** The package a source is of, or the folder of the project. */
export function partOf(source: string): string {
  const [, inside] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? []
  if (inside !== undefined) return inside
  return /(?:^|\/)(src\/[^/]+|workers)\//.exec(source)?.[1] ?? 'markup, the bundler'
}

/** Largest first; the small ones together at the end. */
function byPart(files: readonly Loaded[], gzipBytes: number): readonly (readonly [string, number])[] {
  const parts = new Map<string, number>()
  for (const file of files)
    for (const [part, size] of file.parts) parts.set(part, (parts.get(part) ?? 0) + size)
  const sorted = [...parts].sort((a, b) => b[1] - a[1])
  const large = sorted.filter(([, size]) => size >= SHARE_SHOWN_MIN * gzipBytes)
  const small = sorted.slice(large.length)
  return [...large, [`${small.length} others`, sum(small.map(([, size]) => size))]]
}

function kB(bytes: number): number {
  return Math.round(bytes / 100) / 10
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
