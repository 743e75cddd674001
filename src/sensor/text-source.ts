/** A file or a pasted text of what a serial device said, read as its line would be. */
import type { Reading } from '../reading/reading.ts'
import { knownSpeech } from './hearing.ts'
import { GUESS_BYTES_MAX } from './parse/guess.ts'
import { sensorProblem } from './problem.ts'
import { readerOf, type LineSpeech } from './serial-config.ts'
import type { Sensor, SensorHandlers, SensorState, SensorTime } from './sensor.ts'
import { after } from './timers.ts'

/** Bad rows that are named; more are only counted. A person looks at a screenful. */
export const BAD_ROWS_MAX = 100

/** Bytes read and stored at once: a thousand rows or two, which make a few blocks and take some hundredths of a second. */
export const SLICE_BYTES = 65_536

/** Between slices the page does other things. */
export const SLICE_EVERY_MS = 20

const LF = 0x0a
const CR = 0x0d

/** Of `File`. */
export interface TextFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Throws, or fails with, an `AbortError` where a person was asked for it and chose none. */
  stream(): ReadableStream<Uint8Array>
}

export interface TextProgress {
  readonly bytes: number
  readonly bytesTotal: number
  /** Rows that gave readings, or said in good order that there are none. */
  readonly good: number
  /** Rows that could not be read. */
  readonly bad: number
  /** The numbers of the first `BAD_ROWS_MAX` of those, from 1, blank lines counted. */
  readonly badRows: readonly number[]
  /** Readings that were stored before. */
  readonly known: number
}

export interface TextHandlers extends SensorHandlers {
  /** So much has been read, and its readings stored. */
  onProgress(progress: TextProgress): void
  /**
   * Stores those of a text's readings that are not stored yet. Resolves with how many were, or with nothing where they cannot be
   * stored, which has been said, or once `signal` is aborted. Never rejects.
   */
  store(readings: readonly Reading[], signal: AbortSignal): Promise<number | undefined>
}

/**
 * A file is no sensor that speaks now: its readings go to `store`, which it waits for, and none to `onReadings`. Rows carry the
 * times they name. One without is of now: all of them end with the start, a millisecond apart in their order, so that no two
 * are the same. When all is read it has stopped.
 */
export class TextSource implements Sensor {
  readonly kind = 'lines'
  readonly #file: TextFile
  readonly #speech: LineSpeech
  readonly #time: SensorTime
  readonly #handlers: TextHandlers
  #state: SensorState = { type: 'stopped' }
  #run = new AbortController()

  constructor(file: TextFile, speech: LineSpeech, time: SensorTime, handlers: TextHandlers) {
    this.#file = file
    this.#speech = speech
    this.#time = time
    this.#handlers = handlers
  }

  get state(): SensorState {
    return this.#state
  }

