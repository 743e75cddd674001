import { compare, type Figures } from './baseline.ts'
import { summaryOf, type Figure, type Summary } from './figure.ts'
import { formatFigures, formatRows, shown, type Rows } from './table.ts'

/** One thing to measure. */
export interface Bench {
  /** What `--only` asks for it by; those of Node and of Chromium may share it. */
  readonly name: string
  readonly where: 'node' | 'browser'
  /** What the figures are of, and in which unit where that is not said elsewhere. */
  readonly title: string
  run(): Promise<Found>
}

/** What a bench found: lines to look at, figures to hold against goals and earlier runs, or both. */
export interface Found {
  readonly rows?: Rows
  readonly figures?: readonly Figure[]
}

/** The same, as it is written. */
interface Result {
  readonly title: string
  /** Processes that wanted a core in the minute before it began. */
  readonly load: number
  readonly rows: Rows
  readonly figures: readonly Summary[]
}

/** Results of a run by the benches' keys, and the keys of those that failed. */
export interface Run {
  readonly results: Readonly<Record<string, Result>>
  readonly failed: readonly string[]
}

/** A bench's name among those of all places. */
export function keyOf({ name, where }: Pick<Bench, 'name' | 'where'>): string {
  return `${where}/${name}`
}

/** The benches asked for: Node's, Chromium's too where `browser` says so, and of them those named. */
export function chosen(
  benches: readonly Bench[],
  { browser, only }: { readonly browser: boolean; readonly only: readonly string[] | undefined },
): readonly Bench[] {
  return benches.filter(
    ({ name, where }) => (browser || where === 'node') && (only === undefined || only.includes(name)),
  )
}

/** Runs benches one after the other and says what each found. One that throws is told of, and the next one runs. */
export async function runAll(
  benches: readonly Bench[],
  { say, load }: { readonly say: (text: string) => void; readonly load: () => number },
): Promise<Run> {
  const results: Record<string, Result> = {}
  const failed: string[] = []
  for (const bench of benches) {
    const { title } = bench
    const key = keyOf(bench)
    const before = load()
    say(`\n${key}  ${title} (load ${before})`)
    try {
      const { rows = [], figures = [] } = await bench.run()
      const result: Result = { title, load: before, rows, figures: figures.map(summaryOf) }
      results[key] = result
      for (const text of [formatRows(rows), formatFigures(result.figures)]) if (text !== '') say(text)
    } catch (error) {
      failed.push(key)
      say(`  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }
  return { results, failed }
}

/** The figures of a run, as another is compared with them. */
export function figuresOf({ results }: Run): Figures {
  return Object.fromEntries(Object.entries(results).map(([key, { figures }]) => [key, figures]))
}

/** What is worse, better and gone since an earlier run, in words: one sentence, and a table of what changed. */
export function comparison(before: Figures, now: Figures): string {
  const { compared, gone } = compare(before, now)
  const of = (verdict: string) => compared.filter((each) => each.verdict === verdict)
  const changed = [...of('worse'), ...of('better')]
  const table = formatRows(
    changed.map(({ bench, name, verdict, change, ...values }) => ({
      is: verdict === 'worse' ? 'WORSE' : 'better',
      bench,
      figure: name,
      before: shown(values.before),
      now: shown(values.now),
      by: `${Math.round(100 * Math.abs(change))} %`,
    })),
  )
  const counts = `Of ${compared.length} ratios, ${of('worse').length} got worse beyond noise, ${of('better').length} better.`
  const lost = gone.length === 0 ? '' : `Not measured any more: ${gone.join('; ')}.`
  return [counts, table, lost].filter((text) => text !== '').join('\n')
}
