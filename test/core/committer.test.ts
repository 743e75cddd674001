import { describe, expect, it } from 'vitest'
import { Drawing } from './make-proposals.ts'

/*
 * A drawing names proposals by author, round and, of a twin, a prime: `ABC2: ABC1` are three proposals of round 2 that
 * each have A1, B1 and C1 as strong parents. `draw` gives the leaders' proposals that are committed by what was drawn.
 */

describe('a leader', () => {
  it('is committed directly by certificates of a quorum', () => {
    const drawing = new Drawing('ABCD')
    expect(drawing.draw('ABCD1', 'ABC2: ABC1', 'AB3: ABC2')).toEqual([])
    expect(drawing.draw('C3: ABC2')).toEqual(['A1'])
  })

  it('is committed though one validator neither votes nor certifies', () => {
    const drawing = new Drawing('ABCD')
    expect(drawing.draw('ABCD1', 'ABC2: ABC1', 'D2: BCD1', 'ABC3: ABC2')).toEqual(['A1'])
  })

  it('is skipped directly by a quorum without a vote for it', () => {
    const drawing = new Drawing('AB')
    drawing.draw('ABCD1', 'BC2: BCD1')
    expect(drawing.committer.undecided).toBe(1)
    drawing.draw('D2: BCD1')
    expect(drawing.committer.undecided).toBe(2)
  })

  it('who never proposed is skipped', () => {
    const drawing = new Drawing('AB')
    expect(drawing.draw('BCD1', 'BCD2: BCD1', 'BCD3: BCD2', 'BCD4: BCD3')).toEqual(['B2'])
    expect(drawing.committer.undecided).toBe(4)
  })

  it('stays undecided while votes are split', () => {
    const drawing = new Drawing('ABCD')
    expect(drawing.draw('ABCD1', 'AB2: ABC1', 'CD2: BCD1', 'ABCD3: ABCD2')).toEqual([])
    expect(drawing.committer.undecided).toBe(1)
  })

  it('is not committed by votes of a quorum that no certificate has seen together', () => {
    const drawing = new Drawing('ABCD')
    // A, B, C vote, but each of round 3 has seen only two of them
    expect(drawing.draw('ABCD1', 'ABC2: ABC1', 'D2: BCD1', 'A3: ABD2', 'B3: BCD2', 'CD3: ACD2')).toEqual([])
    expect(drawing.committer.undecided).toBe(1)
  })
})

/** One certificate for A1, by A3: ABC vote, D does not, and only A has seen the three votes. */
const ONE_CERTIFICATE = ['ABCD1', 'ABC2: ABC1', 'D2: BCD1', 'A3: ABC2', 'B3: ABD2', 'C3: ACD2', 'D3: BCD2']

describe('a leader left undecided', () => {
  it('is committed through a later one that has seen a certificate', () => {
    const drawing = new Drawing('ABCD')
    expect(drawing.draw(...ONE_CERTIFICATE)).toEqual([])
    // D4 anchors: it has A3 below it
    expect(drawing.draw('ABCD4: ABCD3', 'ABCD5: ABCD4', 'ABC6: ABCD5')).toEqual(['A1', 'B2', 'C3', 'D4'])
  })

  it('is skipped through a later one that has seen none, whatever the others have seen', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw(...ONE_CERTIFICATE)
    // all but the leader of round 4 have seen A3
    expect(drawing.draw('ABC4: ABCD3', 'D4: BCD3', 'ABCD5: ABCD4', 'ABC6: ABCD5')).toEqual(['B2', 'C3', 'D4'])
  })

  it('waits for the first later leader that is not skipped', () => {
    const drawing = new Drawing('ABCDABC')
    drawing.draw(...ONE_CERTIFICATE)
    // D makes no round 4, so that slot is skipped; the one after it anchors
    const anchored = drawing.draw('ABC4: ABCD3', 'ABC5: ABC4', 'ABC6: ABC5', 'ABC7: ABC6')
    expect(anchored).toEqual(['A1', 'B2', 'C3', 'A5'])
  })

  it('is not decided through a leader less than three rounds later', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw(...ONE_CERTIFICATE, 'ABCD4: ABCD3')
    // slots 2 and 3 are committed, and neither can be an anchor for slot 1
    expect(drawing.draw('ABCD5: ABCD4')).toEqual([])
    expect(drawing.committer.undecided).toBe(1)
  })

  it('holds back those after it, and all come out in order', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw('ABCD1', 'AB2: ABC1', 'CD2: BCD1', 'ABCD3: ABCD2')
    expect(drawing.draw('ABCD4: ABCD3', 'ABCD5: ABCD4')).toEqual([]) // slots 2 and 3 are decided, slot 1 is not
    expect(drawing.committer.undecided).toBe(1)
    expect(drawing.draw('ABC6: ABCD5')).toEqual(['B2', 'C3', 'D4']) // D4 anchors slot 1, which is skipped
  })

  it('stays so while its anchor is undecided, though a later leader is decided', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw(...ONE_CERTIFICATE)
    // D4 gets two votes and two non-votes: slot 4 is undecided until slot 7
    drawing.draw('ABCD4: ABCD3', 'AB5: ABD4', 'CD5: ABC4', 'ABCD6: ABCD5', 'ABCD7: ABCD6')
    expect(drawing.committer.undecided).toBe(1)
    expect(drawing.draw('ABCD8: ABCD7', 'ABC9: ABCD8')).toEqual(['A1', 'B2', 'C3', 'A5', 'B6', 'C7'])
  })
})

