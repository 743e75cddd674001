import type { Book } from '../book.ts'
import { ar as frame } from '../frame/ar.ts'
import { ar as words } from '../words/ar.ts'
import { ar as things } from '../things/ar.ts'
import { ar as thing } from '../thing/ar.ts'
import { ar as history } from '../history/ar.ts'
import { ar as alerts } from '../alerts/ar.ts'
import { ar as adding } from '../adding/ar.ts'
import { ar as sensors } from '../sensors/ar.ts'
import { ar as serial } from '../serial/ar.ts'
import { ar as wallet } from '../wallet/ar.ts'
import { ar as paying } from '../paying/ar.ts'
import { ar as contacts } from '../contacts/ar.ts'
import { ar as network } from '../network/ar.ts'
import { ar as graph } from '../graph/ar.ts'
import { ar as pairing } from '../pairing/ar.ts'
import { ar as validators } from '../validators/ar.ts'
import { ar as settings } from '../settings/ar.ts'
import { ar as storage } from '../storage/ar.ts'
import { ar as identity } from '../identity/ar.ts'
import { ar as lock } from '../lock/ar.ts'

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
