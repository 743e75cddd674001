import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Violation } from './referee.ts'
import type { Summary } from './run.ts'
import type { Options } from './scenario.ts'

/** How one seed ended, and what it took. */
export type Outcome = (Summary | Violation) & { readonly wallMs: number }

interface Job {
  readonly first: number
  readonly last: number
  readonly options: Omit<Options, 'seed'>
  /** Threads. */
  readonly jobs: number
  /** Keeps what is done, so that a later run with the same code goes on from there. */
  readonly results: string | undefined
}

/** What a worker answers to a seed. */
export interface Answer {
  readonly seed: number
  readonly outcome: Outcome
}

/**
 * Runs many seeds on some threads, each seed once.
 *
 * @param tell is told of each that ends now, and how many are left
 * @returns all outcomes, those of earlier runs too
 */
export async function runSeeds(
  { first, last, options, jobs, results }: Job,
  tell: (seed: number, outcome: Outcome, left: number) => void,
): Promise<readonly Outcome[]> {
  const code = fingerprint()
  const kept = results === undefined ? [] : load(results, code)
  const outcomes = new Map(
    kept.filter(({ seed }) => seed >= first && seed <= last).map(({ seed, outcome }) => [seed, outcome]),
  )
  for (const [seed, outcome] of outcomes) if (outcome.type === 'violation') tell(seed, outcome, 0)
  const queue = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
    (seed) => !outcomes.has(seed),
  )
  const take = ({ seed, outcome }: Answer) => {
    outcomes.set(seed, outcome)
    if (results !== undefined) appendFileSync(results, `${JSON.stringify({ code, seed, outcome })}\n`)
    tell(seed, outcome, last - first + 1 - outcomes.size)
  }
  await Promise.all(Array.from({ length: jobs }, () => work(queue, options, take)))
  return [...outcomes.values()]
}

/** One thread that takes seeds until there are none. */
function work(
  queue: number[],
  options: Omit<Options, 'seed'>,
  take: (answer: Answer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    const next = () => {
      const seed = queue.shift()
      if (seed === undefined) void worker.terminate().then(() => resolve())
      else worker.postMessage({ seed, ...options })
    }
    worker.on('message', (answer: Answer) => {
      take(answer)
      next()
    })
    worker.on('error', reject)
    next()
  })
}

function load(results: string, code: string): Answer[] {
  mkdirSync(dirname(results), { recursive: true })
  if (!existsSync(results)) return []
  const lines = readFileSync(results, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
  return lines
    .map((line) => JSON.parse(line) as Answer & { code: string })
    .filter((line) => line.code === code)
}

/** Results say something about the code that made them only. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of globSync(['src/core/**/*.ts', 'test/sim/**/*.ts']).sort())
    hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}
