import * as v from 'valibot'
import { encodeDidKey } from '../core/codec/did-key.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { NoteStore } from '../ports.ts'
import { ApiError, CONTACT_CHARACTERS_MAX, CONTACTS_MAX, type ContactView } from './api.ts'

const KEY = 'contacts'

const Note = v.object({
  version: v.literal(1),
  contacts: v.pipe(
    v.array(
      v.object({
        key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(CONTACT_CHARACTERS_MAX)),
      }),
    ),
    v.maxLength(CONTACTS_MAX),
  ),
})

/** Names this device's person has given to others. They are the device's, whatever network that is in. */
export class Contacts {
  readonly #notes: NoteStore
  #names: ReadonlyMap<PublicKey, string>
  #views: readonly ContactView[]
  /** Changes one after the other, so that none writes what another has just changed back. */
  #turn: Promise<void> = Promise.resolve()

  private constructor(notes: NoteStore, names: ReadonlyMap<PublicKey, string>) {
    this.#notes = notes
    this.#names = names
    this.#views = viewsOf(names)
  }

  /** What is on the disk. A note that does not parse is as good as none, and is kept until a name is given. */
  static async load(notes: NoteStore): Promise<Contacts> {
    const note = v.safeParse(Note, await notes.get(KEY))
    const contacts = note.success ? note.output.contacts : []
    return new Contacts(notes, new Map(contacts.map(({ key, name }) => [key as PublicKey, name])))
  }

  /** By name. */
  get all(): readonly ContactView[] {
    return this.#views
  }

  /**
   * Gives `key` a name; resolves once that is on disk. Throws `StoreError`, and then all is as it was.
   *
   * @throws ApiError `bad-input` where another has that name, or there are too many
   */
  name(key: PublicKey, name: string): Promise<void> {
    return this.#change((names) => {
      const other = [...names].find(([each, taken]) => each !== key && folded(taken) === folded(name))
      if (other)
        throw new ApiError(
          'bad-input',
          `Another contact is called “${other[1]}”. Choose a name that tells the two apart.`,
        )
      if (!names.has(key) && names.size >= CONTACTS_MAX)
        throw new ApiError(
          'bad-input',
          `There are ${CONTACTS_MAX} contacts, the most there can be. Remove one first.`,
        )
      names.set(key, name)
    })
  }

  /** Forgets the name of `key`, if it has one; resolves once that is on disk. Throws `StoreError`. */
  remove(key: PublicKey): Promise<void> {
    return this.#change((names) => void names.delete(key))
  }

  #change(change: (names: Map<PublicKey, string>) => void): Promise<void> {
    const turn = this.#turn.then(async () => {
      const names = new Map(this.#names)
      change(names)
      const contacts = [...names].map(([key, name]) => ({ key, name }))
      await this.#notes.put([[KEY, { version: 1, contacts }]])
      this.#names = names
      this.#views = viewsOf(names)
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

function viewsOf(names: ReadonlyMap<PublicKey, string>): readonly ContactView[] {
  return [...names]
    .map(([key, name]) => ({ key: encodeDidKey(key), name }))
    .sort((a, b) => (folded(a.name) < folded(b.name) ? -1 : 1))
}

/** A text as it is compared with what a person looks for: one form of Unicode, without capitals. */
export function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
