/** Stores whose power can fail at any write, for tests of what a restart finds. */
import {
  StoreError,
  type BlockStore,
  type Durability,
  type LedgerStep,
  type LedgerStore,
} from '../../src/ports.ts'
import type { NoteStore, StoredBlock } from '../../src/ports.ts'
import {
  createMemoryBlockStore,
  createMemoryLedgerStore,
  createMemoryNoteStore,
} from '../../src/store/memory.ts'

interface Append {
  readonly blocks: readonly StoredBlock[]
  readonly durability: Durability
}

/**
 * What one node keeps, through any number of power cuts. Writes take some turns of the event loop, those of different
 * stores independently. A cut loses what is being written, or not, and of each store by itself any number of the last
 * relaxed writes; a strict one keeps all before it.
 */
export class Power {
  /** Store calls under way. */
  busy = 0
  /** Writes until the cut. */
  writesLeft = Infinity
  isCut = false
  /** Called at the cut, at once. */
  onCut: () => void = () => undefined
  readonly #chance: () => number
  #appends: Append[] = []
  #steps: LedgerStep[] = []
  readonly #notes = new Map<string, unknown>()
  readonly #last = new Map<string, Promise<void>>()

  /** @param chance gives a number in [0, 1) */
  constructor(chance: () => number) {
    this.#chance = chance
  }

  /** The bytes of all blocks in the stores, noted ones among them. */
  get blocks(): readonly Uint8Array[] {
    const noted = [...this.#notes.values()].map((note) => (note as { bytes?: Uint8Array }).bytes)
    const stored = this.#appends.flatMap(({ blocks }) => blocks.map(({ bytes }) => bytes))
    return [...stored, ...noted.filter((bytes) => bytes !== undefined && bytes.length > 0)] as Uint8Array[]
  }

  /** Commits in the ledger's store. */
  get commits(): number {
    return this.#steps.flatMap(({ commits }) => commits).length
  }

  /** Loses all steps of the ledger from the one at `index` on. */
  loseSteps(index: number): void {
    this.#steps.length = Math.min(this.#steps.length, index)
  }

  /** The stores as they are, with power until `writesLeft` writes were made. */
  async open(writesLeft = Infinity): Promise<{ blocks: BlockStore; ledger: LedgerStore; notes: NoteStore }> {
    this.isCut = false
    this.writesLeft = writesLeft
    const [blocks, ledger, notes] = [
      createMemoryBlockStore(),
      createMemoryLedgerStore(),
      createMemoryNoteStore(),
    ]
    for (const append of this.#appends) await blocks.append(append.blocks, append.durability)
    for (const step of this.#steps) await ledger.append(step)
    for (const entry of this.#notes) await notes.put([entry])
    return {
      blocks: {
        ...blocks,
        append: (added, durability) =>
          this.#write('blocks', async () => {
            this.#appends.push({ blocks: added.map(copyOf), durability })
            await blocks.append(added, durability)
          }),
        read: (ids) => this.#read(() => blocks.read(ids)),
      },
      ledger: {
        ...ledger,
        append: (step) =>
          this.#write('ledger', async () => {
            this.#steps.push(structuredClone(step))
            await ledger.append(step)
          }),
        applied: (ids) => this.#read(() => ledger.applied(ids)),
      },
      notes: {
        ...notes,
        put: (entries) =>
          this.#write('notes', async () => {
            for (const [key, value] of structuredClone(entries)) this.#notes.set(key, value)
            await notes.put(entries)
          }),
      },
    }
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    this.#assertOn()
    return read()
  }

  /** Writes of one store happen in the order of the calls, each after none to three turns of the event loop. */
  async #write(store: string, apply: () => Promise<void>): Promise<void> {
    this.busy++
    const before = this.#last.get(store)
    const written = (async () => {
      await before?.catch(() => undefined)
      for (let left = Math.floor(this.#chance() * 4); left > 0; left--)
        await new Promise((resolve) => setImmediate(resolve))
      this.#assertOn()
      if (--this.writesLeft > 0) return await apply()
      if (this.#chance() < 0.5) await apply()
      this.#cut()
      this.#assertOn()
    })()
    this.#last.set(store, written)
    return written.finally(() => this.busy--)
  }

  #cut(): void {
    this.isCut = true
    this.#appends.length = this.#kept(this.#appends.map(({ durability }) => durability))
    this.#steps.length = this.#kept(this.#steps.map(() => 'relaxed'))
    this.onCut()
  }

  /** How many of these writes survive: all up to the last strict one, and by chance some after. */
  #kept(writes: readonly Durability[]): number {
    const sure = writes.lastIndexOf('strict') + 1
    return sure + Math.floor(this.#chance() * (writes.length - sure + 1))
  }

  #assertOn(): void {
    if (this.isCut) throw new StoreError('closed', 'The power is off.')
  }
}

function copyOf({ id, bytes }: StoredBlock): StoredBlock {
  return { id, bytes: bytes.slice() }
}
