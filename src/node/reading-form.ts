import * as v from 'valibot'
import { readingFault } from '../reading/check.ts'
import type { Reading } from '../reading/reading.ts'

/** A reading as it is taken from outside: what could not be packed is none. */
export const ReadingForm = v.pipe(
  v.object({
    quantity: v.string(),
    unit: v.exactOptional(v.string()),
    value: v.union([v.number(), v.boolean(), v.string()]),
    atMs: v.number(),
  }),
  v.check((reading: Reading) => readingFault(reading) === undefined),
)
