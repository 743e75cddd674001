/** A file or a pasted text of what a serial device said, read as its line would be. */
import type { Reading } from '../reading/reading.ts'
import { knownSpeech } from './hearing.ts'
import { GUESS_BYTES_MAX } from './parse/guess.ts'
import { sensorProblem } from './problem.ts'
import { readerOf, type LineSpeech } from './serial-config.ts'
import type { Sensor, SensorHandlers, SensorState, SensorTime } from './sensor.ts'

/** Bad rows that are named; more are only counted. A person looks at a screenful. */
export const BAD_ROWS_MAX = 100

/** Bytes taken at once: some hundred rows, a few milliseconds. */
const SLICE_BYTES = 4096

/** Between slices the page does other things, and whoever stores the readings keeps up: some thousand rows a second. */
export const SLICE_EVERY_MS = 100

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
}

export interface TextHandlers extends SensorHandlers {
  onProgress(progress: TextProgress): void
}

/** Rows carry the times they name; one without a time is of now. When all is read it has stopped. */
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
    return speech && new Rows(readerOf(speech))
  }

  async #readAll(
    first: readonly Uint8Array[],
    rest: AsyncIterator<Uint8Array>,
    rows: Rows,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (const slice of first) await this.#take(slice, rows, signal)
      for (let next = await rest.next(); !next.done; next = await rest.next()) {
        await this.#take(next.value, rows, signal)
      }
      if (signal.aborted) return
      this.#hand(rows.end(this.#time.nowMs()), rows)
      this.#become({ type: 'stopped' })
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  async #take(slice: Uint8Array, rows: Rows, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { bad } = rows
    this.#hand(rows.take(slice, this.#time.nowMs()), rows)
    if (signal.aborted) return
    if (rows.bad > bad) this.#becomeLive(rows.bad)
    await new Promise<void>((resolve) => {
      const cancel = this.#time.after(SLICE_EVERY_MS, () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      })
      const onAbort = () => {
        cancel()
        resolve()
      }
      signal.addEventListener('abort', onAbort)
    })
  }

  #hand(readings: readonly Reading[], { bytes, good, bad, badRows }: Rows): void {
    if (readings.length > 0) this.#handlers.onReadings(readings)
    this.#handlers.onProgress({ bytes, bytesTotal: this.#file.size, good, bad, badRows: [...badRows] })
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
  /** Of the row that is being read, from 1. */
  #number = 1
  #last = 0
  bytes = 0
  good = 0
  bad = 0
  readonly badRows: number[] = []

  constructor(reader: ReturnType<typeof readerOf>) {
    this.#reader = reader
  }

  take(slice: Uint8Array, atMs: number): readonly Reading[] {
    const readings: Reading[] = []
    let from = 0
    for (const [at, byte] of slice.entries()) {
      // A line ends at CR or LF, and where LF follows CR it has ended already.
      const isSecond = byte === LF && this.#last === CR
      this.#last = byte
      if ((byte !== LF && byte !== CR) || isSecond) continue
      this.#push(slice.subarray(from, at + 1), atMs, readings)
      from = at + 1
      this.#number += 1
    }
    this.#push(slice.subarray(from), atMs, readings)
    this.bytes += slice.length
    return readings
  }

  /** The last row, which may have no end. */
  end(atMs: number): readonly Reading[] {
    const readings: Reading[] = []
    if (this.#last !== LF && this.#last !== CR) this.#push(Uint8Array.of(LF), atMs, readings)
    return readings
  }

  #push(bytes: Uint8Array, atMs: number, into: Reading[]): void {
    const { framer, dialogue } = this.#reader
    const { dropped } = framer
    framer.push(bytes, (frame) => {
      const parsed = dialogue.take(frame, atMs)
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
