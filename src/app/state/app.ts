import type { LateParts } from '../late-parts.ts'
import type { ClockState } from './clock.svelte.ts'
import type { FaultsState } from './faults.ts'
import type { IdentityState } from './identity.svelte.ts'
import type { InstallState } from './install.svelte.ts'
import type { JoiningState } from './joining.svelte.ts'
import type { LanguageState } from './language.svelte.ts'
import type { NoticesState } from './notices.svelte.ts'
import type { PeerState } from './peer.svelte.ts'
import type { RouterState } from './router.svelte.ts'
import type { SensorsState } from './sensors.ts'
import type { ThemeState } from './theme.svelte.ts'
import type { UpdateState } from './update.svelte.ts'
import type { WakeState } from './wake.svelte.ts'
import type { WalletState } from './wallet.svelte.ts'

/** Everything the screens look at, one object a concern. Put together in `main.ts`. */
export interface AppState {
  readonly peer: PeerState
  readonly identity: IdentityState
  readonly sensors: SensorsState
  readonly router: RouterState
  readonly notices: NoticesState
  readonly joining: JoiningState
  readonly wallet: WalletState
  readonly clock: ClockState
  readonly late: LateParts
  /** Absent where there is no service worker: in development. */
  readonly update: UpdateState | undefined
  readonly theme: ThemeState
  readonly language: LanguageState
  readonly wake: WakeState
  readonly install: InstallState
  readonly faults: FaultsState
  /** The wall clock, Unix milliseconds. */
  readonly now: () => number
}