describe('an equivocating leader', () => {
  it('gets one of its twins committed where a quorum votes for it', () => {
    const drawing = new Drawing('ABCD')
    expect(drawing.draw('ABCD1', "A1'", "BCD2: A1' BC1", 'A2: ABC1', 'BCD3: BCD2')).toEqual(["A1'"])
  })

  it('gets neither where the votes are split between them', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw('ABCD1', "A1'", "CD2: A1' BC1", 'AB2: ABC1', 'ABCD3: ABCD2')
    expect(drawing.committer.undecided).toBe(1)
    // two votes each are no quorum, so no certificate: skipped through the anchor
    expect(drawing.draw('ABCD4: ABCD3', 'ABCD5: ABCD4', 'ABC6: ABCD5')).toEqual(['B2', 'C3', 'D4'])
  })

  it('is not skipped by votes for its twin', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw('ABCD1', "A1'", "BCD2: A1' BC1")
    expect(drawing.committer.undecided).toBe(1)
  })
})

describe('an equivocating voter', () => {
  it('counts once for a certificate', () => {
    const drawing = new Drawing('ABCD')
    // D2 votes and D2' does not; the votes are of A, B and D
    drawing.draw('ABCD1', 'AB2: ABC1', 'C2: BCD1', 'D2: ABC1', "D2': BCD1", 'A3: ABD2')
    expect(drawing.get('A3').certifies).toBe('A1')
    // two votes by one author cannot be strong parents of one proposal: one short
    drawing.draw("B3: ABC2 D2'")
    expect(drawing.get('B3').certifies).toBeUndefined()
  })

  it('counts once among certificates', () => {
    const drawing = new Drawing('ABCD')
    expect(drawing.draw('ABCD1', 'ABC2: ABC1', 'A3: ABC2', "A3': ABC2", "A3'': ABC2", 'B3: ABC2')).toEqual([])
    expect(drawing.draw('D3: ABC2')).toEqual(['A1'])
  })

  it('counts once among those without a vote', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw('ABCD1', 'D2: BCD1', "D2': BCD1", "D2'': BCD1", 'C2: BCD1')
    expect(drawing.committer.undecided).toBe(1)
    drawing.draw('B2: BCD1')
    expect(drawing.committer.undecided).toBe(2)
  })
})

describe('weight', () => {
  // of 8 a quorum is 6
  const WEIGHTS = [5, 1, 1, 1]

  it('decides, not heads: three of four light ones cannot', () => {
    const drawing = new Drawing('ABCD', WEIGHTS)
    expect(drawing.draw('ABCD1', 'ABCD2: ABCD1', 'BCD3: ABCD2')).toEqual([])
    expect(drawing.draw('A3: ABCD2')).toEqual(['A1'])
  })

  it('decides, not heads: two of four can', () => {
    const drawing = new Drawing('ABCD', WEIGHTS)
    expect(drawing.draw('AB1', 'AB2: AB1', 'AB3: AB2')).toEqual(['A1'])
  })

  it('skips by weight too', () => {
    const drawing = new Drawing('BACD', WEIGHTS)
    drawing.draw('ABCD1', 'BCD2: ACD1')
    expect(drawing.committer.undecided).toBe(1)
    drawing.draw('A2: ACD1')
    expect(drawing.committer.undecided).toBe(2)
  })

  it('of one validator alone decides in a network of one', () => {
    const drawing = new Drawing('A', [1])
    expect(drawing.draw('A1', 'A2: A1')).toEqual([])
    expect(drawing.draw('A3: A2')).toEqual(['A1'])
    expect(drawing.draw('A4: A3')).toEqual(['A2'])
  })
})

describe('the rounds', () => {
  it('know how far a quorum has come, of authors, not of twins', () => {
    const drawing = new Drawing('ABCD')
    drawing.draw("AB1 A1' A1''")
    expect([drawing.rounds.highest, drawing.rounds.highestQuorum]).toEqual([1, 0])
    drawing.draw('C1', 'A2: ABC1')
    expect([drawing.rounds.highest, drawing.rounds.highestQuorum]).toEqual([2, 1])
  })

  it('keep twins as evidence, and long decided rounds not at all', () => {
    const drawing = new Drawing('A', [1])
    drawing.draw('A1', "A1'")
    expect(drawing.rounds.equivocation(drawing.get('A1'))).toEqual({
      author: 0,
      round: 1,
      blocks: ["A1'", 'A1'],
    })
    for (let round = 2; round <= 200; round++) drawing.draw(`A${round}: A${round - 1}`)
    expect(drawing.committer.undecided).toBe(199)
    expect(drawing.rounds.at(1)).toEqual([])
    expect(drawing.rounds.at(199 - 64)).toHaveLength(1)
    expect(drawing.rounds.at(199 - 65)).toEqual([])
    drawing.draw("A1''")
    expect(drawing.rounds.at(1)).toEqual([])
  })
})
