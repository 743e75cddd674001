import type { Api, Snapshot, StreamKey, ThingView } from '../../node/api.ts'
import type { ApiClient } from '../../node/rpc.ts'
import { shared } from './shared.ts'

/** What the peer last said of itself, and the calls it answers. */
export class PeerState {
  readonly api: Api
  /**
   * Replaced whole and never changed in place, so that nothing deep is watched. What says the same in two of them is the
   * same object: whatever shows only that need not look again.
   */
  snapshot = $state.raw<Snapshot>()
  /** What its worker said before it stopped, where there is no peer any more. */
  failure = $state<string>()
  #newest: Snapshot | undefined
  #frameAsked = false

  /**
   * @param afterFrame runs its argument once the next frame is painted, in a task of its own: however fast snapshots come,
   *   one a frame is shown, and what drawing a frame takes is not made longer by it
   */
  constructor(client: Pick<ApiClient, 'api' | 'onSnapshot'>, afterFrame: (run: () => void) => void) {
    this.api = client.api
    client.onSnapshot((snapshot) => {
      this.#newest = snapshot
      if (this.#frameAsked) return
      this.#frameAsked = true
      afterFrame(() => {
        this.#frameAsked = false
        if (this.#newest !== undefined) this.snapshot = shared(this.snapshot, this.#newest)
      })
    })
  }

  /** Shows what was known at an earlier start, unless the peer has said something already. */
  showKnown(snapshot: Snapshot): void {
    if (this.#newest === undefined) this.snapshot = snapshot
  }

  /** Shows nothing of the device any more, until its peer says something again. */
  hide(): void {
    this.#newest = undefined
    this.snapshot = undefined
  }

  thing(key: StreamKey): ThingView | undefined {
    return this.snapshot?.things.find((thing) => thing.key === key)
  }
}
