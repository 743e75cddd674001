import type { PublicKey } from '../core/model/id.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import type { History } from '../reading/series.ts'
import {
  ApiError,
  type Api,
  type CallOptions,
  type HistoryQuery,
  type InvitationView,
  type PairingCode,
  type Snapshot,
  type StreamKey,
} from './api.ts'
import { readHistory } from './history.ts'
import { INPUTS, parseInput } from './inputs.ts'
import { decodeInvitation, encodeInvitation, type Invitation } from './invitation.ts'
import { LastKnown } from './last-known.ts'
import { found, loadNetwork, networkOfOne, saveNetwork } from './networks.ts'
import { askPairing } from './pairing.ts'
import { failing, full, stored } from './storage-errors.ts'
import { Teller } from './teller.ts'
import { Sealer } from './sealer.ts'
import { Session, type SessionParts } from './session.ts'
import { snapshotOf } from './snapshot.ts'
import { streamKeyOf } from './streams.ts'
import { Things, THINGS_MAX, type Thing } from './things.ts'
import { unlessAborted } from './unless-aborted.ts'

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
    this.#sealer.tick(this.#things.all())
    this.#lastKnown.tick(this.#parts.clock.nowMs())
  }

  /** Nobody looks any more: what is known now is kept, in case nobody comes back. */
  hidden(): void {
    this.#edited()
  }

  async stop(): Promise<void> {
    await this.#session?.stop()
  }

  async addThing(input: unknown): Promise<StreamKey> {
    const { name, kind } = parseInput(INPUTS.addThing, input)
    if (this.#things.all().length >= THINGS_MAX)
      throw new ApiError(
        'bad-input',
        `This device has ${THINGS_MAX} things, the most it can. Forget one first.`,
      )
    const { random, clock } = this.#parts
    const thing = await stored(this.#things.add(name, kind, random, clock.nowMs()))
    this.#edited()
    return this.#keyOf(thing)
  }

  async logReadings(input: unknown): Promise<void> {
    const { thing: key, readings } = parseInput(INPUTS.logReadings, input)
    const thing = this.#ownThing(key)
    const taken = thing.batcher.add(readings, this.#parts.clock.nowMs())
    thing.live.add(readings.slice(0, taken))
    this.#sealer.tick([thing])
    this.#changed()
    if (taken < readings.length)
      throw new ApiError(
        'storage-full',
        'Too many readings wait to be stored, so the newest were not taken. All earlier ones are kept. Free some space, or stop the sensor.',
      )
  }

  async flush(input: unknown, options: CallOptions = {}): Promise<void> {
    const thing = this.#ownThing(parseInput(INPUTS.thing, input).thing)
    thing.batcher.end()
    const { state } = this.#present.node.storage
    if (state !== 'ok') throw state === 'full' ? full() : failing()
    try {
      // a block that waits for its turn or for the disk goes on by itself; only the caller stops waiting
      await unlessAborted(this.#sealer.seal(thing, options), options.signal)
    } catch (error) {
      if (options.signal?.aborted)
        throw new ApiError('cancelled', 'Cancelled. The readings are kept and wait.')
      throw error
    }
  }

  async renameThing(input: unknown): Promise<void> {
    const { thing, name } = parseInput(INPUTS.renameThing, input)
    await stored(this.#things.rename(this.#ownThing(thing), name))
    this.#edited()
  }

  async forgetThing(input: unknown): Promise<void> {
    const { thing } = parseInput(INPUTS.thing, input)
    const own = this.#ownThing(thing)
    // what waits belongs to the history that stays: without a place for it nothing is forgotten
    await this.flush(input)
    await stored(this.#things.forget(own))
    this.#edited()
  }

  async shareThing(input: unknown): Promise<void> {
    const { thing, open } = parseInput(INPUTS.shareThing, input)
    await stored(this.#things.setOpen(this.#ownThing(thing), open))
    this.#edited()
  }

  async readHistory(input: HistoryQuery, options: CallOptions = {}): Promise<History> {
    const query = parseInput(INPUTS.readHistory, input)
    const { streams, blocks, records } = this.#present
    const stream = streams.get(query.thing)
    if (stream === undefined) return { series: [], readings: 0, missing: 0 }
    return readHistory(stream, query, blocks, records, options)
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

  #keyOf(thing: Thing): StreamKey {
    return streamKeyOf(this.#device, thing.streamId)
  }

  #ownThing(key: StreamKey): Thing {
    const thing = this.#things.get(key.slice(key.indexOf(':') + 1))
    if (thing === undefined || this.#keyOf(thing) !== key)
      throw new ApiError('unknown-thing', 'This thing is not on this device any more. Its blocks are kept.')
    return thing
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
