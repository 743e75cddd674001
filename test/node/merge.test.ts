import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { World, type TestNode } from './make-peer.ts'

const NAMES = ['a', 'b', 'c'] as const
const DATA = { topic: 'test', body: Uint8Array.of(1) }

type Step =
  | { readonly do: 'issue' | 'restart'; readonly node: number }
  | { readonly do: 'link' | 'unlink'; readonly node: number; readonly other: number }
  | { readonly do: 'pass'; readonly ms: number }

const node = fc.nat(2)
const pair = fc.constantFrom([0, 1], [0, 2], [1, 2])
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: node.map((node): Step => ({ do: 'issue', node })) },
  { weight: 1, arbitrary: node.map((node): Step => ({ do: 'restart', node })) },
  { weight: 3, arbitrary: pair.map(([node = 0, other = 1]): Step => ({ do: 'link', node, other })) },
  { weight: 2, arbitrary: pair.map(([node = 0, other = 1]): Step => ({ do: 'unlink', node, other })) },
  { weight: 3, arbitrary: fc.constantFrom(1, 500, 6000, 12_000).map((ms): Step => ({ do: 'pass', ms })) },
)

async function take(world: World, nodes: readonly TestNode[], step: Step): Promise<void> {
  const named = (index: number): TestNode => {
    const found = nodes[index]
    if (found === undefined) throw new Error('there are three nodes')
    return found
  }
  switch (step.do) {
    case 'issue':
      await named(step.node).node.issue(DATA)
      return
    case 'restart':
      return world.restart(named(step.node))
    case 'link':
      // without waiting: what is under way goes on during the next steps
      return world.hub.link(named(step.node).name, named(step.other).name)
    case 'unlink':
      return world.hub.unlink(named(step.node).name, named(step.other).name)
    case 'pass':
      return world.pass(step.ms)
  }
}

/** Everybody is linked to everybody, and time passes. */
async function heal(world: World, nodes: readonly TestNode[]): Promise<void> {
  for (const [i, j] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const)
    world.hub.link(nodes[i]?.name ?? '', nodes[j]?.name ?? '')
  await world.quiet()
  for (let i = 0; i < 4; i++) await world.pass(6000)
}

describe('Three nodes that come and go', () => {
  it('end with the same blocks, each stored once, and know that the others hold their own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), async (steps) => {
        const world = new World()
        const nodes = await Promise.all(NAMES.map((name) => world.node(name)))
        for (const each of steps) await take(world, nodes, each)
        await heal(world, nodes)

        const ids = await Promise.all(nodes.map(async ({ disk }) => [...(await disk.ids())].sort()))
        expect(ids[1]).toEqual(ids[0])
        expect(ids[2]).toEqual(ids[0])
        expect(ids[0]).toHaveLength(steps.filter((each) => each.do === 'issue').length)
        for (const { disk, node, transport, stored, signer } of nodes) {
          expect(disk.twice).toEqual([])
          expect(transport.blamed).toEqual([])
          expect(node.holders.hereOnly).toBe(0)
          for (const { id, block } of stored)
            if (block.issuer === signer.publicKey) expect(node.holders.countOf(id)).toBeGreaterThan(0)
        }
        await world.stop()
        expect(world.faults).toEqual([])
      }),
      { seed: 20_240_229, numRuns: 40 },
    )
  }, 20_000)
})
