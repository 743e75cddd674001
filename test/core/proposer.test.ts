import { describe, expect, it } from 'vitest'
import { Business } from '../../src/core/consensus/business.ts'
import { Proposer, type Due } from '../../src/core/consensus/proposer.ts'
import { Graph, type Handle } from '../../src/core/dag/graph.ts'
import type { BlockKind } from '../../src/core/model/block.ts'
import { DEFAULT_PARAMS } from '../../src/core/model/params.ts'
import { Drawing, authorOf, committeeOf } from './make-proposals.ts'
import { ALICE, scatteredIdOf as idOf } from './make.ts'

const { minRoundMs, dataRoundMs, leaderTimeoutMs } = DEFAULT_PARAMS

/** Validator A, what it holds, and when it would propose. Rounds are drawn, business is counted in a graph of its own. */
class Story {
  readonly drawing: Drawing
  readonly proposer: Proposer
  exceedsOne = false
  readonly #graph = new Graph({ id: idOf(0), createdAtMs: 0 }, 1024)
  readonly #business = new Business(this.#graph)
  readonly #covered: Handle[] = []

  constructor({ leaders = 'A', weights = [1, 1, 1, 1], from = 1 } = {}) {
    this.drawing = new Drawing(leaders, weights)
    const parts = { own: 0, rounds: this.drawing.rounds, business: this.#business, params: DEFAULT_PARAMS }
    const leaderOf = (round: number) => authorOf(leaders.charAt((round - 1) % leaders.length))
    const committee = committeeOf(weights)
    this.proposer = new Proposer({ ...parts, committee, leaderOf, exceedsOne: () => this.exceedsOne })
    this.proposer.allow(from)
  }

  /** A block comes that nobody has named yet. */
  comes(kind: BlockKind = 'data', parents: readonly Handle[] = []): Handle {
    const handle = this.#graph.add({
      id: idOf(this.#graph.next + 1),
      issuedAtMs: this.#graph.next + 1,
      parents: parents.map((parent) => this.#graph.idOf(parent)),
      issuer: ALICE,
      kind,
      ...(kind === 'proposal' && { slot: { author: 1, round: 1 } }),
    })
    this.#business.attached(handle)
    return handle
  }

  /** Some proposal has all there is in its past. */
  coverAll(): void {
    this.#covered.push(...this.#graph.tips().filter((tip) => this.#graph.kindOf(tip) !== 'proposal'))
    this.comes('proposal', this.#graph.tips())
  }

  commitAll(): void {
    for (const handle of this.#covered.splice(0)) this.#business.committed(handle)
  }

  /** Draws, and tells the proposer of what is its own. */
  draw(nowMs: number, ...lines: readonly string[]): void {
    for (const line of lines) {
      this.drawing.at(nowMs).draw(line)
      const [, round] = /A[B-D]*(\d+)'*(?=[^:]*(:|$))/.exec(line.split(':')[0] ?? '') ?? []
      if (round !== undefined) this.proposer.proposed(Number(round), nowMs)
    }
  }

  /** Nothing before `atMs`, which it names in advance, and then `due`. */
  expectAt(nowMs: number, atMs: number, due: Due): void {
    expect(this.proposer.wakeAtMs(nowMs)).toBe(atMs)
    if (atMs > nowMs) expect(this.proposer.due(nowMs)).toBeUndefined()
    expect(this.proposer.due(atMs - 1)).toBeUndefined()
    expect(this.proposer.due(atMs)).toEqual(due)
  }

  expectSilence(nowMs: number): void {
    expect(this.proposer.wakeAtMs(nowMs)).toBe(Infinity)
    expect(this.proposer.due(nowMs)).toBeUndefined()
    expect(this.proposer.due(nowMs + 1e9)).toBeUndefined()
  }
}

describe('an opening', () => {
  it('is not due where nothing happens: an idle network is silent', () => {
    new Story().expectSilence(0)
    const story = new Story()
    story.draw(0, 'ABCD1')
    story.expectSilence(10)
  })

  it('is due at once for a transaction', () => {
    const story = new Story()
    story.comes('transaction')
    expect(story.proposer.due(0)).toEqual({ round: 1, type: 'opening' })
  })

  it('is due for data each dataRoundMs', () => {
    const story = new Story()
    story.comes()
    expect(story.proposer.due(1000)).toEqual({ round: 1, type: 'opening' })
    story.draw(1000, 'ABCD1')
    story.coverAll()
    story.commitAll()
    story.comes()
    story.expectAt(2000, 1000 + dataRoundMs, { round: 2, type: 'opening' })
  })

  it('is counted from the last opening, whatever was finished since', () => {
    const story = new Story()
    story.comes()
    story.proposer.due(0)
    story.draw(0, 'ABCD1')
    story.coverAll()
    expect(story.proposer.due(5000)).toEqual({ round: 2, type: 'finishing' })
    story.draw(5000, 'ABCD2: ABCD1')
    story.commitAll()
    story.comes()
    story.expectAt(6000, dataRoundMs, { round: 3, type: 'opening' })
  })

  it('is due at once where data exceeds what one proposal can name', () => {
    const story = new Story()
    story.comes()
    story.proposer.due(1000)
    story.draw(1000, 'ABCD1')
    story.coverAll()
    story.commitAll()
    story.comes()
    story.exceedsOne = true
    story.expectAt(1000, 1000 + minRoundMs, { round: 2, type: 'opening' })
  })

  it('is not due for what another validator has opened', () => {
    const story = new Story()
    story.comes('transaction')
    story.coverAll()
    story.commitAll()
    story.expectSilence(0)
  })

  it('takes the place of a finishing that is due as well', () => {
    const story = new Story()
    story.comes()
    story.coverAll()
    story.comes('transaction')
    expect(story.proposer.due(0)).toEqual({ round: 1, type: 'opening' })
  })
})

describe('a finishing', () => {
  it('is due while covered business waits for its commit', () => {
    const story = new Story()
    story.comes()
    story.proposer.due(0)
    story.draw(0, 'ABCD1')
    story.coverAll()
    story.expectAt(0, minRoundMs, { round: 2, type: 'finishing' })
    story.draw(300, 'ABCD2: ABCD1')
    story.expectAt(300, 300 + minRoundMs, { round: 3, type: 'finishing' })
    story.draw(600, 'ABCD3: ABCD2')
    story.commitAll()
    story.expectSilence(600)
  })

  it('is due where another validator is in a higher round', () => {
    const story = new Story()
    story.draw(0, 'ABCD1')
    story.expectSilence(1000)
    story.draw(1000, 'B2: ABCD1')
    expect(story.proposer.due(1000)).toEqual({ round: 2, type: 'finishing' })
  })

  it('goes to the round after the highest with a quorum, past those it missed', () => {
    const story = new Story()
    story.draw(0, 'ABCD1', 'BCD2: BCD1', 'BCD3: BCD2', 'B4: BCD3')
    expect(story.proposer.due(1e6)).toEqual({ round: 4, type: 'finishing' })
  })

  it('is due where data waits for its time to be opened', () => {
    const story = new Story()
    story.comes()
    story.proposer.due(0)
    story.draw(0, 'ABCD1')
    story.coverAll()
    story.comes()
    story.expectAt(0, minRoundMs, { round: 2, type: 'finishing' })
  })
})

describe('the round before', () => {
  it('needs proposals of a quorum', () => {
    const story = new Story()
    story.comes('transaction')
    story.draw(0, 'AB1', "B1'")
    story.expectSilence(0)
    story.draw(10, 'C1')
    expect(story.proposer.wakeAtMs(10)).toBe(minRoundMs)
  })

  it('is waited for until its leader has proposed', () => {
    const story = new Story({ leaders: 'B' })
    story.comes('transaction')
    story.draw(0, 'A1')
    story.draw(1000, 'C1')
    story.draw(2000, 'D1')
    expect(story.proposer.wakeAtMs(2000)).toBe(2000 + leaderTimeoutMs)
    expect(story.proposer.due(2000)).toBeUndefined()
    story.draw(2100, 'B1')
    expect(story.proposer.due(2100)).toEqual({ round: 2, type: 'opening' })
  })

  it('is not waited for longer than leaderTimeoutMs after its quorum', () => {
    const story = new Story({ leaders: 'B' })
    story.comes('transaction')
    story.draw(0, 'A1')
    story.draw(1000, 'C1')
    story.draw(2000, 'D1')
    story.expectAt(2000, 2000 + leaderTimeoutMs, { round: 2, type: 'opening' })
  })

  it('is waited for until it shows what becomes of the leader before', () => {
    const story = new Story({ leaders: 'BA' })
    story.comes('transaction')
    story.draw(0, 'ABCD1', 'A2: ACD1', 'BC2: ABCD1') // two votes for B1, and one without
    expect(story.proposer.wakeAtMs(500)).toBe(1 + leaderTimeoutMs)
    expect(story.proposer.due(500)).toBeUndefined()
    story.draw(600, 'D2: ABCD1')
    expect(story.proposer.due(600)).toEqual({ round: 3, type: 'opening' })
  })

  it('shows it by a quorum without a vote as well', () => {
    const story = new Story({ leaders: 'BA' })
    story.comes('transaction')
    story.draw(0, 'ABCD1', 'AC2: ACD1', 'B2: ABCD1')
    expect(story.proposer.due(500)).toBeUndefined()
    story.draw(600, 'D2: ACD1')
    expect(story.proposer.due(600)).toEqual({ round: 3, type: 'opening' })
  })

  it('does not show it by votes for twins, a quorum only together; the timeout ends that', () => {
    const story = new Story({ leaders: 'BA' })
    story.comes('transaction')
    story.draw(0, "ABCD1 B1'", 'AC2: ABCD1', "BD2: ACD1 B1'")
    // C, B and D follow A each a millisecond after: the quorum was there with the third
    expect(story.proposer.wakeAtMs(500)).toBeLessThanOrEqual(2 + leaderTimeoutMs)
    expect(story.proposer.due(500)).toBeUndefined()
    expect(story.proposer.due(2 + leaderTimeoutMs)).toEqual({ round: 3, type: 'opening' })
  })
})

describe('a validator', () => {
  it('waits minRoundMs after its last proposal', () => {
    const story = new Story()
    story.draw(1000, 'ABCD1')
    story.comes('transaction')
    story.expectAt(1000, 1000 + minRoundMs, { round: 2, type: 'opening' })
  })

  it('that is a quorum by itself waits for nothing', () => {
    const story = new Story({ weights: [1] })
    story.comes('transaction')
    story.proposer.due(0)
    story.draw(0, 'A1')
    story.coverAll()
    expect(story.proposer.due(0)).toEqual({ round: 2, type: 'finishing' })
  })

  it('is not asked for the same round twice', () => {
    const story = new Story()
    story.comes('transaction')
    expect(story.proposer.due(0)).toBeDefined()
    story.expectSilence(0)
    story.draw(0, 'A1')
    story.expectSilence(1e6)
    story.draw(5000, 'BCD1')
    expect(story.proposer.due(5000)).toEqual({ round: 2, type: 'opening' })
  })

  it('is not asked for a round in which a proposal by its key is known already', () => {
    const story = new Story()
    story.comes('transaction')
    story.draw(0, 'ABCD1', 'A2: ABCD1')
    story.expectSilence(1e6)
    story.draw(1e6, 'BCD2: ABCD1')
    expect(story.proposer.due(1e6)).toEqual({ round: 3, type: 'opening' })
  })

  it('is asked again where its proposal could not be made', () => {
    const story = new Story()
    story.comes('transaction')
    const due = story.proposer.due(0)
    story.proposer.failed(7) // of another round: says nothing
    expect(story.proposer.due(0)).toBeUndefined()
    story.proposer.failed(1)
    expect(story.proposer.due(0)).toEqual(due)
  })

  it('whose opening failed has not opened: data need not wait another dataRoundMs', () => {
    const story = new Story()
    story.comes()
    story.proposer.due(0)
    story.proposer.failed(1)
    expect(story.proposer.due(1)).toEqual({ round: 1, type: 'opening' })
  })

  it('that is stopped and allowed again is not asked a second time for what it is making', () => {
    const story = new Story()
    story.comes('transaction')
    expect(story.proposer.due(0)).toEqual({ round: 1, type: 'opening' })
    story.proposer.stop()
    story.proposer.allow(1)
    story.expectSilence(0)
    story.proposer.failed(1)
    expect(story.proposer.due(0)).toEqual({ round: 1, type: 'opening' })
  })

  it('that is stopped says nothing, and is asked once it is allowed again', () => {
    const story = new Story()
    story.proposer.stop()
    story.comes('transaction')
    story.expectSilence(0)
    story.proposer.allow(1)
    expect(story.proposer.due(0)).toEqual({ round: 1, type: 'opening' })
  })

  it('that may propose from a round on is silent below', () => {
    const story = new Story({ from: 4 })
    story.comes('transaction')
    story.draw(0, 'BCD1', 'BCD2: BCD1')
    story.expectSilence(1e6)
    story.draw(0, 'BCD3: BCD2')
    expect(story.proposer.due(1e6)).toEqual({ round: 4, type: 'opening' })
  })
})
