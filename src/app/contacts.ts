/** Whom a person knows by name. Pure. */
import type { ContactView, PaymentView } from '../node/api.ts'

/** Names by did:key. */
export type Names = ReadonlyMap<string, string>

export function namesOf(contacts: readonly ContactView[]): Names {
  return new Map(contacts.map(({ key, name }) => [key, name]))
}

/** Those a text is for: all where it is empty, else whose name or id it is a part of. Capitals make no difference. */
export function matching(contacts: readonly ContactView[], text: string): readonly ContactView[] {
  const wanted = folded(text.trim())
  return contacts.filter(({ name, key }) => folded(name).includes(wanted) || folded(key).includes(wanted))
}

/** Who was paid lately first, the newest at the top, then the others in the order they come in. */
export function lastPaidFirst(
  contacts: readonly ContactView[],
  payments: readonly PaymentView[],
): readonly ContactView[] {
  const paidAtMs = new Map<string, number>()
  for (const { direction, who, atMs } of payments)
    if (direction === 'sent') for (const key of who) paidAtMs.set(key, Math.max(atMs, paidAtMs.get(key) ?? 0))
  const atMsOf = ({ key }: ContactView) => paidAtMs.get(key) ?? -Infinity
  return [...contacts].sort((a, b) => {
    const [paidA, paidB] = [atMsOf(a), atMsOf(b)]
    return paidA === paidB ? 0 : paidB - paidA
  })
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
