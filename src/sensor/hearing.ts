/** What comes over a line before anybody knows what it says: kept until that is guessed, and then read from the start. */
import { guess, GUESS_BYTES_MAX } from './parse/guess.ts'
import { malformed } from './parse/malformed.ts'
import { isKnown, readerOf, type KnownSpeech, type Speech } from './serial-config.ts'
import { Talk, type TalkNeeds } from './talk.ts'

export type HearingNeeds = Pick<TalkNeeds, 'time' | 'write' | 'onFrame'>

export class Hearing {
  readonly #wanted: Speech
  readonly #needs: HearingNeeds
  #held = new Uint8Array(0)
  #found: KnownSpeech | undefined
  #talk: Talk | undefined

  constructor(wanted: Speech, needs: HearingNeeds) {
    this.#wanted = wanted
    this.#needs = needs
  }

  /** What is spoken, as far as it is known. */
  get speech(): Speech {
    return this.#found ?? this.#wanted
  }

  /** Begins, with the first question if the device has to be asked. */
  start(): void {
    if (isKnown(this.#wanted)) this.#begin(this.#wanted)
  }

  hear(chunk: Uint8Array): void {
    if (this.#talk !== undefined) {
      this.#talk.hear(chunk)
      return
    }
    const held = joined(this.#held, chunk)
    const found = knownSpeech(held, this.#wanted)
    if (found !== undefined) {
      this.#held = new Uint8Array(0)
      this.#begin(found).hear(held)
    } else if (held.length < GUESS_BYTES_MAX) {
      this.#held = held
    } else {
      this.#held = new Uint8Array(0)
      this.#needs.onFrame(() => malformed('unknown', held.length))
    }
  }

  /** Bytes are missing. */
  fault(): void {
    if (this.#talk !== undefined) {
      this.#talk.fault()
      return
    }
    this.#held = new Uint8Array(0)
    this.#needs.onFrame(() => malformed('truncated', 0))
  }

  stop(): void {
    this.#talk?.stop()
  }

  #begin(speech: KnownSpeech): Talk {
    this.#found = speech
    this.#talk = new Talk({ ...this.#needs, ...readerOf(speech) })
    this.#talk.start()
    return this.#talk
  }
}

/** What these bytes say, in agreement with what is wanted; `undefined` while that is not clear. */
export function knownSpeech(bytes: Uint8Array, wanted: Speech): KnownSpeech | undefined {
  if (isKnown(wanted)) return wanted
  if (!('framing' in wanted)) return undefined
  const { decoder, framing } = guess(bytes)
  if (decoder === 'unknown' || (wanted.decoder !== 'guess' && wanted.decoder !== decoder)) return undefined
  return { decoder, framing: wanted.framing === 'guess' ? framing : wanted.framing }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}
