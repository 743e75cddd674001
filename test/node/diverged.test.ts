import { beforeEach, describe, expect, it } from 'vitest'
import { encodeData } from '../../src/core/codec/data.ts'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { BlockId, Hash } from '../../src/core/model/id.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import type { KeyStore } from '../../src/ports.ts'
import { CREATED_AT_MS, at } from '../core/make.ts'
import { blockIn, identities, networkFor, proposalIn } from './make-committee.ts'
import { eachWithWorld, type Stranger, type TestPeer, type World } from './make-peer.ts'

const ROUNDS = 12

let world: World
eachWithWorld((made) => (world = made))

/**
 * What three validators make of their own: a block of data that only they know, and proposals that name what is
 * committed among them. Parents first.
 */
async function orderOf(
  network: Network,
  validators: readonly KeyStore[],
  name: string,
): Promise<CheckedBlock[]> {
  const engine = new Engine(network, { windowBlocksMax: 1024 })
  const blocks: CheckedBlock[] = []
  const take = (made: CheckedBlock) => {
    engine.receive(made, 'a', CREATED_AT_MS + 1e6)
    blocks.push(made)
    return made.id
  }
  const data = encodeData({ topic: name, body: new Uint8Array() })
  const first = { kind: 'data', payload: data, issuedAtMs: CREATED_AT_MS + 1 } as const
  let before: BlockId[] = [take(await blockIn(network, at(validators, 0), first))]
  for (let round = 1; round <= ROUNDS; round++) {
    const { index: commitIndex, digest: commitDigest } = engine.head
    const payload = encodeProposal({ epoch: 0, round, commitIndex, commitDigest })
    const parts = { kind: 'proposal', payload, issuedAtMs: CREATED_AT_MS + 10 * round } as const
    const made = await Promise.all(
      validators.map((signer) => blockIn(network, signer, { ...parts, parents: before })),
    )
    before = made.map(take)
  }
  return blocks
}

describe('A device whose order is not that of the others', () => {
  let device: TestPeer
  let peer: Stranger
  let network: Network
  let others: readonly KeyStore[]
  let right: readonly CheckedBlock[]

  const tell = async (blocks: readonly CheckedBlock[]) => {
    for (const { bytes } of blocks) {
      await peer.transport.publish(bytes)
      await world.quiet()
    }
  }
  const order = () => device.snapshot().network.order
  const to = () => encodeDidKey(at(others, 0).publicKey)
  const ownProposals = () =>
    device.transports
      .flatMap(({ published }) => published)
      .filter((bytes) => proposalIn(bytes, network)?.author === device.keys.publicKey).length

  beforeEach(async () => {
    const [own, ...three] = await identities(world, 4)
    if (own === undefined) throw new Error('four identities')
    others = three.map(({ keys }) => keys)
    network = networkFor([own.keys, ...others])
    device = await world.peer('d', {
      invitation: encodeInvitation({ network, relays: [] }),
      notes: own.notes,
    })
    // it has made no commit, so that its own order is no other
    const digest = network.id as string as Hash
    const uncommitted = { times: new Float64Array(), ids: new Uint8Array() }
    peer = await world.stranger('s', { standing: () => ({ index: 0, digest, uncommitted }) })
    await world.link(device, peer)
    await tell(await orderOf(network, others, 'left'))
    right = await orderOf(network, others, 'right')
  })

  it('says so, and that it proposes no more', async () => {
    expect(order()).toMatchObject({ validator: { type: 'proposing' } })
    expect(order().index).toBeGreaterThan(1)
    expect(order().diverged).toBeUndefined()
    await tell(right)
    const { index, diverged, validator } = order()
    expect(validator).toEqual({ type: 'diverged' })
    expect(diverged?.validators).toBeGreaterThan(1)
    expect(diverged?.index).toBeLessThanOrEqual(index)
    const proposed = ownProposals()
    expect(proposed).toBeGreaterThan(0)
    const parents = [at(right, -1).id]
    const payload = encodeData({ topic: 'test', body: new Uint8Array() })
    await tell([
      await blockIn(network, at(others, 0), {
        kind: 'data',
        payload,
        parents,
        issuedAtMs: world.clock.nowMs(),
      }),
    ])
    for (let i = 0; i < 5; i++) await world.pass(network.genesis.dataRoundMs)
    expect(ownProposals()).toBe(proposed)
    expect(order().index).toBe(index)
  })

  it('refuses to pay, says why, what is kept and what to do, and signs nothing', async () => {
    await tell(right)
    const words = /stopped on this device: .*a third.*is kept\. Update Weft, or ask .*Nothing was paid\.$/
    const refusal = { kind: 'cannot-pay', message: expect.stringMatching(words) as string }
    await expect(device.peer.pay({ to: to(), amount: 5000 })).rejects.toMatchObject(refusal)
    await expect(device.peer.claim({ secret: '00'.repeat(32) })).rejects.toMatchObject(refusal)
    await expect(device.peer.takeBack({ payment: '00'.repeat(32) as never })).rejects.toMatchObject(refusal)
    expect(await device.notes.list('payment/')).toEqual([])
  })

  it('goes on storing what comes and what it measures', async () => {
    const before = device.snapshot().storage.blocks
    await tell(right)
    expect(device.snapshot().storage.blocks).toBe(before + right.length)
    const thing = await device.peer.addThing({ name: 'Pulse', kind: 'simulated' })
    expect(device.snapshot().things.map(({ key }) => key)).toContain(thing)
  })

  it('knows it still when it starts again', async () => {
    await tell(right)
    const { diverged, index } = order()
    await device.peer.stop()
    await world.quiet()
    await world.openPeer(device)
    expect(order()).toMatchObject({ index, diverged, validator: { type: 'diverged' } })
    await expect(device.peer.pay({ to: to(), amount: 5000 })).rejects.toMatchObject({ kind: 'cannot-pay' })
  })
})
