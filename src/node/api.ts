/**
 * What the app may ask of the peer. The peer lives in one worker per browser; every tab talks to it
 * through `rpc.ts`. Inputs are checked where they arrive; everything here is structured-cloneable.
 */
import type { ContactsApi, ContactView } from './api/contacts.ts'
import type { GraphApi } from './api/graph.ts'
import { IDENTITY_METHODS, type IdentityApi } from './api/identity.ts'
import type { NetworkApi, NetworkView } from './api/network.ts'
import type { ThingsApi, ThingView } from './api/things.ts'
import type { WalletApi, WalletView } from './api/wallet.ts'

export * from './api/calls.ts'
export * from './api/identity.ts'
export * from './api/contacts.ts'
export * from './api/graph.ts'
export * from './api/network.ts'
export * from './api/things.ts'
export * from './api/wallet.ts'

/** `full`: the browser refuses to store more. Nothing stored is lost; new readings wait in memory. */
export type StorageState = 'ok' | 'full' | 'failing'

export interface Snapshot {
  /** The device's did:key. */
  readonly device: string
  readonly network: NetworkView
  readonly wallet: WalletView
  /** At most `CONTACTS_MAX`, by name. */
  readonly contacts: readonly ContactView[]
  readonly things: readonly ThingView[]
  readonly storage: {
    readonly state: StorageState
    readonly blocks: number
    readonly bytes: number
    /** Records set aside because their checksum failed. */
    readonly damaged: number
    /** Blocks made or received but not stored yet. */
    readonly waitingBlocks: number
  }
  /** Present where this device mines for peers that ask it to. */
  readonly minesForOthers?: boolean
}

/** What a device answers while it is not locked. */
export interface DeviceApi extends ThingsApi, NetworkApi, GraphApi, WalletApi, ContactsApi {}

export interface Api extends DeviceApi, IdentityApi {}

/** A call of the api. */
export type Method = keyof Api

/** All of them: the compiler sees to that. */
export const METHODS: Readonly<Record<Method, true>> = {
  addThing: true,
  logReadings: true,
  flush: true,
  renameThing: true,
  forgetThing: true,
  shareThing: true,
  setThing: true,
  readHistory: true,
  readReadings: true,
  exportHistory: true,
  importHistory: true,
  deleteHistory: true,
  describeThing: true,
  invite: true,
  inspectInvitation: true,
  join: true,
  found: true,
  leave: true,
  graph: true,
  blockFacts: true,
  pay: true,
  takeBack: true,
  claim: true,
  findPayments: true,
  explainBalance: true,
  allow: true,
  nameContact: true,
  removeContact: true,
  vouch: true,
  mineForOthers: true,
  offerPairing: true,
  answerPairing: true,
  acceptPairing: true,
  awaitPairing: true,
  cancelPairing: true,
  ...IDENTITY_METHODS,
}
