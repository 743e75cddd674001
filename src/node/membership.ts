import { decodeInvitation, encodeInvitation, type Invitation } from './invitation.ts'
import { ApiError } from './api.ts'
import { homeOf, rememberHome, saveNetwork } from './networks.ts'
import { stored } from './storage-errors.ts'
import { Session, type SessionParts } from './session.ts'

export interface MembershipParts extends SessionParts {
  /** Runs `work` while no block of ours is being made. */
  readonly exclusively: (work: () => Promise<void>) => Promise<void>
  /** Another network was entered. */
  readonly onEntered: () => void
}

/** Which network the device is in: one at a time, and the one before again where the next cannot be entered. */
export class Membership {
  readonly #parts: MembershipParts
  #session: Session | undefined
  /** The network the session is in, and relays it was entered with. */
  #entered: Invitation | undefined
  #moving: Promise<unknown> = Promise.resolve()

  constructor(parts: MembershipParts) {
    this.#parts = parts
  }

  /** The time in the present network; none before the first is open. */
  get session(): Session | undefined {
    return this.#session
  }

  /** The same for whoever cannot do without. @throws ApiError `failed` while the device is starting */
  get present(): Session {
    if (this.#session === undefined)
      throw new ApiError('failed', 'Weft is still starting. Try again in a moment.')
    return this.#session
  }

  /** The text of an invitation to the present network. */
  invite(): string {
    return encodeInvitation({ network: this.present.network, relays: this.relays() })
  }

  /** Addresses by which the present relay can be reached. */
  relays(): readonly string[] {
    const { relay } = this.present.node
    return relay.type === 'connected' ? relay.multiaddrs : []
  }

  /** Enters a network; the first, or where the device is in none. Throws `StoreError`. */
  async enter(invitation: Invitation): Promise<void> {
    this.#session = await Session.open(this.#parts, invitation.network, invitation.relays)
    this.#entered = invitation
    this.#parts.onEntered()
  }

  /**
   * Leaves the present network and enters the invited one.
   *
   * @throws ApiError `bad-invitation`, `storage-full`
   */
  async join(invitation: string): Promise<void> {
    return this.move(decodeInvitation(invitation))
  }

  /** The same with an invitation that was read, or what makes one once it is this one's turn. */
  async move(to: Invitation | (() => Promise<Invitation>)): Promise<void> {
    // one at a time: a network's store may be open once
    const turn = this.#moving.then(async () => this.#move(typeof to === 'function' ? await to() : to))
    this.#moving = turn.catch(() => undefined)
    return turn
  }

  /**
   * Goes back to the network of this device's own that it was in last, or to a new one, and keeps the relays.
   *
   * @throws ApiError `bad-input` where it is in a network of its own; `storage-full`
   */
  async leave(): Promise<void> {
    const { notes, keys, clock } = this.#parts
    return this.move(async () => {
      const { network } = this.present
      if (isOwn(network.genesis.committee, keys.publicKey))
        throw new ApiError('bad-input', 'This network is of this device alone. Nothing was changed.')
      return { network: await homeOf(notes, keys.publicKey, clock.nowMs()), relays: this.relays() }
    })
  }

  async #move(invitation: Invitation): Promise<void> {
    const before = this.#entered
    if (before === undefined || invitation.network.id === before.network.id) return
    const { notes, keys, exclusively } = this.#parts
    if (isOwn(before.network.genesis.committee, keys.publicKey))
      await stored(rememberHome(notes, before.network))
    // a block under way fails now, keeps its readings, and is made again in the new network
    await this.present.stop()
    await exclusively(async () => {
      try {
        await this.enter(invitation)
        await stored(saveNetwork(notes, invitation))
      } catch (error) {
        if (this.#entered === invitation) await this.present.stop()
        await this.enter(before)
        throw error
      }
    })
  }
}

/** Whether a device is all there is of a committee. */
function isOwn(committee: readonly { readonly key: string }[], device: string): boolean {
  return committee.every(({ key }) => key === device)
}
