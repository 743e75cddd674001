import { SIGNATURE_BYTES } from '../core/model/block.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { Verifier } from '../ports.ts'
import { packBatch, type Answers, type SignatureClaim, type Port } from './verify-messages.ts'

/**
 * Signatures in one message, and so in one check of many: of 64 each costs four fifths of what it costs of 32; of 128 a
 * tenth less again, at twice the wait for the first.
 */
const BATCH_MAX = 64

/**
 * Batches a worker has at once: one to be at work on while the answers of the other are on their way. That is 2 ms of work;
 * few enough that a newcomer's turn comes soon even where the worker has only WebCrypto (14 ms) or noble (55 ms).
 */
const BATCHES_MAX = 2

/** Times in a row a worker may fail before its place is given up: one that cannot start would fail for ever. */
const FAILURES_MAX = 3

/** Cores from which on two of them may verify; with fewer, the peer worker, a miner and the page need the others. */
const CORES_FOR_TWO = 4

/** How many verify workers a device with this many cores (`navigator.hardwareConcurrency`) has. */
export function verifyWorkers(cores: number): 1 | 2 {
  return cores < CORES_FOR_TWO ? 1 : 2
}

/** A claim and who waits for what comes of it. */
interface Question extends SignatureClaim {
  readonly resolve: (holds: boolean) => void
}

/** Where a worker is or may be. */
interface Place {
  port: Port | undefined
  /** What it is at work on, oldest first. */
  batches: (readonly Question[])[]
  /** In a row. */
  failures: number
}

/**
 * Checks signatures on workers that run `serveVerifier`, started when they are first needed. Whatever is asked in one
 * turn of the event loop goes together, at once where a worker is free; what waits meanwhile makes the next batches.
 * Whoever asks bounds how much waits (`atOnce`).
 *
 * A worker that fails is replaced, and what it had is checked by the verifier of this thread; so is everything once no
 * worker is left that works.
 */
export class VerifierPool implements Verifier {
  readonly #createPort: () => Port
  readonly #here: Verifier
  readonly #places: readonly Place[]
  #waiting: Question[] = []
  #isSharingDue = false

  /**
   * @param createPort starts a worker: `() => new Worker(new URL(…), { type: 'module' })`
   * @param here checks on this thread what no worker does
   */
  constructor(createPort: () => Port, workers: number, here: Verifier) {
    this.#createPort = createPort
    this.#here = here
    this.#places = Array.from({ length: workers }, () => ({ port: undefined, batches: [], failures: 0 }))
  }

  get atOnce(): number {
    return this.#places.length * BATCHES_MAX * BATCH_MAX
  }

  verify(signature: Uint8Array, message: Uint8Array, key: PublicKey): Promise<boolean> {
    if (signature.length !== SIGNATURE_BYTES) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#waiting.push({ signature, message, key, resolve })
      if (this.#isSharingDue) return
      this.#isSharingDue = true
      queueMicrotask(() => {
        this.#isSharingDue = false
        this.#share()
      })
    })
  }

  /** Ends the workers. What was asked is answered by this thread, and so is what comes later. */
  close(): void {
    for (const place of this.#places) {
      place.failures = FAILURES_MAX
      this.#giveUp(place)
    }
    this.#share()
  }

  /** Hands what waits to whoever has least to do. */
  #share(): void {
    while (this.#waiting.length > 0) {
      const place = this.#freest()
      if (place === undefined) return this.#checkHere(this.#waiting.splice(0))
      if (place.batches.length >= BATCHES_MAX) return
      this.#send(place, this.#waiting.splice(0, BATCH_MAX))
    }
  }

  #freest(): Place | undefined {
    return this.#places
      .filter(({ failures }) => failures < FAILURES_MAX)
      .reduce<Place | undefined>(
        (least, each) => (least === undefined || each.batches.length < least.batches.length ? each : least),
        undefined,
      )
  }

  #send(place: Place, batch: readonly Question[]): void {
    const packed = packBatch(batch)
    place.batches.push(batch)
    try {
      place.port ??= this.#open(place)
      place.port.postMessage(packed, [packed.buffer])
    } catch {
      this.#fail(place)
    }
  }

  #open(place: Place): Port {
    const port = this.#createPort()
    // What a worker that was given up still has on the way is nobody's business any more.
    port.addEventListener('message', ({ data }) => {
      if (place.port !== port) return
      this.#receive(place, data)
      this.#share()
    })
    port.addEventListener('error', () => {
      if (place.port !== port) return
      this.#fail(place)
      this.#share()
    })
    return port
  }

  #receive(place: Place, answers: Answers): void {
    const [batch] = place.batches
    if (batch?.length !== answers.length) return this.#fail(place)
    place.failures = 0
    place.batches.shift()
    batch.forEach(({ resolve }, i) => resolve(answers[i] === 1))
  }

  #fail(place: Place): void {
    place.failures++
    this.#giveUp(place)
  }

  #giveUp(place: Place): void {
    place.port?.terminate()
    place.port = undefined
    this.#checkHere(place.batches.splice(0).flat())
  }

  #checkHere(questions: readonly Question[]): void {
    for (const { signature, message, key, resolve } of questions)
      void this.#here.verify(signature, message, key).then(resolve)
  }
}
