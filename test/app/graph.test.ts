import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Span } from '../../src/app/chart-window.ts'
import { GraphBlocks } from '../../src/app/graph-blocks.ts'
import { blockAt } from '../../src/app/graph-drawing.ts'
import { heightOf, Lanes, LANES_MAX } from '../../src/app/graph-layout.ts'
import { GraphMotion } from '../../src/app/graph-motion.ts'
import { contentWords, heldWords, kindOf, shortNameOf, standingWords } from '../../src/app/graph-words.ts'
import { GraphState } from '../../src/app/state/graph.svelte.ts'
import {
  ApiError,
  GRAPH_BITS,
  type Api,
  type BlockFacts,
  type BlockId,
  type GraphChanges,
} from '../../src/node/api.ts'

/** An answer with `count` blocks from `first` on, each a second after the one before and built on it. */
function answer(first: number, count: number, change: Partial<GraphChanges> = {}): GraphChanges {
  const column = <T>(make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
  return {
    cursor: { feed: 'a', next: first + count, changes: 0 },
    isFresh: first === 0,
    hasMore: false,
    first,
    issuedAtMs: Float64Array.from(column((i) => 1000 * (first + i))),
    issuers: Uint32Array.from(column((i) => (first + i) % 2)),
    names: Uint32Array.from(column((i) => first + i)),
    bits: Uint8Array.from(column((i) => 1 | ((first + i) % 2 === 0 ? GRAPH_BITS.mine : 0))),
    commits: new Uint32Array(count),
    parentCounts: Uint8Array.from(column((i) => (first + i === 0 ? 0 : 1))),
    parents: Uint32Array.from(column(() => 1).slice(first === 0 ? 1 : 0)),
    committed: new Float64Array(),
    committedIn: new Uint32Array(),
    ...change,
  }
}

function blocksOf(count: number): GraphBlocks {
  const blocks = new GraphBlocks()
  for (let first = 0; first < count; first += 1000) blocks.take(answer(first, Math.min(1000, count - first)))
  return blocks
}

describe('the lanes', () => {
  it('are one for each issuer while there are few, this device’s first, and shared by hash beyond', () => {
    const lanes = new Lanes()
    expect(lanes.laneOf(5, false)).toBe(1)
    expect(lanes.laneOf(9, true)).toBe(0)
    for (let issuer = 10; issuer < 100; issuer++) {
      const lane = lanes.laneOf(issuer, false)
      expect(lane).toBeGreaterThan(0)
      expect(lane).toBeLessThan(LANES_MAX)
      expect(lanes.laneOf(issuer, false)).toBe(lane)
    }
    expect([lanes.laneOf(5, false), lanes.count]).toEqual([1, LANES_MAX])
  })

  it('keep every block within its own', () => {
    fc.assert(
      fc.property(fc.nat(LANES_MAX - 1), fc.nat(), fc.integer({ min: 1, max: 3 }), (lane, number, kind) => {
        const height = heightOf(lane, number, kind)
        expect(Math.floor(height)).toBe(lane)
        expect(heightOf(lane, number, kind)).toBe(height)
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})

describe('the blocks of a page', () => {
  it('never move once they are placed, whoever comes later', () => {
    const blocks = blocksOf(100)
    const before = blocks.heights.slice(0, 100)
    blocks.take(answer(100, 50, { issuers: Uint32Array.from({ length: 50 }, (_, i) => 77 + i) }))
    expect(blocks.heights.slice(0, 100)).toEqual(before)
  })

  it('are let go when they are too many, and their children still know of them', () => {
    const blocks = blocksOf(6000)
    expect([blocks.first, blocks.next, blocks.extent()]).toEqual([
      1000,
      6000,
      { fromMs: 1_000_000, toMs: 5_999_000 },
    ])
    expect(blocks.has(1000 - (blocks.parentsOf(1000)[0] ?? 0))).toBe(false)
  })

  it('begin anew where some were missed', () => {
    const blocks = blocksOf(100)
    blocks.take(answer(500, 10))
    expect([blocks.first, blocks.next]).toEqual([500, 510])
  })

  it('are found by a finger, and those that are filtered out are not', () => {
    const blocks = blocksOf(3)
    const view = { width: 300, height: 222, chosen: undefined, labels: ['', ''] as const }
    const all = { ...view, span: { fromMs: 0, toMs: 3000 }, mineOnly: false }
    const y = (blocks.heights[1] ?? 0) * (200 / blocks.lanes)
    expect(blockAt(blocks, all, 104, y + 3)).toBe(1)
    expect(blockAt(blocks, { ...all, mineOnly: true }, 104, y + 3)).toBeUndefined()
    expect(blockAt(blocks, all, 150, y)).toBeUndefined()
  })
})

describe('the motion of the graph', () => {
  const WIDTH = 20_000
  let frames: ((atMs: number) => void)[]
  let drawn: Span[]
  let following: boolean
  let extent: Span
  let isStill: boolean
  let atMs: number

  beforeEach(() => {
    ;[frames, drawn, following, isStill, atMs] = [[], [], true, false, 0]
    extent = { fromMs: 0, toMs: 100_000 }
  })

  function moving(): GraphMotion {
    const motion = new GraphMotion({
      extent: () => extent,
      nextFrame: (run) => frames.push(run),
      draw: (span) => drawn.push(span),
      isStill: () => isStill,
      onFollowing: (value) => (following = value),
    })
    motion.begin([100_000, 95_000, 90_000])
    return motion
  }

  /** Runs frames until none is asked for; returns how many there were. */
  function rest(): number {
    let count = 0
    for (let run = frames.shift(); run !== undefined; run = frames.shift()) {
      run((atMs += 16))
      count++
      if (count > 1000) throw new Error('it never rests')
    }
    return count
  }

  it('draws once a frame and rests where nothing comes', () => {
    const motion = moving()
    for (let i = 0; i < 5; i++) motion.changed()
    expect(rest()).toBe(1)
    expect(motion.span.toMs - motion.span.fromMs).toBe(WIDTH)
    expect(motion.span.toMs).toBeCloseTo(100_000 + 0.06 * WIDTH)
  })

  it('eases to the newest, and goes there at once where motion is not wanted', () => {
    const motion = moving()
    rest()
    extent = { fromMs: 0, toMs: 105_000 }
    motion.changed()
    expect(rest()).toBeGreaterThan(5)
    expect(Math.abs(motion.span.toMs - 105_000 - 0.06 * WIDTH)).toBeLessThan(WIDTH / 1000)
    isStill = true
    extent = { fromMs: 0, toMs: 110_000 }
    motion.changed()
    expect(rest()).toBe(1)
  })

  it('follows no more once it was moved away, and again when it is asked to', () => {
    const motion = moving()
    rest()
    motion.pan(-1)
    expect(following).toBe(false)
    rest()
    const { span } = motion
    extent = { fromMs: 0, toMs: 200_000 }
    motion.changed()
    rest()
    expect(motion.span).toEqual(span)
    motion.goTo('end')
    expect(following).toBe(true)
    rest()
    expect(motion.span.toMs).toBeCloseTo(200_000 + 0.06 * WIDTH)
  })

  it('stays within what there is, whatever is done to it', () => {
    const act = fc.oneof(
      fc.record({ type: fc.constant('pan' as const), part: fc.double({ min: -3, max: 3, noNaN: true }) }),
      fc.record({
        type: fc.constant('zoom' as const),
        factor: fc.double({ min: 0.05, max: 20, noNaN: true }),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ type: fc.constant('show' as const), atMs: fc.integer({ min: 0, max: 100_000 }) }),
      fc.record({
        type: fc.constant('goTo' as const),
        edge: fc.constantFrom('start' as const, 'end' as const),
      }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const motion = moving()
        for (const each of acts) {
          if (each.type === 'pan') motion.pan(each.part)
          else if (each.type === 'zoom') motion.zoom(each.factor, each.at)
          else if (each.type === 'show') motion.show(each.atMs)
          else motion.goTo(each.edge)
          rest()
          const { fromMs, toMs } = motion.span
          expect(toMs - fromMs).toBeGreaterThanOrEqual(499)
          expect(toMs).toBeGreaterThan(0)
          expect(fromMs).toBeLessThan(100_001)
          if (each.type === 'show') {
            expect(fromMs).toBeLessThanOrEqual(each.atMs)
            expect(toMs).toBeGreaterThanOrEqual(each.atMs)
          }
        }
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})

const FACTS: BlockFacts = {
  id: '1'.repeat(64) as BlockId,
  issuer: 'did:key:z6Mk',
  mine: true,
  issuedAtMs: 0,
  kind: 'data',
  bytes: 400,
  work: 1,
  parents: [],
  committed: false,
  heldBy: 0,
  content: { type: 'erased' },
}

describe('the graph on a screen', () => {
  let visibility: DocumentVisibilityState
  let looks: (() => void)[]
  const page = {
    get visibilityState() {
      return visibility
    },
    addEventListener: (_: string, look: EventListenerOrEventListenerObject) => looks.push(look as () => void),
    removeEventListener: () => undefined,
  } as unknown as Document

  beforeEach(() => {
    vi.useFakeTimers()
    visibility = 'visible'
    looks = []
  })
  afterEach(() => vi.useRealTimers())

  function shown(answers: (GraphChanges | ApiError)[]) {
    const asked: Parameters<Api['graph']>[0][] = []
    const graph = new GraphState(
      {
        graph: async (input) => {
          asked.push(input)
          const next = answers.shift() ?? answer(asked.length, 0, { isFresh: false })
          if (next instanceof ApiError) throw next
          return next
        },
        blockFacts: async () => FACTS,
      },
      page,
    )
    return { graph, asked }
  }

  it('asks for what is new four times a second, and not while nobody looks', async () => {
    const { graph, asked } = shown([answer(0, 3)])
    const stop = graph.run()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked.length).toBe(5)
    expect(asked[1]).toEqual({ after: { feed: 'a', next: 3, changes: 0 } })
    visibility = 'hidden'
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked.length).toBeLessThanOrEqual(6)
    visibility = 'visible'
    for (const look of looks) look()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.length).toBeGreaterThan(5)
    stop()
    const { length } = asked
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked.length).toBe(length)
  })

  it('asks at once while there is more, and is ready at the end of it', async () => {
    const { graph } = shown([answer(0, 3, { hasMore: true }), answer(3, 3, { isFresh: false })])
    const stop = graph.run()
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(0)
    expect([graph.isReady, graph.blocks.size]).toEqual([true, 6])
    stop()
  })

  it('says what went wrong and tries again; that the peer has moved is nothing wrong', async () => {
    const { graph } = shown([
      new ApiError('peer-moved', 'Moved.'),
      new ApiError('failed', 'It broke.'),
      answer(0, 1),
    ])
    const stop = graph.run()
    await vi.advanceTimersByTimeAsync(0)
    expect(graph.failure).toBeUndefined()
    await vi.advanceTimersByTimeAsync(250)
    expect(graph.failure).toBe('It broke.')
    await vi.advanceTimersByTimeAsync(250)
    expect([graph.failure, graph.blocks.size]).toEqual([undefined, 1])
    stop()
  })

  it('lets go of a block that is looked at when the network is another', async () => {
    const { graph } = shown([answer(0, 3), answer(0, 2, { cursor: { feed: 'b', next: 2, changes: 0 } })])
    const stop = graph.run()
    await vi.advanceTimersByTimeAsync(0)
    await graph.choose(1)
    expect(graph.facts).toEqual(FACTS)
    await vi.advanceTimersByTimeAsync(250)
    expect([graph.chosen, graph.facts, graph.blocks.size]).toEqual([undefined, undefined, 2])
    stop()
  })
})

describe('the words of a block', () => {
  it('name it, its kind and how far it has got', () => {
    expect(shortNameOf(0x00a1b2c3)).toBe('00a1b2c3…')
    expect([1, 2, 3].map((byte) => kindOf(byte | GRAPH_BITS.mine))).toEqual([
      'data',
      'transaction',
      'proposal',
    ])
    expect(standingWords(false, 0)).toBe('not yet final')
    expect(standingWords(true, 0)).toBe('final')
    expect(standingWords(true, 1200)).toBe('final, in commit 1,200')
    expect(heldWords({ heldBy: 1, mine: true })).toBe('1 other device that this one knows of')
  })

  it('tell of its content what may be told', () => {
    const things = [{ key: 'k', name: 'Barn', mine: true }]
    const of = (content: BlockFacts['content']) => contentWords(content, things)
    expect(of({ type: 'readings', thing: 'k', sealed: true })).toBe('Of “Barn”, sealed.')
    expect(of({ type: 'readings', thing: 'x', sealed: true })).toContain('owner alone')
    expect(of({ type: 'other', topic: 'x'.repeat(64) })).toMatch(/: x{31}…\.$/)
    expect(of({ type: 'erased' })).toContain('deleted')
  })
})
