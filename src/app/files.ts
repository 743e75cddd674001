/** Files that people take out and bring in. */
import type { HistoryFormat } from '../node/api.ts'

/** How long a browser may take to begin with a download; what it is made from is let go of then. */
const HAND_OVER_MS = 60_000

/** Characters of a thing's name in a file's. */
const NAME_CHARACTERS_MAX = 40

/** Hands a file to the person, as a download. */
export function saveFile(content: Blob, name: string): void {
  const href = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(href), HAND_OVER_MS)
}

/** A file's name after its thing and day, of characters that every system takes: `barn-2026-05-03.csv`. */
export function fileName(thing: string, atMs: number, ending: string): string {
  const plain = thing
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, NAME_CHARACTERS_MAX)
    .replace(/^-+|-+$/g, '')
  return `${plain || 'thing'}-${new Date(atMs).toISOString().slice(0, 10)}.${ending}`
}

/** Which form a file is in, by its name or else by how it begins. */
export function formatOf(name: string, begin: string): HistoryFormat {
  if (/\.csv$/i.test(name)) return 'csv'
  if (/\.senml$/i.test(name)) return 'senml'
  if (!/^\s*[[{]/.test(begin.replace(/^\uFEFF/, ''))) return 'csv'
  // RFC 8428 §4: base names and base times, or a name and a value
  return /"(?:bn|bt|bu|n)"\s*:/.test(begin) ? 'senml' : 'json'
}
