import * as v from 'valibot'
import type { NetworkId } from '../core/model/id.ts'
import type { NoteStore, ProposerStore } from '../ports.ts'

const Note = v.object({
  version: v.literal(1),
  round: v.pipe(v.number(), v.integer(), v.minValue(0)),
  bytes: v.instance(Uint8Array),
})

/**
 * The newest proposal of this device's key in one network. It lies in the store that holds the key, so one is not lost
 * without the other. A note that does not parse is an error and never "no note": that would allow a second proposal.
 */
export function proposerNote(notes: NoteStore, network: NetworkId): ProposerStore {
  const name = `proposer/${network}`
  return {
    async load() {
      const note = await notes.get(name)
      if (note === undefined) return undefined
      const { round, bytes } = v.parse(Note, note)
      return { round, bytes }
    },
    save: ({ round, bytes }) => notes.put([[name, { version: 1, round, bytes: bytes.slice() }]]),
  }
}
