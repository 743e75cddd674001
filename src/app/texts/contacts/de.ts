import { counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  means: 'Namen für die Kennungen anderer. Sie bleiben auf diesem Gerät.',
  add: 'Kontakt hinzufügen',
  search: 'Suchen',
  nobodyYet: 'Noch niemand. Füge hier einen Kontakt hinzu oder benenne einen neben einer Zahlung.',
  nobodyFound: 'Niemand heißt so.',
  more: (contacts) =>
    `${counted(contacts, { one: 'weiterer Kontakt', other: 'weitere Kontakte' })}: Suche nach einem Namen.`,
  name: 'Name',
  nameHint: 'Nur dieses Gerät kennt ihn.',
  noName: 'Sag, wie der Kontakt heißen soll.',
  id: 'Kennung',
  idHint: 'Die Kennung, die das andere Gerät unter „Empfangen“ zeigt.',
  noId: 'Das ist keine Kennung eines Geräts. Sie beginnt mit did:key:z6Mk.',
  forBefore: 'Für',
  save: 'Speichern',
  cancel: 'Abbrechen',
  removeMeans: 'Der Name wird vergessen. Was gezahlt wurde, bleibt, wie es ist.',
  remove: 'Entfernen',
  keep: 'Behalten',
  pay: 'Zahlen',
  rename: 'Umbenennen',
  removeAsk: 'Entfernen …',
}
