/** What the app says about histories that are taken in, handed out and deleted. Pure. */
import type { BlockCounts, ImportReport } from '../node/api.ts'
import { historyText } from './texts/history/text.ts'

/** What is wrong with a row of a file. */
export function rowFaultWords({ row, reason }: ImportReport['badRows'][number]): string {
  const { rowFault, rowFaults } = historyText()
  return rowFault(
    row,
    Object.hasOwn(rowFaults, reason) ? rowFaults[reason as keyof typeof rowFaults] : reason,
  )
}

/** What became of a file's readings. */
export function importWords({ taken, known, bad }: ImportReport): string {
  const text = historyText()
  if (taken + known + bad === 0) return text.emptyFile
  const parts = [text.taken(taken)]
  if (known > 0) parts.push(text.known(known))
  if (bad > 0) parts.push(text.passedOver(bad))
  return `${parts.join(text.comma)}.`
}

/** What a deletion cannot reach. */
export function heldElsewhereWords({ total, hereOnly }: Pick<BlockCounts, 'total' | 'hereOnly'>): string {
  const text = historyText()
  const shared = total - hereOnly
  return shared <= 0 ? text.heldByNobody : text.heldByOthers(shared)
}

/** What a deletion has done. */
export function deletedWords(blocks: number, left: number): string {
  const text = historyText()
  const said = [...(blocks === 0 ? [] : [text.gone(blocks)]), ...(left === 0 ? [] : [text.goesLater(left)])]
  return said.join(' ') || text.nothingToDelete
}
