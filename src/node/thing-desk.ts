import type * as v from 'valibot'
import type { PublicKey } from '../core/model/id.ts'
import type { Clock, Random } from '../ports.ts'
import { ApiError, type CallOptions, type StorageState, type StreamKey } from './api.ts'
import type { INPUTS } from './inputs.ts'
import type { Sealer } from './sealer.ts'
import { failing, full, stored } from './storage-errors.ts'
import { streamKeyOf } from './streams.ts'
import { THINGS_MAX, type Thing, type Things } from './things.ts'
import { unlessAborted } from './unless-aborted.ts'

type Input<Name extends keyof typeof INPUTS> = v.InferOutput<(typeof INPUTS)[Name]>

interface ThingDeskParts {
  readonly device: PublicKey
  readonly clock: Clock
  readonly random: Random
  readonly things: Things
  readonly sealer: Sealer
  storage(): StorageState
  /** What was seen of a thing just now, which nobody need remember. */
  onChanged(): void
  /** Of what is kept to be shown at the next start some is not so any more. */
  onEdited(): void
}

/** What a person does with the things of this device, and what goes wrong with that in words. */
export class ThingDesk {
  readonly #parts: ThingDeskParts

  constructor(parts: ThingDeskParts) {
    this.#parts = parts
  }

  async add({ name, kind, source }: Input<'addThing'>): Promise<StreamKey> {
    const { things, random, clock } = this.#parts
    if (things.all().length >= THINGS_MAX)
      throw new ApiError(
        'bad-input',
        `This device has ${THINGS_MAX} things, the most it can. Forget one first.`,
      )
    const thing = await stored(things.add({ name, kind, source }, random, clock.nowMs()))
    this.#parts.onEdited()
    return this.#keyOf(thing)
  }

  log({ thing: key, readings }: Input<'logReadings'>): void {
    const thing = this.own(key)
    const nowMs = this.#parts.clock.nowMs()
    const measured = thing.shaper.calibrate(readings)
    thing.live.add(measured, nowMs)
    thing.alerts.take(measured, nowMs)
    const kept = thing.shaper.thin(measured)
    const taken = thing.batcher.add(kept, nowMs)
    this.#parts.sealer.tick([thing])
    this.#parts.onChanged()
    if (taken < kept.length)
      throw new ApiError(
        'storage-full',
        'Too many readings wait to be stored, so the newest were not taken. All earlier ones are kept. Free some space, or stop the sensor.',
      )
  }

  async flush({ thing: key }: Input<'thing'>, options: CallOptions): Promise<void> {
    const thing = this.own(key)
    thing.batcher.end()
    const state = this.#parts.storage()
    if (state !== 'ok') throw state === 'full' ? full() : failing()
    try {
      // a block that waits for its turn or for the disk goes on by itself; only the caller stops waiting
      await unlessAborted(this.#parts.sealer.seal(thing, options), options.signal)
    } catch (error) {
      if (options.signal?.aborted)
        throw new ApiError('cancelled', 'Cancelled. The readings are kept and wait.')
      throw error
    }
  }

  /** Lets time pass: a rule may hold by that alone. */
  tick(nowMs: number): void {
    for (const { alerts } of this.#parts.things.all()) if (alerts.hasNews(nowMs)) this.#parts.onChanged()
  }

  async rename({ thing, name }: Input<'renameThing'>): Promise<void> {
    await stored(this.#parts.things.rename(this.own(thing), name))
    this.#parts.onEdited()
  }

  async set({ thing, ...change }: Input<'setThing'>): Promise<void> {
    await stored(this.#parts.things.set(this.own(thing), change))
    this.#parts.onEdited()
  }

  async share({ thing, open }: Input<'shareThing'>): Promise<void> {
    await stored(this.#parts.things.setOpen(this.own(thing), open))
    this.#parts.onEdited()
  }

  async forget(input: Input<'thing'>): Promise<void> {
    const thing = this.own(input.thing)
    // what waits belongs to the history that stays: without a place for it nothing is forgotten
    await this.flush(input, {})
    await stored(this.#parts.things.forget(thing))
    this.#parts.onEdited()
  }

  /** @throws ApiError `unknown-thing` */
  own(key: StreamKey): Thing {
    const thing = this.#parts.things.get(key.slice(key.indexOf(':') + 1))
    if (thing === undefined || this.#keyOf(thing) !== key)
      throw new ApiError('unknown-thing', 'This thing is not on this device any more. Its blocks are kept.')
    return thing
  }

  #keyOf(thing: Thing): StreamKey {
    return streamKeyOf(this.#parts.device, thing.streamId)
  }
}
