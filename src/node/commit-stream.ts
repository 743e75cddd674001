import type { CommitCursor, CommittedBlocks, PeerId, Transport } from '../ports.ts'
import type { Outcome } from './outcome.ts'

/** Commits asked for at once: usual ones name a few blocks, and together they fit one answer. */
const COMMITS_PER_RANGE = 64

/** Ranges asked of one peer at a time: while one is checked the next is on its way. A megabyte each. */
const RANGES_PER_PEER = 2

/** Answers of one range that are asked for while one of it is checked: what did not fit that one. A megabyte each. */
const ANSWERS_AHEAD = 2

/** Peers asked at once: more would only wait for this node's checks. */
const PEERS_MAX = 4

/**
 * Answers one after the other that end within the commit where they began and bring nothing new. An interrupted stream
 * had the beginning of a commit: one as large as the window comes again in some fifty.
 */
const FRUITLESS_ANSWERS_MAX = 64

/** Commits whose blocks may be here before they are derived. The few rounds after a commit decide it. Protocol §6. */
const UNDERIVED_MAX = 4 * COMMITS_PER_RANGE

interface Range {
  readonly from: CommitCursor
  /** Its last commit. */
  readonly upTo: number
}

interface Asked {
  readonly range: Range
  readonly peer: PeerId
  /** `undefined` where the peer failed. */
  readonly answer: Promise<CommittedBlocks | undefined>
  /** The answer, once it is here. */
  came?: CommittedBlocks
}

/**
 * What became of an answer's blocks: all joined the graph; some were bad, or let go of; or some do not stand on what is
 * here, which those that follow our newest commit do.
 */
type Taken = 'good' | 'refused' | 'apart'

interface CommitStreamParts {
  readonly transport: Pick<Transport, 'commits' | 'blame'>
  /** The index of our newest commit. */
  index(): number
  /** Whether this node's order has turned out not to be the one: then no commits come of anything. */
  hasDiverged(): boolean
  /** Takes what a peer sent through every check; of data headers alone will do. */
  deliver(blocks: readonly Uint8Array[], from: PeerId): Promise<readonly Outcome[]>
}

/**
 * The committed blocks we lack, from all peers that have them at once: each is asked for ranges of commits, which are
 * checked in their order, whoever was faster. Where a peer fails, its range goes to another. The commits themselves are
 * derived here. Protocol §8.
 */
export class CommitStream {
  readonly #parts: CommitStreamParts
  /** How far each peer's commits go. */
  readonly #peers = new Map<PeerId, number>()
  /** What is asked for and not yet taken, in the order of commits. */
  readonly #asked: Asked[] = []
  /** Peers that wait while another shows, alone, whether it has what it says. */
  readonly #aside = new Map<PeerId, number>()
  /** Who waits until its own commits are here: others may say they have more. */
  readonly #waiting = new Set<{ readonly upTo: number; readonly done: () => void }>()
  #askedUpTo = 0
  #fruitless = 0
  #running: Promise<void> | undefined

  constructor(parts: CommitStreamParts) {
    this.#parts = parts
  }