  /** Resolves when it is known what the text says; the rows come from then on. Each start begins at the first. */
  async start(): Promise<void> {
    if (this.#state.type !== 'stopped' && this.#state.type !== 'failed') return
    this.#run = new AbortController()
    const { signal } = this.#run
    this.#become({ type: 'connecting' })
    try {
      const slices = slicesOf(this.#file.stream(), signal)
      const first = await firstOf(slices, GUESS_BYTES_MAX)
      if (signal.aborted) return
      const rows = this.#rowsFor(first)
      if (rows === undefined) {
        this.#become({ type: 'failed', problem: sensorProblem('unreadable-text') })
        return
      }
      this.#becomeLive(0)
      void this.#readAll(first, slices, rows, signal)
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  stop(): void {
    this.#run.abort()
    this.#become({ type: 'stopped' })
  }

  #rowsFor(first: readonly Uint8Array[]): Rows | undefined {
    const heard = new Uint8Array(first.flatMap((slice) => [...slice]))
    const speech = knownSpeech(heard, this.#speech) ?? knownSpeech(withLineEnd(heard), this.#speech)
    return speech && new Rows(readerOf(speech), this.#time.nowMs() - this.#file.size)
  }

  async #readAll(
    first: readonly Uint8Array[],
    rest: AsyncIterator<Uint8Array>,
    rows: Rows,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      this.#tell(rows)
      for (const slice of first) await this.#take(rows.take(slice), rows, signal)
      for (let next = await rest.next(); !next.done; next = await rest.next()) {
        await this.#take(rows.take(next.value), rows, signal)
      }
      await this.#take(rows.end(), rows, signal)
      if (!signal.aborted) this.#become({ type: 'stopped' })
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  /** Stores what rows have given, tells of them, and rests. */
  async #take(readings: readonly Reading[], rows: Rows, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const known = readings.length === 0 ? 0 : await this.#handlers.store(readings, signal)
    if (signal.aborted) return
    if (known === undefined) {
      this.stop()
      return
    }
    rows.known += known
    this.#tell(rows)
    if (signal.aborted) return
    if (this.#state.type === 'live' && rows.bad > this.#state.malformed) this.#becomeLive(rows.bad)
    const { promise, resolve } = Promise.withResolvers<void>()
    after(this.#time, SLICE_EVERY_MS, signal, resolve)
    signal.addEventListener('abort', () => resolve())
    await promise
  }

  #tell({ bytes, good, bad, badRows, known }: Rows): void {
    const bytesTotal = this.#file.size
    this.#handlers.onProgress({ bytes, bytesTotal, good, bad, badRows: [...badRows], known })
  }

  /** A file that was not chosen, or that was moved or changed meanwhile. */
  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    const isNone = error instanceof Error && error.name === 'AbortError'
    const problem = isNone ? sensorProblem('no-file') : sensorProblem('unreadable-text', error)
    this.#become({ type: 'failed', problem })
  }

  #becomeLive(malformed: number): void {
    this.#become({ type: 'live', name: this.#file.name, malformed })
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
  }
}

/** Counts rows while it reads them. */
class Rows {
  readonly #reader: ReturnType<typeof readerOf>
  readonly #fromMs: number
  /** Of the row that is being read, from 1. */
  #number = 1
  #last = 0
  bytes = 0
  good = 0
  bad = 0
  known = 0
  readonly badRows: number[] = []

  /** @param fromMs when the first row is of, if it does not say */
  constructor(reader: ReturnType<typeof readerOf>, fromMs: number) {
    this.#reader = reader
    this.#fromMs = fromMs
  }

  take(slice: Uint8Array): readonly Reading[] {
    const readings: Reading[] = []
    let from = 0
    for (const [at, byte] of slice.entries()) {
      // A line ends at CR or LF, and where LF follows CR it has ended already.
      const isSecond = byte === LF && this.#last === CR
      this.#last = byte
      if ((byte !== LF && byte !== CR) || isSecond) continue
      this.#push(slice.subarray(from, at + 1), readings)
      from = at + 1
      this.#number += 1
    }
    this.#push(slice.subarray(from), readings)
    this.bytes += slice.length
    return readings
  }

  /** The last row, which may have no end. */
  end(): readonly Reading[] {
    const readings: Reading[] = []
    if (this.#last !== LF && this.#last !== CR) this.#push(Uint8Array.of(LF), readings)
    return readings
  }

  #push(bytes: Uint8Array, into: Reading[]): void {
    const { framer, dialogue } = this.#reader
    const { dropped } = framer
    framer.push(bytes, (frame) => {
      // A row has at least one byte, so that no row is of later than the start.
      const parsed = dialogue.take(frame, this.#fromMs + this.good + this.bad)
      if ('type' in parsed && parsed.reason !== 'not-known') this.#countBad()
      else this.good += 1
      if (!('type' in parsed)) into.push(...parsed)
    })
    if (framer.dropped > dropped) this.#countBad()
  }

  #countBad(): void {
    this.bad += 1
    if (this.badRows.length < BAD_ROWS_MAX && this.badRows.at(-1) !== this.#number)
      this.badRows.push(this.#number)
  }
}

async function* slicesOf(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  const reader = stream.getReader()
  signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined))
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    for (let from = 0; from < next.value.length; from += SLICE_BYTES) {
      yield next.value.subarray(from, from + SLICE_BYTES)
    }
  }
  return undefined
}

/** Slices of at least `bytes` in all, or all there are. */
async function firstOf(slices: AsyncIterator<Uint8Array>, bytes: number): Promise<readonly Uint8Array[]> {
  const first: Uint8Array[] = []
  for (let left = bytes; left > 0;) {
    const next = await slices.next()
    if (next.done) break
    first.push(next.value)
    left -= next.value.length
  }
  return first
}

/** A short text may be one row without an end. */
function withLineEnd(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(...bytes, LF)
}
