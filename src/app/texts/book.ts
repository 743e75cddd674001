/** All words of the app in one language, by the area of the app that says them. English is the original. */
import type { en as frame } from './frame/en.ts'
import type { en as words } from './words/en.ts'
import type { en as things } from './things/en.ts'
import type { en as thing } from './thing/en.ts'
import type { en as history } from './history/en.ts'
import type { en as alerts } from './alerts/en.ts'
import type { en as adding } from './adding/en.ts'
import type { en as sensors } from './sensors/en.ts'
import type { en as serial } from './serial/en.ts'
import type { en as wallet } from './wallet/en.ts'
import type { en as paying } from './paying/en.ts'
import type { en as contacts } from './contacts/en.ts'
import type { en as network } from './network/en.ts'
import type { en as graph } from './graph/en.ts'
import type { en as pairing } from './pairing/en.ts'
import type { en as validators } from './validators/en.ts'
import type { en as settings } from './settings/en.ts'
import type { en as storage } from './storage/en.ts'
import type { en as identity } from './identity/en.ts'
import type { en as lock } from './lock/en.ts'

export interface Book {
  readonly frame: typeof frame
  readonly words: typeof words
  readonly things: typeof things
  readonly thing: typeof thing
  readonly history: typeof history
  readonly alerts: typeof alerts
  readonly adding: typeof adding
  readonly sensors: typeof sensors
  readonly serial: typeof serial
  readonly wallet: typeof wallet
  readonly paying: typeof paying
  readonly contacts: typeof contacts
  readonly network: typeof network
  readonly graph: typeof graph
  readonly pairing: typeof pairing
  readonly validators: typeof validators
  readonly settings: typeof settings
  readonly storage: typeof storage
  readonly identity: typeof identity
  readonly lock: typeof lock
}
