/** Prometheus' text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */

/** The `Content-Type` that names the format. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Values of one quantity. Names are the caller's own constants, and must be such as Prometheus allows. */
export interface Metric {
  readonly name: string
  /** A counter only grows, and its name ends in `_total`. */
  readonly type: 'gauge' | 'counter'
  readonly help: string
  /** One, or one for each set of labels. */
  readonly samples: readonly {
    readonly labels?: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

/** Writes metrics, each with its HELP and TYPE. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(({ labels = {}, value }) => `${name}${labelled(labels)} ${numeral(value)}\n`)
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** A number as Go reads it, which differs from ours for infinity. */
function numeral(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}
