/** A dialogue over a line: frames out of bytes, questions when it is our turn, and patience for the answers. */
import type { Framer } from './parse/framing.ts'
import { malformed } from './parse/malformed.ts'
import type { Dialogue, Parsed } from './parse/parse.ts'
import type { SensorTime } from './sensor.ts'

/** What reads one connection's bytes. */
export interface Reader {
  readonly framer: Framer
  readonly dialogue: Dialogue
}

export interface TalkNeeds extends Reader {
  readonly time: SensorTime
  readonly write: (bytes: Uint8Array) => void
  /** Is handed what reads the frame that came; at most once, and now. */
  readonly onFrame: (parse: (atMs: number) => Parsed) => void
}

export class Talk {
  readonly #needs: TalkNeeds
  /** Whether the next frame may lack its beginning, which is nobody's mistake. */
  #mayBeCut = true
  #dropped = 0
  /** Whoever hears a frame may stop it, with more of them in the same bytes. */
  #isOver = false
  #cancelSilence: () => void = () => undefined

  constructor(needs: TalkNeeds) {
    this.#needs = needs
  }

  /** Begins, with the first question if there is one. */
  start(): void {
    this.#ask()
  }

  hear(chunk: Uint8Array): void {
    const { framer, onFrame } = this.#needs
    framer.push(chunk, (frame) => {
      this.#take(frame)
      this.#ask()
    })
    if (this.#isOver || framer.dropped === this.#dropped) return
    this.#dropped = framer.dropped
    onFrame(() => malformed('unknown', chunk.length))
  }

  /** Bytes are missing: what has been heard of a frame is of no use. */
  fault(): void {
    this.#needs.framer.reset()
    this.#mayBeCut = true
    this.#needs.onFrame(() => malformed('truncated', 0))
  }

  /** Asks and hands on nothing more. */
  stop(): void {
    this.#isOver = true
    this.#cancelSilence()
  }

  #take(frame: Uint8Array): void {
    if (this.#isOver) return
    const { dialogue, time, onFrame } = this.#needs
    if (!this.#mayBeCut || dialogue.ask !== undefined) {
      onFrame((atMs) => dialogue.take(frame, atMs))
      return
    }
    this.#mayBeCut = false
    const parsed = dialogue.take(frame, time.nowMs())
    if (!('type' in parsed)) onFrame(() => parsed)
  }

  #ask(): void {
    this.#cancelSilence()
    if (this.#isOver) return
    const { framer, dialogue, time, write } = this.#needs
    const question = dialogue.ask?.()
    if (question === undefined) return
    // A question without bytes is a rest before the next one.
    if (question.bytes.length > 0) write(question.bytes)
    this.#cancelSilence = time.after(question.withinMs, () => {
      framer.reset()
      this.#ask()
    })
  }
}
