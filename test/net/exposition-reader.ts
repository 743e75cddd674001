/**
 * The samples of a text in Prometheus' format, version 0.0.4, by name and labels. Throws where a line is none, a sample
 * comes before its HELP and TYPE, a counter's name does not end in `_total`, or anything is there twice.
 */
export function samplesIn(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  const seen = new Set<string>()
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line)
    if (comment !== null) {
      const [, kind = '', name = '', rest = ''] = comment
      if (seen.has(`${kind} ${name}`)) throw new Error(`twice: ${line}`)
      seen.add(`${kind} ${name}`)
      const fits = rest === 'gauge' || (rest === 'counter' && name.endsWith('_total'))
      if (kind === 'TYPE' && !fits) throw new Error(`unfit: ${line}`)
      continue
    }
    const sample = /^(([a-zA-Z_:][\w:]*)(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\]|\\[\\"n])*",?)*\})?) (\S+)$/.exec(
      line,
    )
    const [, key = '', name = '', value = ''] = sample ?? []
    if (!seen.has(`HELP ${name}`) || !seen.has(`TYPE ${name}`)) throw new Error(`not announced: ${line}`)
    if (samples.has(key)) throw new Error(`twice: ${line}`)
    samples.set(key, Number(value))
  }
  return samples
}
