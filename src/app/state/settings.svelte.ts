import type { Api, StreamKey } from '../../node/api.ts'
import type { ThingSettings } from '../../reading/thing-settings.ts'
import type { NoticesState } from './notices.svelte.ts'

/** Changes one thing's settings, part by part. */
export class SettingsState {
  busy = $state(false)
  readonly #api: Pick<Api, 'setThing'>
  readonly #notices: NoticesState
  readonly #thing: StreamKey
  /** What was sent last, and what the snapshot said then: until it says something else, the former holds. */
  #sent: { readonly settings: ThingSettings; readonly over: ThingSettings } | undefined

  constructor(api: Pick<Api, 'setThing'>, notices: NoticesState, thing: StreamKey) {
    this.#api = api
    this.#notices = notices
    this.#thing = thing
  }

  /**
   * Sends the settings with a change. Resolves false where that failed, which is said, or another change is under way.
   *
   * @param current as in the newest snapshot
   */
  async change(current: ThingSettings, edit: (settings: ThingSettings) => ThingSettings): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    const settings = edit(this.#sent?.over === current ? this.#sent.settings : current)
    const done = await this.#notices.watch(this.#api.setThing({ thing: this.#thing, settings }))
    if (done) this.#sent = { settings, over: current }
    this.busy = false
    return done
  }
}
