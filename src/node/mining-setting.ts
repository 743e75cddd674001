import * as v from 'valibot'
import type { NoteStore } from '../ports.ts'

const KEY = 'mining-for-others'

const Note = v.object({ version: v.literal(1), on: v.boolean() })

/**
 * Whether this device mines for others. Only where its person has said so: it takes battery, and nothing tells friends from
 * strangers yet. It is the device's, whatever network that is in.
 */
export class MiningSetting {
  readonly #notes: NoteStore
  #isOn: boolean

  private constructor(notes: NoteStore, isOn: boolean) {
    this.#notes = notes
    this.#isOn = isOn
  }

  /** What was chosen last. A note that does not parse is as good as none. */
  static async load(notes: NoteStore): Promise<MiningSetting> {
    const note = v.safeParse(Note, await notes.get(KEY))
    return new MiningSetting(notes, note.success && note.output.on)
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** Resolves once it is on disk. Throws `StoreError`, and then all is as it was. */
  async set(on: boolean): Promise<void> {
    await this.#notes.put([[KEY, { version: 1, on }]])
    this.#isOn = on
  }
}
