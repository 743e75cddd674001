/** What the app says about histories that are taken in, handed out and deleted. Pure. */
import type { BlockCounts, ImportReport } from '../node/api.ts'
import type { RowFault } from '../reading/history-file.ts'
import { plural } from './words.ts'

const ROW_FAULTS: Readonly<Record<RowFault, string>> = {
  'bad-quantity': 'the name of what was measured cannot be used',
  'bad-unit': 'the unit cannot be used',
  'bad-value': 'the value is missing, or is none',
  'bad-time': 'the time is missing, or is none',
  'too-long': 'it is longer than any reading is',
  'not-json': 'it is cut off, or is not written as JSON',
  'no-such-columns': 'the first line has to name the columns time, quantity and value',
  'not-understood': 'a time, a name or a value is missing',
  'must-understand':
    'it says something that whoever reads the file has to understand, and Weft does not; so nothing of the file was taken in',
}

/** What is wrong with a row of a file. */
export function rowFaultWords({ row, reason }: ImportReport['badRows'][number]): string {
  const words = Object.hasOwn(ROW_FAULTS, reason) ? ROW_FAULTS[reason as RowFault] : reason
  return `Row ${row.toLocaleString('en-GB')}: ${words}.`
}

/** What became of a file's readings. */
export function importWords({ taken, known, bad }: ImportReport): string {
  if (taken + known + bad === 0) return 'There is no reading in this file.'
  const parts = [`${plural(taken, 'reading')} taken in`]
  if (known > 0) parts.push(`${plural(known, 'reading')} ${known === 1 ? 'was' : 'were'} here already`)
  if (bad > 0) parts.push(`${plural(bad, 'row')} passed over`)
  return `${parts.join(', ')}.`
}

/** What a deletion cannot reach. */
export function heldElsewhereWords({ total, hereOnly }: Pick<BlockCounts, 'total' | 'hereOnly'>): string {
  const shared = total - hereOnly
  if (shared <= 0) return 'Nobody else is known to hold any of its blocks.'
  return `${plural(shared, 'block')} of it ${shared === 1 ? 'is' : 'are'} with others too, and cannot be recalled from them. What was private stays unreadable to them; what was shared openly they can go on reading. The keys are made from your twelve words, so whoever has those can still read all that others hold.`
}

/** What a deletion has done. */
export function deletedWords(blocks: number, left: number): string {
  const later =
    left === 0 ? '' : `${plural(left, 'block')} that are not final yet go by themselves once they are.`
  if (blocks === 0) return later || 'There was nothing to delete.'
  return `What was in ${plural(blocks, 'block')} is gone from this device. ${later}`.trim()
}
