import type { NetworkId } from '../core/model/id.ts'
import type { LossMark, NoteStore } from '../ports.ts'

/** The mark as a note. Any value there counts: to have lost blocks costs some reading at the start, no more. */
export function lossMark(notes: NoteStore, network: NetworkId): LossMark {
  const name = `losses/${network}`
  return {
    isSet: async () => (await notes.get(name)) !== undefined,
    set: () => notes.put([[name, true]]),
  }
}
