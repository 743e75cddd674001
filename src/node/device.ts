import type { PublicKey } from '../core/model/id.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import type { Reading } from '../reading/reading.ts'
import type { History } from '../reading/series.ts'
import {
  ApiError,
  type Api,
  type CallOptions,
  type ImportReport,
  type InvitationView,
  type PairingCode,
  type Snapshot,
  type StreamKey,
} from './api.ts'
import { Deletions } from './deletions.ts'
import { Historian } from './historian.ts'
import { INPUTS, parseInput } from './inputs.ts'
import { decodeInvitation, encodeInvitation, type Invitation } from './invitation.ts'
import { LastKnown } from './last-known.ts'
import { found, loadNetwork, networkOfOne, saveNetwork } from './networks.ts'
import { askPairing } from './pairing.ts'
import { stored } from './storage-errors.ts'
import { Teller } from './teller.ts'
import { Sealer } from './sealer.ts'
import { Session, type SessionParts } from './session.ts'
import { describedOf, snapshotOf } from './snapshot.ts'
import { ThingDesk } from './thing-desk.ts'
import { Things } from './things.ts'

/** Snapshots are at least this far apart: ten a second look live, and a flood of blocks costs no more. */
const SNAPSHOT_EVERY_MS = 100

export interface DeviceParts extends Omit<SessionParts, 'things' | 'onChanged'> {
  publish(snapshot: Snapshot): void
}

/** This device: its things, the network it is in, and all the app may ask of it. Composed once per browser. */
export class Device implements Api {
  readonly #parts: DeviceParts
  readonly #things: Things
  readonly #sealer: Sealer
  readonly #teller: Teller
  readonly #desk: ThingDesk
  readonly #historian: Historian
  readonly #deletions: Deletions
  readonly #lastKnown: LastKnown
  #session: Session | undefined
  /** The network the session is in, and relays it was entered with. */
  #entered: Invitation | undefined
  #joining: Promise<unknown> = Promise.resolve()
  #publishing = false

