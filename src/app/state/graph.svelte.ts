import { ApiError, GRAPH_BITS, type Api, type BlockFacts } from '../../node/api.ts'
import { GraphBlocks } from '../graph-blocks.ts'

/** How often what is new is asked for while somebody looks. */
const ASK_EVERY_MS = 250

/** How often the facts of the block that is looked at are read again: who holds it changes. */
const FACTS_EVERY_ASKS = 8

/** What of `document` is needed. */
type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>

/** The graph as a screen shows it. Nothing is asked unless it runs and the page is looked at. */
export class GraphState {
  readonly blocks = new GraphBlocks()
  /** Counts what has changed in `blocks`, which is not watched itself. */
  version = $state(0)
  /** Whether the blocks there were at first are all here. */
  isReady = $state(false)
  /** Why the newest question failed; it is asked again by itself. */
  failure = $state<string>()
  mineOnly = $state(false)
  /** The number of the block that is looked at, and what is known of it. */
  chosen = $state<number>()
  facts = $state.raw<BlockFacts>()
  factsFailure = $state<string>()
  /** Whether its facts are to have the focus, and nobody has taken it there yet. */
  #isOpened = $state(false)
  readonly #api: Pick<Api, 'graph' | 'blockFacts'>
  readonly #page: Page
  #timer: ReturnType<typeof setTimeout> | undefined
  #isRunning = false
  #isAsking = false
  #asks = 0
  #reading = 0

  constructor(api: Pick<Api, 'graph' | 'blockFacts'>, page: Page) {
    this.#api = api
    this.#page = page
  }

  /** Asks from now on. Returns a function that ends it. */
  run(): () => void {
    const look = () => {
      if (this.#page.visibilityState === 'visible') void this.#ask()
    }
    this.#isRunning = true
    this.#page.addEventListener('visibilitychange', look)
    look()
    return () => {
      this.#isRunning = false
      clearTimeout(this.#timer)
      this.#page.removeEventListener('visibilitychange', look)
    }
  }

  /** Looks at a block, by its number or, where it is none of those told of, by its id; or at none. */
  async choose(of: number | BlockFacts['id'] | undefined): Promise<void> {
    this.chosen = typeof of === 'number' ? of : undefined
    this.facts = undefined
    this.factsFailure = undefined
    this.#reading++
    if (of === undefined) return
    await this.#read(typeof of === 'number' ? this.#inputFor(of) : { id: of })
  }

  /** Goes to the facts of a block, or of the one that is looked at. */
  async open(of: number | BlockFacts['id'] | undefined = this.chosen): Promise<void> {
    if (of !== this.chosen || this.chosen === undefined) await this.choose(of)
    this.#isOpened = true
  }

  /** Whether its facts are to have the focus now; said once. */
  takeOpened(): boolean {
    if (!this.#isOpened) return false
    this.#isOpened = false
    return true
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return
    clearTimeout(this.#timer)
    this.#isAsking = true
    const hasMore = await this.#askOnce()
    this.#isAsking = false
    if (!this.#isRunning || this.#page.visibilityState !== 'visible') return
    this.#timer = setTimeout(() => void this.#ask(), hasMore ? 0 : ASK_EVERY_MS)
  }

  /** Whether there is more already. */
  async #askOnce(): Promise<boolean> {
    const after = this.blocks.cursor
    try {
      const changes = await this.#api.graph(after ? { after } : {})
      const wasCommitted = this.#isChosenCommitted()
      if (changes.isFresh && after !== undefined) await this.choose(undefined)
      if (this.blocks.take(changes)) this.version++
      this.failure = undefined
      if (!changes.hasMore) this.isReady = true
      const isDue = ++this.#asks % FACTS_EVERY_ASKS === 0 || wasCommitted !== this.#isChosenCommitted()
      if (this.facts !== undefined && isDue) void this.#read({ id: this.facts.id })
      return changes.hasMore
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // another tab has the peer now: the next question goes there
      if (error.kind !== 'peer-moved') this.failure = error.message
      return false
    }
  }

  async #read(input: Parameters<Api['blockFacts']>[0]): Promise<void> {
    const reading = ++this.#reading
    try {
      const facts = await this.#api.blockFacts(input)
      if (reading === this.#reading) this.facts = facts
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (reading === this.#reading && this.facts === undefined) this.factsFailure = error.message
    }
  }

  #inputFor(number: number): Parameters<Api['blockFacts']>[0] {
    return { feed: this.blocks.cursor?.feed ?? '', number }
  }

  #isChosenCommitted(): boolean {
    const { chosen, blocks } = this
    if (chosen === undefined || !blocks.has(chosen)) return false
    return ((blocks.bits[blocks.slotOf(chosen)] ?? 0) & GRAPH_BITS.committed) !== 0
  }
}