  /** The last commit there is to be had; 0 while nothing is streamed. */
  get upTo(): number {
    return Math.max(0, ...this.#peers.values())
  }

  has(peer: PeerId): boolean {
    return this.#peers.has(peer)
  }

  /** Streams from a peer whose commits go up to `upTo`; resolves once those are here, or there is nobody to ask. */
  async join(peer: PeerId, upTo: number): Promise<void> {
    if (this.#peers.size < PEERS_MAX) this.#peers.set(peer, upTo)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      this.#peers.clear()
      this.#aside.clear()
      this.#asked.length = 0
    })
    const { promise: reached, resolve: done } = Promise.withResolvers<void>()
    const waiter = { upTo, done }
    this.#waiting.add(waiter)
    await Promise.race([this.#running, reached]).finally(() => this.#waiting.delete(waiter))
  }

  async #run(): Promise<void> {
    this.#askedUpTo = this.#parts.index()
    for (;;) {
      this.#askMore()
      const [asked] = this.#asked
      if (asked === undefined) {
        if (this.#aside.size === 0) return
        this.#peers.clear() // they have no more
        this.#startOver(this.#aside.size)
        continue
      }
      const answer = await asked.answer
      const { range, peer } = asked
      const taken =
        answer !== undefined && leadsOn(answer, range) ? await this.#take(answer, asked) : 'refused'
      if (this.#parts.hasDiverged()) return
      if (taken === 'apart' || this.#parts.index() + UNDERIVED_MAX < range.from.after) {
        this.#single(peer, taken)
        continue
      }
      if (taken === 'good') {
        const next = answer?.next ?? range.from
        for (const { upTo, done } of this.#waiting) if (upTo <= next.after) done()
        this.#asked.shift()
        const [rest] = this.#asked
        if (next.after < range.upTo && rest?.range.upTo !== range.upTo)
          this.#askAgain({ ...range, from: next })
        this.#askAhead()
        continue
      }
      this.#peers.delete(peer)
      // what goes on where a refused answer ended goes with it
      while (this.#asked[0]?.range.upTo === range.upTo) this.#asked.shift()
      this.#askAgain(range)
    }
  }

  /**
   * Blocks came, and no commits out of them. Where several gave them nobody knows whose are missing, so one at a time
   * is asked from here on. Who was alone is blamed, unless its blocks do not even stand on ours: then it may have another
   * order, or this node's clock be behind.
   */
  #single(peer: PeerId, taken: Taken): void {
    if (this.#peers.size === 1 && this.#peers.delete(peer) && taken !== 'apart')
      this.#parts.transport.blame(peer, 'not-converging')
    for (const [other, upTo] of this.#peers) this.#aside.set(other, upTo)
    this.#peers.clear()
    this.#startOver(1)
  }

  /** Goes on from the newest commit with so many of the peers that waited. */
  #startOver(count: number): void {
    for (const [peer, upTo] of [...this.#aside].slice(0, count)) {
      this.#aside.delete(peer)
      this.#peers.set(peer, upTo)
    }
    this.#asked.length = 0
    this.#askedUpTo = this.#parts.index()
  }

  #askMore(): void {
    const ranges = () => new Set(this.#asked.map(({ range }) => range.upTo)).size
    while (ranges() < RANGES_PER_PEER * this.#peers.size && this.#askedUpTo < this.upTo) {
      const upTo = Math.min(this.upTo, this.#askedUpTo + COMMITS_PER_RANGE)
      const asked = this.#ask({ from: { after: this.#askedUpTo, skip: 0 }, upTo })
      if (asked === undefined) return
      this.#asked.push(asked)
      this.#askedUpTo = upTo
    }
  }

  /** Asks for what did not fit the answers that are here, so that it is on its way while those are checked. */
  #askAhead(): void {
    for (const [i, { range, came }] of [...this.#asked.entries()].reverse()) {
      const isLast = this.#asked[i + 1]?.range.upTo !== range.upTo
      if (!isLast || came === undefined || !leadsOn(came, range) || came.next.after >= range.upTo) continue
      if (this.#asked.filter((other) => other.range.upTo === range.upTo).length > ANSWERS_AHEAD) continue
      const rest = this.#ask({ ...range, from: came.next })
      if (rest !== undefined) this.#asked.splice(i + 1, 0, rest)
    }
  }

  /** What is left of a range is due before all that was asked for later; without it the rest is of no use. */
  #askAgain(range: Range): Asked | undefined {
    const asked = this.#ask(range)
    if (asked !== undefined) this.#asked.unshift(asked)
    else this.#peers.clear()
    return asked
  }

  /** Asks the peer with the least to do of those that have the range's beginning. */
  #ask(range: Range): Asked | undefined {
    const load = (peer: PeerId) => this.#asked.filter((asked) => asked.peer === peer).length
    const able = [...this.#peers].filter(([, upTo]) => upTo > range.from.after).map(([peer]) => peer)
    const peer = able.sort((a, b) => load(a) - load(b))[0]
    if (peer === undefined) return undefined
    const answer = this.#parts.transport.commits(peer, range.from, range.upTo).catch(() => undefined)
    const asked: Asked = { range, peer, answer }
    void answer.then((came) => {
      if (came !== undefined) asked.came = came
      this.#askAhead()
    })
    return asked
  }

  async #take({ blocks, next }: CommittedBlocks, { range, peer }: Asked): Promise<Taken> {
    const outcomes = blocks.length > 0 ? await this.#parts.deliver(blocks, peer) : []
    if (outcomes.some(({ type }) => type === 'blamed' || type === 'busy')) return 'refused'
    if (outcomes.some(({ type }) => type !== 'attached' && type !== 'known')) return 'apart'
    const isNew = outcomes.some(({ type }) => type === 'attached')
    this.#fruitless = isNew || next.after > range.from.after ? 0 : this.#fruitless + 1
    return this.#fruitless <= FRUITLESS_ANSWERS_MAX ? 'good' : 'refused'
  }
}

/** Whether an answer ends further on in the range, and within a commit no further than its blocks go. */
function leadsOn({ blocks, next }: CommittedBlocks, { from, upTo }: Range): boolean {
  if (next.after > from.after) return next.after <= upTo
  return next.after === from.after && next.skip > from.skip && next.skip <= from.skip + blocks.length
}
