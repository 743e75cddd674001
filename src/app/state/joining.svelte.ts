import type { Api, InvitationView } from '../../node/api.ts'
import { frameText } from '../texts/frame/text.ts'
import type { NoticesState } from './notices.svelte.ts'

/** An invitation that waits for the person's yes or no. */
export interface AskedInvitation {
  readonly invitation: string
  readonly view: InvitationView
}

/** Joining another network by an invitation: looked at first, asked about, then done. */
export class JoiningState {
  asked = $state.raw<AskedInvitation>()
  busy = $state(false)
  readonly #api: Pick<Api, 'inspectInvitation' | 'join'>
  readonly #notices: NoticesState

  constructor(api: Pick<Api, 'inspectInvitation' | 'join'>, notices: NoticesState) {
    this.#api = api
    this.#notices = notices
  }

  /**
   * Reads `invitation` and asks, unless this device is in that network already.
   *
   * @param expected true on a first visit, where the peer joins by itself and there is nothing to say
   */
  async consider(invitation: string, expected: boolean): Promise<void> {
    await this.#notices.watch(
      this.#api.inspectInvitation({ invitation }).then((view) => {
        if (!view.current) this.asked = { invitation, view }
        else if (!expected) this.#notices.add('info', frameText().inThatNetwork)
      }),
    )
  }

  async accept(): Promise<void> {
    if (!this.asked || this.busy) return
    const { invitation } = this.asked
    this.busy = true
    const joined = await this.#notices.watch(this.#api.join({ invitation }))
    this.busy = false
    this.asked = undefined
    if (joined) this.#notices.add('info', frameText().joined)
  }

  decline(): void {
    this.asked = undefined
  }
}