  private constructor(parts: DeviceParts, things: Things) {
    this.#parts = parts
    this.#things = things
    this.#lastKnown = new LastKnown(parts.notes)
    this.#teller = new Teller(parts.keys.publicKey, () => this.#present.payments)
    this.#sealer = new Sealer({
      clock: parts.clock,
      random: parts.random,
      keys: parts.keys,
      place: () => this.#present,
      onChanged: () => this.#changed(),
    })
    this.#desk = new ThingDesk({
      ...parts,
      device: parts.keys.publicKey,
      things,
      sealer: this.#sealer,
      storage: () => this.#present.node.storage.state,
      onChanged: () => this.#changed(),
      onEdited: () => this.#edited(),
    })
    this.#deletions = new Deletions({
      device: parts.keys.publicKey,
      clock: parts.clock,
      notes: parts.notes,
      place: () => this.#present,
      onChanged: () => this.#changed(),
    })
    this.#historian = new Historian({
      desk: this.#desk,
      sealer: this.#sealer,
      known: (key) => describedOf(key, this.#present),
      place: () => this.#present,
      onChanged: () => this.#changed(),
    })
  }

  /**
   * Opens the device's network: on a first run the one an invitation names, else a network of one.
   *
   * @param invitation text of an invitation, heeded only on a first run; a bad one is passed over
   */
  static async open(parts: DeviceParts, invitation?: string): Promise<Device> {
    const device = new Device(parts, await Things.load(parts.notes))
    const stored = await loadNetwork(parts.notes)
    const entered = stored ?? invited(invitation) ?? device.#alone()
    if (stored === undefined) await saveNetwork(parts.notes, entered)
    await device.#enter(entered)
    return device
  }

  /** Lets time pass; call it about once a second. */
  tick(): void {
    this.#session?.tick()
    const nowMs = this.#parts.clock.nowMs()
    const things = this.#things.all()
    this.#sealer.tick(things)
    this.#desk.tick(nowMs)
    if (this.#session) this.#deletions.tick(nowMs, things)
    this.#lastKnown.tick(nowMs)
  }

  /** Nobody looks any more: what is known now is kept, in case nobody comes back. */
  hidden(): void {
    this.#edited()
  }

  async stop(): Promise<void> {
    await this.#session?.stop()
  }

  async addThing(input: unknown): Promise<StreamKey> {
    return this.#desk.add(parseInput(INPUTS.addThing, input))
  }

  async logReadings(input: unknown): Promise<void> {
    this.#desk.log(parseInput(INPUTS.logReadings, input))
  }

  async flush(input: unknown, options: CallOptions = {}): Promise<void> {
    return this.#desk.flush(parseInput(INPUTS.thing, input), options)
  }

  async renameThing(input: unknown): Promise<void> {
    return this.#desk.rename(parseInput(INPUTS.renameThing, input))
  }

  async setThing(input: unknown): Promise<void> {
    return this.#desk.set(parseInput(INPUTS.setThing, input))
  }

  async forgetThing(input: unknown): Promise<void> {
    return this.#desk.forget(parseInput(INPUTS.thing, input))
  }

  async shareThing(input: unknown): Promise<void> {
    return this.#desk.share(parseInput(INPUTS.shareThing, input))
  }

  async readHistory(input: unknown, options: CallOptions = {}): Promise<History> {
    return this.#historian.read(parseInput(INPUTS.readHistory, input), options)
  }

  async readReadings(input: unknown): Promise<readonly Reading[]> {
    return this.#historian.newest(parseInput(INPUTS.readReadings, input))
  }

  async exportHistory(input: unknown, options: CallOptions = {}): Promise<Blob> {
    return this.#historian.export(parseInput(INPUTS.exportHistory, input), options)
  }

  async importHistory(input: unknown, options: CallOptions = {}): Promise<ImportReport> {
    return this.#historian.import(parseInput(INPUTS.importHistory, input), options)
  }

  async deleteHistory(input: unknown): ReturnType<Api['deleteHistory']> {
    const { thing, beforeMs } = parseInput(INPUTS.deleteHistory, input)
    // of a thing that was forgotten too: what was kept of it is still ours
    if (!thing.startsWith(`${this.#device}:`)) this.#desk.own(thing)
    return this.#deletions.delete(thing, beforeMs)
  }

  async describeThing(input: unknown): Promise<string> {
    return this.#historian.describe(parseInput(INPUTS.thing, input))
  }

  async invite(): Promise<string> {
    const { network, node } = this.#present
    const relays = node.relay.type === 'connected' ? node.relay.multiaddrs : []
    return encodeInvitation({ network, relays })
  }

  async inspectInvitation(input: unknown): Promise<InvitationView> {
    const { network } = decodeInvitation(parseInput(INPUTS.invitation, input).invitation)
    const current = network.id === this.#present.network.id
    return { network: network.id, name: network.genesis.name, current }
  }

  async join(input: unknown): Promise<void> {
    const invitation = decodeInvitation(parseInput(INPUTS.invitation, input).invitation)
    // one at a time: a network's store may be open once
    const turn = this.#joining.then(() => this.#move(invitation))
    this.#joining = turn.catch(() => undefined)
    return turn
  }

  async found(input: unknown): Promise<void> {
    const { name, validators } = parseInput(INPUTS.found, input)
    const network = found(name, validators, this.#device, this.#parts.clock.nowMs())
    const { relay } = this.#present.node
    const relays = relay.type === 'connected' ? relay.multiaddrs : []
    return this.join({ invitation: encodeInvitation({ network, relays }) })
  }

  async pay(input: unknown, options: CallOptions = {}): Promise<TransactionId> {
    return this.#teller.pay(parseInput(INPUTS.pay, input), options)
  }

  async takeBack(input: unknown, options: CallOptions = {}): Promise<TransactionId> {
    return this.#teller.takeBack(parseInput(INPUTS.takeBack, input), options)
  }

  async claim(input: unknown, options: CallOptions = {}): Promise<TransactionId> {
    return this.#teller.claim(parseInput(INPUTS.claim, input), options)
  }

  async vouch(): Promise<void> {
    await stored(this.#present.node.validator.vouch())
  }

  async mineForOthers(input: unknown): Promise<void> {
    await stored(this.#present.mining.set(parseInput(INPUTS.mineForOthers, input).on))
    this.#changed()
  }

  async offerPairing(): Promise<PairingCode> {
    return askPairing(this.#present.transport, (pairing) => pairing.offer())
  }

  async answerPairing(input: unknown): Promise<PairingCode> {
    const { offer } = parseInput(INPUTS.offer, input)
    return askPairing(this.#present.transport, (pairing) => pairing.answer(offer))
  }

  async acceptPairing(input: unknown): Promise<void> {
    const { answer } = parseInput(INPUTS.answer, input)
    return askPairing(this.#present.transport, (pairing) => pairing.accept(answer))
  }

  async awaitPairing(input: unknown): Promise<void> {
    const { pairing: name } = parseInput(INPUTS.pairing, input)
    return askPairing(this.#present.transport, (pairing) => pairing.connected(name))
  }

  async cancelPairing(input: unknown): Promise<void> {
    this.#present.transport.pairing?.cancel(parseInput(INPUTS.pairing, input).pairing)
  }

  async #move(invitation: Invitation): Promise<void> {
    const before = this.#entered
    if (before === undefined || invitation.network.id === before.network.id) return
    // a block under way fails now, keeps its readings, and is made again in the new network
    await this.#present.stop()
    await this.#sealer.exclusively(async () => {
      try {
        await this.#enter(invitation)
        await stored(saveNetwork(this.#parts.notes, invitation))
      } catch (error) {
        if (this.#entered === invitation) await this.#present.stop()
        await this.#enter(before)
        throw error
      }
    })
  }

  async #enter(invitation: Invitation): Promise<void> {
    const parts = { ...this.#parts, things: this.#things, onChanged: () => this.#changed() }
    this.#session = await Session.open(parts, invitation.network, invitation.relays)
    this.#entered = invitation
    this.#edited()
  }

  #alone(): Invitation {
    const { keys, clock } = this.#parts
    return { network: networkOfOne(keys.publicKey, clock.nowMs()), relays: [] }
  }

  get #present(): Session {
    if (this.#session === undefined)
      throw new ApiError('failed', 'Weft is still starting. Try again in a moment.')
    return this.#session
  }

  get #device(): PublicKey {
    return this.#parts.keys.publicKey
  }

  /** Of what is kept to be shown at the next start some is not so any more. */
  #edited(): void {
    this.#lastKnown.outdate()
    this.#changed()
  }

  #changed(): void {
    if (this.#publishing) return
    this.#publishing = true
    this.#parts.after(SNAPSHOT_EVERY_MS, () => {
      this.#publishing = false
      if (this.#session === undefined) return
      const nowMs = this.#parts.clock.nowMs()
      const snapshot = snapshotOf(this.#device, this.#session, this.#things, nowMs)
      this.#parts.publish(snapshot)
      this.#lastKnown.take(snapshot, nowMs)
    })
  }
}

function invited(text: string | undefined): Invitation | undefined {
  if (text === undefined) return undefined
  try {
    return decodeInvitation(text)
  } catch {
    return undefined // the app inspects the same text and says what is wrong with it
  }
}
