import { parseArgs } from 'node:util'
import type { Bench } from './runner.ts'

/** What a command line of the bench asks for. */
export interface BenchOptions {
  /** Runs Chromium's benches too. */
  readonly browser: boolean
  /** Names of the benches to run; all where undefined. */
  readonly only: readonly string[] | undefined
  /** Only says which there are. */
  readonly list: boolean
  /** Where the results go, where another place is asked for. */
  readonly json: string | undefined
  /** Results to compare with, where others than the committed ones are asked for. */
  readonly baseline: string | undefined
  /** Blocks the store is made to grow to. */
  readonly blocks: number
}

/** The reason a command line makes no sense, as a sentence. */
export interface BadOptions {
  readonly type: 'bad'
  readonly message: string
}

const BLOCKS_DEFAULT = 500_000

/** Half a gigabyte of a browser's storage. */
const BLOCKS_MAX = 1_000_000

/**
 * Reads a command line, without the program's own name.
 *
 * @param benches all there are, so that none that is asked for and cannot run is passed over in silence
 */
export function parseOptions(
  argv: readonly string[],
  benches: readonly Pick<Bench, 'name' | 'where'>[],
): BenchOptions | BadOptions {
  let values: ReturnType<typeof read>
  try {
    values = read(argv)
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error))
  }
  const only = values.only?.split(',').map((name) => name.trim())
  for (const asked of only ?? []) {
    const found = benches.filter(({ name }) => name === asked)
    const names = [...new Set(benches.map(({ name }) => name))].join(', ')
    if (found.length === 0) return bad(`There is no bench "${asked}". There are: ${names}.`)
    if (!values.browser && found.every(({ where }) => where === 'browser'))
      return bad(`The bench "${asked}" runs in Chromium: add --browser.`)
  }
  const blocks = Number(values.blocks ?? BLOCKS_DEFAULT)
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > BLOCKS_MAX)
    return bad(`--blocks takes a whole number from 1 to ${BLOCKS_MAX}, not "${values.blocks}".`)
  for (const flag of ['json', 'baseline'] as const)
    if (values[flag] === '') return bad(`--${flag} takes the path of a file.`)
  const { browser = false, list = false, json, baseline } = values
  return { browser, only, list, json, baseline, blocks }
}

function read(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      browser: { type: 'boolean' },
      only: { type: 'string' },
      list: { type: 'boolean' },
      json: { type: 'string' },
      baseline: { type: 'string' },
      blocks: { type: 'string' },
    },
  }).values
}

function bad(message: string): BadOptions {
  return { type: 'bad', message }
}
