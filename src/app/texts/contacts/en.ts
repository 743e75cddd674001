import { counted } from '../../numbers.ts'

/** Names for the ids of others. */
export const en = {
  means: 'Names for the ids of others. They stay on this device.',
  add: 'Add a contact',
  search: 'Search',
  nobodyYet: 'Nobody yet. Add a contact here, or name one beside a payment.',
  nobodyFound: 'Nobody is called that.',
  more: (contacts: number) =>
    `${counted(contacts, { one: 'more contact', other: 'more contacts' })}: search for a name.`,
  name: 'Name',
  nameHint: 'Only this device knows it.',
  noName: 'Say what to call them.',
  id: 'Id',
  idHint: 'The id the other device shows under Receive.',
  noId: 'This is no id of a device. It starts with did:key:z6Mk.',
  forBefore: 'For',
  save: 'Save',
  cancel: 'Cancel',
  removeMeans: 'The name is forgotten. What was paid stays as it is.',
  remove: 'Remove',
  keep: 'Keep',
  pay: 'Pay',
  rename: 'Rename',
  removeAsk: 'Remove…',
}
