import type { RowFault } from './history-file.ts'
import { JsonObjects, valueFrom } from './json-objects.ts'
import type { Reading } from './reading.ts'

/** The version of RFC 8428, which a pack has that names none. §4.1. */
const SENML_VERSION = 10

/** A SenML record in JSON, complete by itself. RFC 8428 §5. */
export function senmlObject({ quantity, unit, value, atMs }: Reading): object {
  const label = typeof value === 'number' ? 'v' : typeof value === 'boolean' ? 'vb' : 'vs'
  return { n: quantity, ...(unit !== undefined && { u: unit }), [label]: value, t: atMs / 1000 }
}

/**
 * Reads records, base values resolved as they come. RFC 8428 §4.6. A base name says which thing it was, and is left out. A
 * record with `must-understand`, or of a version of the format that is not this one, forbids to make anything of its pack,
 * whatever came before it. RFC 8428 §4.4, §12.2.
 */
export class SenmlReader extends JsonObjects<RowFault> {
  constructor() {
    const base = { timeS: 0, value: 0, unit: undefined as unknown }
    super((record) => {
      if (Object.keys(record).some((label) => label.endsWith('_'))) return 'must-understand'
      const { bver = SENML_VERSION, bt, bv, bu, n, u, t = 0 } = record
      if (bver !== SENML_VERSION) return 'must-understand'
      if (typeof bt === 'number') base.timeS = bt
      if (typeof bv === 'number') base.value = bv
      if (bu !== undefined) base.unit = bu
      const given = ['v', 'vb', 'vs'].flatMap((label) => (record[label] === undefined ? [] : [record[label]]))
      const value = valueFrom(given[0])
      if (value === undefined || given.length > 1) return 'not-understood'
      if (typeof n !== 'string' || typeof t !== 'number') return 'not-understood'
      const atMs = Math.round((base.timeS + t) * 1000)
      const unit = u ?? base.unit
      if (typeof value !== 'number') return { quantity: n, value, atMs }
      if (unit === undefined) return { quantity: n, value: base.value + value, atMs }
      return typeof unit === 'string'
        ? { quantity: n, unit, value: base.value + value, atMs }
        : 'not-understood'
    })
  }
}
