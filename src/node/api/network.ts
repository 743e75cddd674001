/** The network and the devices in it: what is shown of them, and what may be asked. */
import type { NetworkId } from '../../core/model/id.ts'
import type { PairingCode, PeerId, RelayState, Stranger } from '../../ports.ts'

export type { PairingCode }

export interface PeerView {
  readonly id: PeerId
  readonly direct: boolean
  /** How long the newest ping took, there and back; absent before the first. */
  readonly rttMs?: number
}

/** What a network's order looks like from here. */
export interface OrderView {
  /** Commits so far. */
  readonly index: number
  /** Commit time of the newest. */
  readonly atMs: number
  readonly validator: ValidatorState
  /** did:keys and weights of the validators. */
  readonly committee: readonly { readonly key: string; readonly weight: number }[]
  /**
   * So many validators, of more than a third of the weight, have signed another order than this device has made, up to
   * this commit at least. Payments are stopped here, nothing else is. Absent where all is well.
   */
  readonly diverged?: { readonly index: number; readonly validators: number }
}

interface FoundInput {
  readonly name: string
  /** did:keys of its validators, each of weight 1; this device need not be among them. */
  readonly validators: readonly string[]
}

/**
 * This device as a validator. `none`: it is not one. `listening`: it may have proposed elsewhere and has to hear the
 * others first. `alone`: the same, and its person has to vouch that there is no other copy. `clock-off`: its clock is
 * that much behind the others' (negative: ahead), so it proposes nothing. `diverged`: see `OrderView`; it proposes no more.
 */
export type ValidatorState =
  | { readonly type: 'none' | 'proposing' | 'listening' | 'alone' | 'diverged' }
  | { readonly type: 'clock-off'; readonly offsetMs: number }

/** How far this device has got with the commits that its peers have and it lacks. */
export interface CatchingUpView {
  /** Commits so far. */
  readonly index: number
  /** Commits that peers say there are. */
  readonly upTo: number
  /** Until then, at the pace so far; absent until there is one. */
  readonly leftMs?: number
}

/** Somebody this device met who is in another network or speaks another version, and when. */
export type StrangerView = Stranger & { readonly atMs: number }

/** The network this device is in, as it is seen from here. */
export interface NetworkView {
  readonly id: NetworkId
  readonly name: string
  readonly relay: RelayState
  readonly peers: readonly PeerView[]
  readonly order: OrderView
  /** Absent where there is nothing to catch up, or only a moment's. */
  readonly catchingUp?: CatchingUpView
  /** The newest, however long ago. */
  readonly stranger?: StrangerView
}

export interface InvitationView {
  readonly network: NetworkId
  readonly name: string
  /** True where this device is in that network already. */
  readonly current: boolean
}

export interface NetworkApi {
  /** The text of an invitation to this network, for a link's `#join=` part. */
  invite(input: Record<string, never>): Promise<string>
  inspectInvitation(input: { readonly invitation: string }): Promise<InvitationView>
  /** Leaves the present network (its blocks stay stored) and enters the invited one. */
  join(input: { readonly invitation: string }): Promise<void>
  /** Founds a network whose money is all this device's, and enters it as `join` does. */
  found(input: FoundInput): Promise<void>
  /**
   * Goes back to the network of its own that this device was in last, or to a new one. Refused (`bad-input`) where it is
   * in one. What is stored of either network stays.
   */
  leave(input: Record<string, never>): Promise<void>
  /**
   * The person vouches that no other copy of this validator is running. Only where `ValidatorState` says `alone`; a
   * false word here breaks the network.
   */
  vouch(input: Record<string, never>): Promise<void>
  /** Has this device mine for peers that ask it to, or no longer. Its own work goes first. */
  mineForOthers(input: { readonly on: boolean }): Promise<void>
  /** A code for another device in this network, to connect with it without a server. */
  offerPairing(input: Record<string, never>): Promise<PairingCode>
  /** Takes the code another device shows. The answer has to be entered there. */
  answerPairing(input: { readonly offer: string }): Promise<PairingCode>
  /** Takes the answer to a code this device shows; `awaitPairing` says how it ends. */
  acceptPairing(input: { readonly answer: string }): Promise<void>
  /** Resolves once the two devices are connected. @param input.pairing as in `PairingCode` */
  awaitPairing(input: { readonly pairing: string }): Promise<void>
  /** Gives up a pairing that is not connected. */
  cancelPairing(input: { readonly pairing: string }): Promise<void>
}
