import type { Book } from '../book.ts'
import { es as frame } from '../frame/es.ts'
import { es as words } from '../words/es.ts'
import { es as things } from '../things/es.ts'
import { es as thing } from '../thing/es.ts'
import { es as history } from '../history/es.ts'
import { es as alerts } from '../alerts/es.ts'
import { es as adding } from '../adding/es.ts'
import { es as sensors } from '../sensors/es.ts'
import { es as serial } from '../serial/es.ts'
import { es as wallet } from '../wallet/es.ts'
import { es as paying } from '../paying/es.ts'
import { es as contacts } from '../contacts/es.ts'
import { es as network } from '../network/es.ts'
import { es as graph } from '../graph/es.ts'
import { es as pairing } from '../pairing/es.ts'
import { es as validators } from '../validators/es.ts'
import { es as settings } from '../settings/es.ts'
import { es as storage } from '../storage/es.ts'
import { es as identity } from '../identity/es.ts'
import { es as lock } from '../lock/es.ts'

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
