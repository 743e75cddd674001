import type { CommitCursor, CommittedBlocks, PeerId, Transport } from '../ports.ts'
import type { Outcome } from './outcome.ts'

/** Commits asked for at once: usual ones name a few blocks, and together they fit one answer. */
const COMMITS_PER_RANGE = 64

/** Ranges asked of one peer at a time: while one is checked the next is on its way. A megabyte each. */
const RANGES_PER_PEER = 2

/** Peers asked at once: more would only wait for this node's checks. */
const PEERS_MAX = 4

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
}

interface CommitStreamParts {
  readonly transport: Pick<Transport, 'commits' | 'blame'>
  /** The index of our newest commit. */
  index(): number
  /** Takes what a peer sent through every check. */
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
  /** What is under way, in the order of commits. */
  readonly #asked: Asked[] = []
  #askedUpTo = 0
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

  /** Streams from a peer whose commits go up to `upTo`, and resolves when nothing is left or nobody to ask. */
  async join(peer: PeerId, upTo: number): Promise<void> {
    if (this.#peers.size < PEERS_MAX) this.#peers.set(peer, upTo)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      this.#peers.clear()
      this.#asked.length = 0
    })
    await this.#running
  }

  async #run(): Promise<void> {
    this.#askedUpTo = this.#parts.index()
    for (;;) {
      this.#askMore()
      const asked = this.#asked.shift()
      if (asked === undefined) return
      const answer = await asked.answer
      const { range, peer } = asked
      const leads = answer !== undefined && leadsOn(answer.next, range)
      // what did not fit is on its way while this is checked
      const rest =
        leads && answer.next.after < range.upTo ? this.#askAgain({ ...range, from: answer.next }) : undefined
      const isGood = leads && (await this.#isTaken(answer.blocks, peer))
      if (!isGood) this.#peers.delete(peer)
      if (this.#isStuck(asked)) return
      if (isGood) continue
      if (rest !== undefined) this.#asked.shift()
      this.#askAgain(range)
    }
  }

  #askMore(): void {
    while (this.#asked.length < RANGES_PER_PEER * this.#peers.size && this.#askedUpTo < this.upTo) {
      const upTo = Math.min(this.upTo, this.#askedUpTo + COMMITS_PER_RANGE)
      const asked = this.#ask({ from: { after: this.#askedUpTo, skip: 0 }, upTo })
      if (asked === undefined) return
      this.#asked.push(asked)
      this.#askedUpTo = upTo
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
    return { range, peer, answer }
  }

  /** Takes blocks in. Returns whether none of them is bad, and none had to be let go of. */
  async #isTaken(blocks: readonly Uint8Array[], from: PeerId): Promise<boolean> {
    const outcomes = blocks.length > 0 ? await this.#parts.deliver(blocks, from) : []
    return outcomes.every(({ type }) => type !== 'blamed' && type !== 'busy')
  }

  /** Blocks come, and no commits out of them: they are not what the peers say, or this node cannot take them now. */
  #isStuck({ range, peer }: Asked): boolean {
    if (this.#parts.index() + UNDERIVED_MAX >= range.from.after) return false
    if (this.#peers.size === 1) this.#parts.transport.blame(peer, 'not-converging')
    return true
  }
}

/** Whether what ends here is a beginning of the range, and not an empty one. */
function leadsOn(next: CommitCursor, { from, upTo }: Range): boolean {
  const isFurther = next.after > from.after || (next.after === from.after && next.skip > from.skip)
  return isFurther && next.after <= upTo
}
