import { hex } from '@scure/base'
import * as v from 'valibot'
import type { NoteEntries, NoteStore } from '../ports.ts'
import { ApiError } from './api.ts'
import { decodeInvitation } from './invitation.ts'
import { networkEntry } from './networks.ts'
import { ThingForm, THINGS, THINGS_MAX } from './things.ts'

/** The note of names for other devices; whoever reads it parses it. */
const CONTACTS = 'contacts'

const Content = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    version: v.literal(1),
    /** 16 bytes. */
    entropy: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    /** Invitations; the device was in the first. */
    networks: v.pipe(v.array(v.string()), v.minLength(1)),
    things: v.pipe(v.array(ThingForm), v.maxLength(THINGS_MAX)),
    contacts: v.exactOptional(v.unknown()),
  }),
)

/**
 * What a backup file holds, as UTF-8 of a JSON object. A thing's note that does not parse is left out.
 *
 * @param entropy 16 bytes
 * @param invitation to the network the device is in
 */
export async function encodeBackup(
  notes: NoteStore,
  entropy: Uint8Array,
  invitation: string,
): Promise<Uint8Array> {
  const things = (await notes.list(THINGS)).flatMap(([, note]) => {
    const thing = v.safeParse(ThingForm, note)
    return thing.success ? [thing.output] : []
  })
  const contacts = await notes.get(CONTACTS)
  const content = {
    version: 1,
    entropy: hex.encode(entropy),
    networks: [invitation],
    things,
    ...(contacts !== undefined && { contacts }),
  }
  return new TextEncoder().encode(JSON.stringify(content))
}

/**
 * The entropy in such a content, and the notes to write along with it.
 *
 * @throws ApiError `bad-backup` where it has another form; `bad-invitation`
 */
export function decodeBackup(content: Uint8Array): { entropy: Uint8Array; notes: NoteEntries } {
  const parsed = v.safeParse(Content, new TextDecoder().decode(content))
  if (!parsed.success)
    throw new ApiError(
      'bad-backup',
      'This backup was made by another version of Weft. Nothing was changed. Update Weft and try again.',
    )
  const { entropy, networks, things, contacts } = parsed.output
  const [network = ''] = networks
  return {
    entropy: hex.decode(entropy),
    notes: [
      networkEntry(decodeInvitation(network)),
      ...things.map((thing) => [THINGS + thing.streamId, thing] as const),
      ...(contacts === undefined ? [] : [[CONTACTS, contacts] as const]),
    ],
  }
}
