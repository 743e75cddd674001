import type { Book } from '../book.ts'
import { de as frame } from '../frame/de.ts'
import { de as words } from '../words/de.ts'
import { de as things } from '../things/de.ts'
import { de as thing } from '../thing/de.ts'
import { de as history } from '../history/de.ts'
import { de as alerts } from '../alerts/de.ts'
import { de as adding } from '../adding/de.ts'
import { de as sensors } from '../sensors/de.ts'
import { de as serial } from '../serial/de.ts'
import { de as wallet } from '../wallet/de.ts'
import { de as paying } from '../paying/de.ts'
import { de as contacts } from '../contacts/de.ts'
import { de as network } from '../network/de.ts'
import { de as graph } from '../graph/de.ts'
import { de as pairing } from '../pairing/de.ts'
import { de as validators } from '../validators/de.ts'
import { de as settings } from '../settings/de.ts'
import { de as storage } from '../storage/de.ts'
import { de as identity } from '../identity/de.ts'
import { de as lock } from '../lock/de.ts'

export const book: Book = {
  frame,
  words,
  things,
  thing,
  history,
  alerts,
  adding,
  sensors,
  serial,
  wallet,
  paying,
  contacts,
  network,
  graph,
  pairing,
  validators,
  settings,
  storage,
  identity,
  lock,
}
