/** Compares a run with an earlier one, of whatever machine: by ratios alone, and with regard to how they scatter. */
import * as v from 'valibot'
import { isRatio, type Summary } from './figure.ts'

/** What a run leaves behind, as far as another one is compared with it: figures by the bench's key. */
export type Figures = Readonly<Record<string, readonly Summary[]>>

/** A figure of both runs. */
export interface Compared {
  readonly bench: string
  readonly name: string
  readonly before: number
  readonly now: number
  /** Positive for better: 0.2 is a fifth. */
  readonly change: number
  readonly verdict: 'worse' | 'better' | 'same'
}

/** A change of less is none, however little the rounds scatter: the two runs met different neighbours. */
const CHANGE_MIN = 0.1

/** The same for figures without chance. */
const EXACT_CHANGE_MIN = 0.02

/** The same for figures of so few rounds that their scatter is not known. */
const LONE_CHANGE_MIN = 0.25

/** Rounds from which on quartiles mean anything. */
const ROUNDS_MIN = 3

const Stored = v.object({
  benches: v.record(
    v.string(),
    v.object({
      figures: v.array(
        v.object({
          name: v.string(),
          unit: v.string(),
          better: v.picklist(['more', 'less']),
          rounds: v.number(),
          median: v.number(),
          low: v.number(),
          high: v.number(),
          isExact: v.exactOptional(v.literal(true)),
          goal: v.exactOptional(v.number()),
        }),
      ),
    }),
  ),
})

/** The figures in a file that an earlier run wrote; `undefined` where the text is no such file. */
export function parseFigures(text: string): Figures | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const stored = v.safeParse(Stored, json)
  if (!stored.success) return undefined
  return Object.fromEntries(Object.entries(stored.output.benches).map(([key, { figures }]) => [key, figures]))
}

/** Every ratio that both runs have, and those that benches of both runs had before and have no more. */
export function compare(
  before: Figures,
  now: Figures,
): { readonly compared: readonly Compared[]; readonly gone: readonly string[] } {
  const compared: Compared[] = []
  const gone: string[] = []
  for (const [bench, figures] of Object.entries(before)) {
    const ours = now[bench]
    if (ours === undefined) continue // it was not asked for
    for (const figure of figures.filter(isRatio)) {
      const found = ours.find(({ name, unit }) => name === figure.name && unit === figure.unit)
      if (found === undefined) gone.push(`${bench}: ${figure.name}`)
      else compared.push(compareOne(bench, figure, found))
    }
  }
  return { compared, gone }
}

/** Worse or better only where the halves in the middle of both do not touch, and by more than the least change. */
function compareOne(bench: string, before: Summary, now: Summary): Compared {
  const change = ((now.median - before.median) / Math.abs(before.median)) * (now.better === 'more' ? 1 : -1)
  const isApart = now.low > before.high || now.high < before.low
  const isChanged = isApart && Math.abs(change) >= changeMin(before, now)
  const verdict = !isChanged ? 'same' : change > 0 ? 'better' : 'worse'
  return { bench, name: now.name, before: before.median, now: now.median, change, verdict }
}

function changeMin(before: Summary, now: Summary): number {
  if (now.isExact) return EXACT_CHANGE_MIN
  return Math.min(before.rounds, now.rounds) < ROUNDS_MIN ? LONE_CHANGE_MIN : CHANGE_MIN
}
