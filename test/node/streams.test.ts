import { describe, expect, it } from 'vitest'
import { Graph } from '../../src/core/dag/graph.ts'
import { Holders } from '../../src/node/holders.ts'
import { LiveValues } from '../../src/node/live-values.ts'
import { measured } from '../../src/reading/measured.ts'
import { at, CREATED_AT_MS, idOf, makeChain, NETWORK } from '../core/make.ts'

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
    expect(holders.hereOnly).toBe(10)
    holders.fetched('c', at(chain, 15).id)
    expect(holders.hereOnly).toBe(9)
  })

  it('is counted for each stream by itself', () => {
    const holders = new Holders(graph)
    for (const [i, { id }] of chain.entries()) holders.watch(id, i % 2 === 0 ? 'even' : 'odd')
    for (const { id } of chain) holders.watch(id, 'all')
    holders.watch(at(chain, 19).id, 'even')
    holders.holdsPast('b', at(chain, 9).id)
    expect(['all', 'even', 'odd', ''].map((of) => holders.hereOnlyOf(of))).toEqual([9, 1, 0, 0])
    expect(holders.hereOnly).toBe(10)
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
