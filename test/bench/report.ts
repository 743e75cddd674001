import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import type { Run } from './runner.ts'

/** Where and when a run was: absolute figures mean nothing without it. */
export interface Circumstances {
  readonly takenAt: string
  readonly processor: string
  readonly cores: number
  readonly node: string
}

/** As things are now. */
export function circumstances(now: Date): Circumstances {
  const cores = cpus()
  return {
    takenAt: now.toISOString(),
    processor: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    node: process.version,
  }
}

/** The same in a line. */
export function said({ processor, cores, node }: Circumstances): string {
  return `${processor}, ${cores} cores, Node ${node}`
}

/** Writes a run as JSON, folders of the path included, in the form that the formatter of the project leaves alone. */
export async function writeReport(path: string, taken: Circumstances, { results }: Run): Promise<void> {
  const report = { ...taken, benches: results }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`)
}

/** Processes that wanted a core in the last minute: above the number of cores, somebody else was at work. */
export function load(): number {
  return Math.round(100 * (loadavg()[0] ?? 0)) / 100
}
