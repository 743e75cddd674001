import type { PublicKey } from '../core/model/id.ts'
import type { Reading } from '../reading/reading.ts'
import type { History } from '../reading/series.ts'
import {
  type DeviceApi,
  type BlockFacts,
  type CallOptions,
  type GraphChanges,
  type ImportReport,
  type InvitationView,
  type PairingCode,
  type Snapshot,
  type StreamKey,
} from './api.ts'
import { Contacts } from './contacts.ts'
import { Deletions } from './deletions.ts'
import { Historian } from './historian.ts'
import { INPUTS, parseInput } from './inputs.ts'
import { decodeInvitation, type Invitation } from './invitation.ts'
import { LastKnown } from './last-known.ts'
import { Membership } from './membership.ts'
import { found, loadNetwork, networkOfOne, saveNetwork } from './networks.ts'
import { askPairing } from './pairing.ts'
import { proposerNote } from './proposer-note.ts'
import { stored } from './storage-errors.ts'
import { Teller } from './teller.ts'
import { Sealer } from './sealer.ts'
import type { Session, SessionParts } from './session.ts'
import { describedOf, snapshotOf } from './snapshot.ts'
import { ThingDesk } from './thing-desk.ts'
import { streamKeyOf } from './streams.ts'
import { Things, waitingReadings } from './things.ts'
import { WalletCalls } from './wallet-calls.ts'

/** Snapshots are at least this far apart: ten a second look live, and a flood of blocks costs no more. */
const SNAPSHOT_EVERY_MS = 100

export interface DeviceParts extends Omit<SessionParts, 'things' | 'onChanged'> {
  publish(snapshot: Snapshot): void
  /** Whether what is published is kept in the clear for the next start to show; where it is left out, it is. */
  keepsLastKnown?(): boolean
}

/** This device: its things, the network it is in, and all the app may ask of it. Composed once per browser. */
export class Device extends WalletCalls implements DeviceApi {
  readonly #parts: DeviceParts
  readonly #things: Things
  readonly #contacts: Contacts
  readonly #sealer: Sealer
  protected readonly teller: Teller
  readonly #desk: ThingDesk
  readonly #historian: Historian
  readonly #deletions: Deletions
  readonly #lastKnown: LastKnown
  readonly #membership: Membership
  #publishing = false
  #isStopped = false

  private constructor(parts: DeviceParts, things: Things, contacts: Contacts) {
    super()
    this.#parts = parts
    this.#things = things
    this.#contacts = contacts
    this.#lastKnown = new LastKnown(parts.notes)
    this.#membership = new Membership({
      ...parts,
      things,
      exclusively: (work) => this.#sealer.exclusively(work),
      onChanged: () => this.#changed(),
      onEntered: () => this.#edited(),
    })
    this.teller = new Teller({
      device: parts.keys.publicKey,
      contacts,
      place: () => this.#present,
      onEdited: () => this.#edited(),
    })
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
    const device = new Device(parts, await Things.load(parts.notes), await Contacts.load(parts.notes))
    const stored = await loadNetwork(parts.notes)
    const entered = stored ?? invited(invitation) ?? (await device.#alone())
    if (stored === undefined) await saveNetwork(parts.notes, entered)
    await device.#membership.enter(entered)
    return device
  }

  /** Lets time pass; call it about once a second. */
  tick(): void {
    const { session } = this.#membership
    session?.tick()
    const nowMs = this.#parts.clock.nowMs()
    const things = this.#things.all()
    this.#sealer.tick(things)
    this.#desk.tick(nowMs)
    if (session) this.#deletions.tick(nowMs, things)
    this.#lastKnown.tick(nowMs)
  }

  /** Nobody looks any more: what is known now is kept, in case nobody comes back. */
  hidden(): void {
    this.#edited()
  }

  /** Makes blocks of what waits in memory, unless that takes too long. Never rejects: what cannot be saved has been said. */
  async saveWaiting(signal: AbortSignal): Promise<void> {
    const waiting = this.#things.all().filter((thing) => waitingReadings(thing) > 0)
    const keys = waiting.map(({ streamId }) => streamKeyOf(this.#device, streamId))
    await Promise.allSettled(keys.map((thing) => this.flush({ thing }, { signal })))
  }

  /** Leaves the network; nothing is published any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#membership.session?.stop()
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

  async deleteHistory(input: unknown): ReturnType<DeviceApi['deleteHistory']> {
    const { thing, beforeMs } = parseInput(INPUTS.deleteHistory, input)
    // of a thing that was forgotten too: what was kept of it is still ours
    if (!thing.startsWith(`${this.#device}:`)) this.#desk.own(thing)
    return this.#deletions.delete(thing, beforeMs)
  }

  async describeThing(input: unknown): Promise<string> {
    return this.#historian.describe(parseInput(INPUTS.thing, input))
  }

  async invite(): Promise<string> {
    return this.#membership.invite()
  }

  async inspectInvitation(input: unknown): Promise<InvitationView> {
    const { network } = decodeInvitation(parseInput(INPUTS.invitation, input).invitation)
    const current = network.id === this.#present.network.id
    return { network: network.id, name: network.genesis.name, current }
  }

  async join(input: unknown): Promise<void> {
    return this.#membership.join(parseInput(INPUTS.invitation, input).invitation)
  }

  async leave(): Promise<void> {
    return this.#membership.leave()
  }

  async found(input: unknown): Promise<void> {
    const { name, validators } = parseInput(INPUTS.found, input)
    const network = found(name, validators, this.#device, this.#parts.clock.nowMs())
    return this.#membership.move({ network, relays: this.#membership.relays() })
  }

  async vouch(): Promise<void> {
    await stored(this.#present.node.validator.vouch())
  }

  async mineForOthers(input: unknown): Promise<void> {
    await stored(this.#present.mining.set(parseInput(INPUTS.mineForOthers, input).on))
    this.#changed()
  }

  async graph(input: unknown): Promise<GraphChanges> {
    return this.#present.feed.changes(parseInput(INPUTS.graph, input).after)
  }

  async blockFacts(input: unknown): Promise<BlockFacts> {
    return this.#present.factsOf(parseInput(INPUTS.blockFacts, input))
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

  async #alone(): Promise<Invitation> {
    const { keys, clock, notes } = this.#parts
    const network = networkOfOne(keys.publicKey, clock.nowMs())
    // in a network of this moment no key has proposed, not even one that is at work elsewhere too
    await proposerNote(notes, network.id).save({ round: 0, bytes: new Uint8Array() })
    return { network, relays: [] }
  }

  get #present(): Session {
    return this.#membership.present
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
      const { session } = this.#membership
      if (session === undefined || this.#isStopped) return
      const nowMs = this.#parts.clock.nowMs()
      const shown = { things: this.#things, contacts: this.#contacts }
      const snapshot = snapshotOf(this.#device, session, shown, nowMs)
      this.#parts.publish(snapshot)
      if (this.#parts.keepsLastKnown?.() !== false) this.#lastKnown.take(snapshot, nowMs)
    })
  }
}

function invited(text: string | undefined): Invitation | undefined {
  try {
    return text === undefined ? undefined : decodeInvitation(text)
  } catch {
    return undefined // the app inspects the same text and says what is wrong with it
  }
}
