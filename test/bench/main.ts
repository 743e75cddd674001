/**
 * `npm run bench`: figures as ratios within one run, medians of interleaved rounds, because machines are shared and
 * noisy. What each row means, and which flags there are, is in the README beside this file.
 */
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseFigures, type Figures } from './baseline.ts'
import { browserBenches } from './browser-benches.ts'
import { nodeBenches } from './node-benches.ts'
import { parseOptions, type BenchOptions } from './options.ts'
import { circumstances, load, said, writeReport } from './report.ts'
import { chosen, comparison, figuresOf, keyOf, runAll, type Bench } from './runner.ts'

/** Where results are written unless another file is named; git does not see it. */
const RESULTS = fileURLToPath(new URL('../../test-results/bench.json', import.meta.url))

/** Results that are kept with the code. */
const BASELINE = fileURLToPath(new URL('baseline.json', import.meta.url))

const options = parseOptions(process.argv.slice(2), benches())
if ('type' in options) {
  console.error(`bench: ${options.message}`)
  process.exitCode = 2
} else process.exitCode = await main(options)

/** The exit code: 1 where a bench failed, 2 where the baseline cannot be read. Worse figures are told and are no failure. */
async function main({ list, json = RESULTS, baseline, ...asked }: BenchOptions): Promise<number> {
  const all = benches(asked.blocks)
  if (list) {
    for (const bench of all) console.log(`${keyOf(bench).padEnd(20)}  ${bench.title}`)
    return 0
  }
  const before = await readBaseline(baseline)
  if (typeof before === 'string') {
    console.error(`bench: ${before}`)
    return 2
  }
  const now = circumstances(new Date())
  console.log(said(now))
  const run = await runAll(chosen(all, asked), { say: console.log, load })
  await writeReport(json, now, run)
  console.log(`\nResults are in ${relative(process.cwd(), json) || json}.`)
  console.log(
    before === undefined ? 'There is no baseline to compare with.' : comparison(before, figuresOf(run)),
  )
  if (run.failed.length > 0) console.error(`bench: failed: ${run.failed.join(', ')}`)
  return run.failed.length > 0 ? 1 : 0
}

/** What to compare with; undefined where nothing is kept and nothing was named, a sentence where it cannot be read. */
async function readBaseline(named: string | undefined): Promise<Figures | string | undefined> {
  const path = named ?? BASELINE
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return named && `There is no baseline at ${path}.`
  return parseFigures(text) ?? `${path} is no result of an earlier run.`
}

/** @param blocks the store is measured with */
function benches(blocks = Number.NaN): readonly Bench[] {
  return [...nodeBenches(), ...browserBenches(blocks)]
}
