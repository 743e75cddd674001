/** Whom a person knows: names for the ids of other devices. They never leave this device. */

/** A device that has a name here. */
export interface ContactView {
  /** As its person typed it, on one line. */
  readonly name: string
  /** Its did:key. */
  readonly key: string
}

/** An address book of people one pays; all of it goes along in every snapshot, which it makes some 30 kB longer at most. */
export const CONTACTS_MAX = 200

/** Characters of a contact's name after trimming: it stands on one line of a payment. */
export const CONTACT_CHARACTERS_MAX = 40

export interface ContactsApi {
  /**
   * Gives a device a name, or another one. No two have the same, for the money goes to one of them; capitals make no
   * difference.
   */
  nameContact(input: ContactView): Promise<void>
  /** Forgets a name. What was paid is not touched. */
  removeContact(input: { readonly key: string }): Promise<void>
}
