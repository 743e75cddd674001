import type { IdentityView } from '../../node/api.ts'

/** Whose device it is, as its peer said last. */
export class IdentityState {
  /** Undefined until the peer has said something. */
  view = $state.raw<IdentityView>()
  /** This tab has just made the device that of other words: how far it has got is shown until its person goes on. */
  isRestoring = $state(false)
  /** The reminder to back up was put off, until this tab is loaded anew. */
  isPutOff = $state(false)

  get isLocked(): boolean {
    return this.view?.state === 'locked'
  }
}
