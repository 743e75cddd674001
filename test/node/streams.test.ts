import { describe, expect, it } from 'vitest'
import { Graph } from '../../src/core/dag/graph.ts'
import { bytesOf } from '../../src/core/codec/hex.ts'
import { Holders } from '../../src/node/holders.ts'
import { LiveValues } from '../../src/node/live-values.ts'
import { Streams, streamKeyOf } from '../../src/node/streams.ts'
import { measured } from '../../src/reading/measured.ts'
import { ALICE, at, BOB, CREATED_AT_MS, idOf, makeBlock, makeChain, NETWORK } from '../core/make.ts'

const STREAM_ID = idOf(7)

describe('The streams a device knows', () => {
  it('forget the older half of the longest when there are more records than are kept, wherever they are named', () => {
    const streams = new Streams(ALICE, 100)
    const { block, bytes } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    const record = { type: 'open', streamId: bytesOf(STREAM_ID), epoch: 1, pack: Uint8Array.of(1) } as const
    const small = { ...record, streamId: bytesOf(idOf(8)), index: 0 }
    streams.add({ id: idOf(1000), block, bytes }, small, false)
    for (let index = 0; index < 100; index++)
      streams.add({ id: idOf(index), block, bytes }, { ...record, index }, false)
    const key = streamKeyOf(ALICE, STREAM_ID)
    expect(streams.get(key)?.records.length).toBe(50)
    expect(streams.get(streamKeyOf(ALICE, idOf(8)))?.records.length).toBe(1)
    expect(streams.streamOf(idOf(0))).toBeUndefined()
    expect(streams.streamOf(idOf(99))).toBe(key)
    expect(streams.nextIndex(key, 1)).toBe(100)
    expect(streams.nextIndex(key, 2)).toBe(0)
  })

  it('are no more than a stranger may make us remember, and always our own', () => {
    const streams = new Streams(ALICE)
    const record = { type: 'open', epoch: 1, index: 0, pack: Uint8Array.of(1) } as const
    const foreign = makeBlock({ issuer: BOB, issuedAtMs: CREATED_AT_MS + 1 })
    for (let i = 0; i < 1100; i++) streams.add(foreign, { ...record, streamId: bytesOf(idOf(i)) }, false)
    expect([...streams.all()]).toHaveLength(1024)
    expect(
      streams.add(
        makeBlock({ issuedAtMs: CREATED_AT_MS + 1 }),
        { ...record, streamId: bytesOf(STREAM_ID) },
        false,
      ),
    ).toBeDefined()
  })
})

describe('Live values', () => {
  it('take a reading once, in the order of time, and name the main quantity first', () => {
    const live = new LiveValues('heart-rate')
    const now = CREATED_AT_MS
    live.add([
      measured('battery', 90, now),
      measured('heart-rate', 60, now),
      measured('heart-rate', 61, now + 1),
    ])
    live.add([measured('heart-rate', 61, now + 1), measured('heart-rate', 59, now - 1)])
    expect(live.spark).toEqual([60, 61])
    expect(live.latest.map(({ quantity, value }) => [quantity, value])).toEqual([
      ['heart-rate', 61],
      ['battery', 90],
    ])
  })

  it('keep no more than fit a card', () => {
    const live = new LiveValues('unknown')
    for (let i = 0; i < 100; i++) live.add([{ quantity: 'q', value: i, atMs: CREATED_AT_MS + i }])
    for (let i = 0; i < 100; i++) live.add([{ quantity: `q${i}`, value: i, atMs: CREATED_AT_MS }])
    expect(live.spark).toEqual(Array.from({ length: 60 }, (_, i) => 40 + i))
    expect(live.latest).toHaveLength(32)
  })
})

describe('What peers are known to hold', () => {
  const graph = new Graph({ id: NETWORK.id, createdAtMs: CREATED_AT_MS }, 1024)
  const chain = makeChain(20)
  for (const { id, block } of chain) graph.add({ id, ...block })

  it('is a tip with its past, and no block above it', () => {
    const holders = new Holders(graph)
    for (const { id } of chain) holders.watch(id)
    holders.holdsPast('b', at(chain, 9).id)
    expect(chain.map(({ id }) => holders.countOf(id))).toEqual([
      ...Array<number>(10).fill(1),
      ...Array<number>(10).fill(0),
    ])
    expect([...holders.unheld()]).toEqual(chain.slice(10).map(({ id }) => id))
    holders.fetched('c', at(chain, 15).id)
    expect(holders.hereOnly).toBe(9)
  })

  it('covers the past of a tip also where a block in between was fetched before', () => {
    const holders = new Holders(graph)
    holders.fetched('b', at(chain, 5).id)
    holders.holdsPast('b', at(chain, 9).id)
    expect(chain.filter(({ id }) => holders.countOf(id) === 1)).toHaveLength(10)
  })

  it('is remembered by the newest blocks alone, and counts the same afterwards', () => {
    const holders = new Holders(graph)
    for (const { id } of chain.slice(0, 12)) holders.holdsPast('b', id)
    expect(holders.toNote()).toEqual([['b', [at(chain, 11).id]]])
    const restored = new Holders(graph)
    restored.restore(holders.toNote().map(([peer, ids]) => [peer, [...ids]]))
    expect(chain.map(({ id }) => restored.countOf(id))).toEqual(chain.map(({ id }) => holders.countOf(id)))
  })

  it('is remembered of 64 peers, and forgotten of the one heard of longest ago', () => {
    const holders = new Holders(graph)
    for (let i = 0; i < 70; i++) holders.holdsPast(`peer ${i}`, at(chain, 0).id)
    expect(holders.countOf(at(chain, 0).id)).toBe(64)
    expect(holders.toNote()[0]?.[0]).toBe('peer 6')
  })

  it('says nothing of blocks nobody here knows', () => {
    const holders = new Holders(graph)
    holders.holdsPast('b', idOf(1))
    holders.fetched('b', idOf(1))
    expect(holders.countOf(idOf(1))).toBe(0)
  })
})
