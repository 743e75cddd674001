import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PARKED_PER_PEER_MAX } from '../../src/core/model/limits.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { Verifier } from '../../src/ports.ts'
import { bytesOf } from '../../src/core/codec/hex.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import type { Hash } from '../../src/core/model/id.ts'
import { outputIdOf, type Transaction } from '../../src/core/model/transaction.ts'
import { at, GENESIS, idOf, makeBlock, NETWORK } from '../core/make.ts'
import { timedIds } from '../net/reconcile-run.ts'
import { testSigner } from '../net/support.ts'
import { signedBlock, signedChain, until, World, type Stranger, type TestNode } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }
const signer = testSigner(9)

let world: World
let a: TestNode
let b: TestNode
let bad: Stranger
let now: number

beforeEach(async () => {
  world = new World()
  a = await world.node('a')
  b = await world.node('b')
  bad = await world.stranger('bad')
  await world.link(a, b)
  await world.link(bad, a)
  now = world.clock.nowMs()
})

afterEach(async () => {
  await theOthersRunOn()
  await world.stop()
  expect(world.faults).toEqual([])
})

/** Whatever a stranger did, a's own blocks still reach b, and nobody blames a or b. */
async function theOthersRunOn(): Promise<void> {
  const id = await a.node.issue(DATA)
  await world.quiet()
  expect(await b.disk.ids()).toContain(id)
  expect(b.transport.blamed).toEqual([])
  expect(a.transport.blamed.filter(([peer]) => peer === 'b')).toEqual([])
  expect(a.disk.twice).toEqual([])
}

async function gossip(...blocks: readonly Uint8Array[]): Promise<void> {
  for (const bytes of blocks) {
    await bad.transport.publish(bytes)
    await world.quiet()
  }
}

const isBlamed = (reason: string) =>
  expect(new Set(a.transport.blamed.map(String))).toEqual(new Set([`bad,${reason}`]))

describe('A peer that gossips', () => {
  it('bytes that are no block is blamed', async () => {
    await gossip(new TextEncoder().encode('hello'))
    isBlamed('malformed')
  })

  it('an oversized block is blamed', async () => {
    const { bytes } = await signedBlock(signer, { issuedAtMs: now, payload: new Uint8Array(16_385) })
    await gossip(bytes)
    isBlamed('malformed')
  })

  it('a payload that is not the one of the header is blamed', async () => {
    const { bytes } = await signedBlock(signer, { issuedAtMs: now })
    const other = bytes.slice()
    other[other.length - 1] = 0xff
    await gossip(other)
    isBlamed('malformed')
    expect((await a.node.receive(bytes, 'friend')).type).toBe('attached')
  })

  it('a badly signed block is blamed, and the genuine block is still taken', async () => {
    const genuine = await signedBlock(signer, { issuedAtMs: now })
    const forged = makeBlock({
      issuer: signer.publicKey,
      issuedAtMs: now,
      signature: await signer.sign(new Uint8Array(1)),
    })
    expect(forged.id).toBe(genuine.id)
    await gossip(forged.bytes)
    isBlamed('bad-signature')
    expect(await a.disk.ids()).toEqual([])
    expect((await a.node.receive(genuine.bytes, 'friend')).type).toBe('attached')
    await world.quiet()
    expect(await b.disk.ids()).toEqual([genuine.id])
  })

  it('a payload that does not decode is blamed, and whoever sends a child of it', async () => {
    const wrong = await signedBlock(signer, { issuedAtMs: now - 10, payload: Uint8Array.of(0) })
    const child = await signedBlock(signer, { parents: [wrong.id], issuedAtMs: now })
    await gossip(wrong.bytes)
    isBlamed('invalid-block')
    expect(await a.node.receive(child.bytes, 'another')).toMatchObject({ type: 'blamed', id: child.id })
    expect(a.transport.blamed.at(-1)).toEqual(['another', 'invalid-block'])
    expect(await a.disk.ids()).toEqual([])
  })

  it('a child whose parent was issued later is blamed', async () => {
    const parent = await signedBlock(signer, { issuedAtMs: now })
    const child = await signedBlock(signer, { parents: [parent.id], issuedAtMs: now })
    await gossip(parent.bytes, child.bytes)
    isBlamed('invalid-block')
    expect(await a.disk.ids()).toEqual([parent.id])
  })

  it('a child first, and then the parent that makes it invalid, is blamed for the child', async () => {
    const parent = await signedBlock(signer, { issuedAtMs: now })
    const child = await signedBlock(signer, { parents: [parent.id], issuedAtMs: now })
    await gossip(child.bytes)
    expect((await a.node.receive(parent.bytes, 'friend')).type).toBe('attached')
    isBlamed('invalid-block')
  })

  it('a transaction or a proposal that is none is blamed', async () => {
    const payload = new Uint8Array(48)
    await gossip((await signedBlock(signer, { kind: 'transaction', issuedAtMs: now, payload })).bytes)
    isBlamed('invalid-block')
    const other = await signedBlock(signer, { kind: 'proposal', issuedAtMs: now, payload })
    expect(await a.node.receive(other.bytes, 'another')).toMatchObject({ blame: 'invalid-block' })
    expect(await a.disk.ids()).toEqual([])
    expect(a.transport.forwarded).toEqual([])
  })

  it("a proposal by somebody who is no validator is blamed, and whoever passes off a validator's rounds", async () => {
    const payload = (round: number) =>
      encodeProposal({ epoch: 0, round, commitIndex: 0, commitDigest: NETWORK.id as string as Hash })
    const parts = { kind: 'proposal', issuedAtMs: now } as const
    await gossip((await signedBlock(signer, { ...parts, payload: payload(1) })).bytes)
    isBlamed('invalid-block')
    const alice = await signedBlock(signer, { ...parts, payload: payload(2) })
    expect(await a.node.receive(alice.bytes, 'another')).toMatchObject({ blame: 'invalid-block' })
    expect(await a.disk.ids()).toEqual([])
  })

  it('a transaction that the ledger will reject is not blamed: whoever relays it need not know', async () => {
    const essence = {
      inputs: [outputIdOf(NETWORK.id, 7)],
      outputs: [{ amount: 1, owner: signer.publicKey }],
      memo: new Uint8Array(),
    }
    const spends = (unlocks: Transaction['unlocks']) => {
      const payload = encodeTransaction({ ...essence, unlocks, preimages: [] })
      return signedBlock(signer, { kind: 'transaction', issuedAtMs: now, payload })
    }
    const locked = await spends([])
    const forged = await spends([{ key: signer.publicKey, signature: new Uint8Array(64) }])
    await gossip(locked.bytes, forged.bytes)
    expect(a.transport.blamed).toEqual([])
    expect(a.transport.forwarded).toHaveLength(2)
    expect(await b.disk.ids()).toEqual([locked.id, forged.id])
  })

  it('a block of tomorrow is not blamed; the block is dropped, and taken tomorrow', async () => {
    const day = 86_400_000
    const tomorrow = await signedBlock(signer, { issuedAtMs: now + day })
    await gossip(tomorrow.bytes)
    await world.pass(1000)
    expect(a.transport.blamed).toEqual([])
    await world.pass(day)
    expect(await a.disk.ids()).toEqual([])
    expect((await a.node.receive(tomorrow.bytes, 'friend')).type).toBe('attached')
  })

  it('a block of the next minute has it wait until it is ripe', async () => {
    const soon = await signedBlock(signer, { issuedAtMs: now + 60_000 })
    await gossip(soon.bytes)
    await world.pass(54_999)
    expect(await a.disk.ids()).toEqual([])
    await world.pass(1)
    expect(await a.disk.ids()).toEqual([soon.id])
    expect(a.transport.published).toHaveLength(1)
    expect(a.transport.blamed).toEqual([])
    await world.pass(6000)
  })

  it('a flood of blocks with unknown parents takes no more room than it is granted', async () => {
    const flood = []
    for (let i = 0; i < PARKED_PER_PEER_MAX + 10; i++)
      flood.push(await signedBlock(signer, { parents: [idOf(i)], issuedAtMs: now - 5000 + i }))
    for (const { bytes } of flood) await bad.transport.publish(bytes)
    await world.quiet()
    await world.pass(10_000)
    expect(a.transport.blamed).toEqual([])
    expect([...(await a.disk.ids()), ...(await b.disk.ids())]).toEqual([])
    // what was issued last had to go; what was issued first still waits for its parent
    expect((await a.node.receive(at(flood, 0).bytes, 'friend')).type).toBe('known')
    expect((await a.node.receive(at(flood, -1).bytes, 'friend')).type).toBe('waiting')
  })
})

describe('Too little work', () => {
  it('is blamed on the sender', async () => {
    const world = new World()
    const dear = networkOf({ ...GENESIS, powBase: 2 ** 20 })
    const lazy = await world.node('lazy', { network: dear }) // its miner does no work
    const id = await lazy.node.issue(DATA)
    const [block] = await lazy.disk.all()
    const node = await world.node('dear', { network: dear })
    const outcome = await node.node.receive(block?.bytes ?? new Uint8Array(), 'lazy')
    expect(outcome).toEqual({ type: 'blamed', blame: 'bad-work', id })
    expect(node.transport.blamed).toEqual([['lazy', 'bad-work']])
    await world.stop()
  })
})

describe('A forged copy of a block', () => {
  it('is not passed on when the genuine block comes while it is being verified', async () => {
    const genuine = await signedBlock(signer, { issuedAtMs: now })
    const signature = await signer.sign(new Uint8Array(1))
    const forged = makeBlock({ issuer: signer.publicKey, issuedAtMs: now, signature })
    const honest = webCryptoVerifier(crypto.subtle)
    const held = Promise.withResolvers<void>()
    const slow: Verifier = {
      async verify(given, message, key) {
        if (Buffer.from(given).equals(signature)) await held.promise
        return honest.verify(given, message, key)
      },
    }
    const c = await world.node('c', { verifier: slow })
    const [friend, listener] = [await world.stranger('friend'), await world.stranger('listener')]
    for (const other of [bad, friend, listener]) world.hub.link(other.name, 'c')
    await until(() => c.transport.peers().length === 3)
    await bad.transport.publish(forged.bytes)
    await friend.transport.publish(genuine.bytes)
    await until(() => c.stored.length === 1)
    held.resolve()
    await world.quiet()
    expect(listener.gossip.map((bytes) => Buffer.from(bytes))).toEqual([Buffer.from(genuine.bytes)])
    expect(c.transport.blamed).toEqual([['bad', 'bad-signature']])
  })
})

describe('A peer that answers a fetch', () => {
  /** A stranger that gossips the last of a chain and answers for the rest as told. */
  async function answering(
    onFetch: (ids: readonly BlockId[]) => Promise<readonly Uint8Array[]>,
  ): Promise<Stranger> {
    const stranger = await world.stranger('answering', { onFetch })
    await world.link(stranger, a)
    return stranger
  }

  it('with a block nobody asked for is blamed for that', async () => {
    const [parent, child] = await signedChain(signer, 2, now - 9000)
    const other = await signedBlock(testSigner(10), { issuedAtMs: now })
    if (!parent || !child) throw new Error('two blocks')
    const s = await answering(async () => [parent.bytes, other.bytes])
    await s.transport.publish(child.bytes)
    await world.quiet()
    expect(a.transport.blamed).toEqual([['answering', 'not-asked-for']])
    expect(await a.disk.ids()).toEqual(expect.arrayContaining([parent.id, child.id]))
  })

  it('with one block twice is blamed for that', async () => {
    const [parent, child] = await signedChain(signer, 2, now - 9000)
    if (!parent || !child) throw new Error('two blocks')
    const s = await answering(async () => [parent.bytes, parent.bytes])
    await s.transport.publish(child.bytes)
    await world.quiet()
    expect(a.transport.blamed).toEqual([['answering', 'not-asked-for']])
  })

  it('with a forged signature is blamed, and the block is asked of the next at once', async () => {
    const [parent, child] = await signedChain(signer, 2, now - 9000)
    if (!parent || !child) throw new Error('two blocks')
    const forged = makeBlock({ ...parent.block, signature: await signer.sign(new Uint8Array(1)) })
    const s = await answering(async () => [forged.bytes])
    const friend = await world.stranger('friend', { onFetch: async () => [parent.bytes] })
    await world.link(friend, a)
    await s.transport.publish(child.bytes)
    await world.quiet()
    expect(a.transport.blamed).toEqual([['answering', 'bad-signature']])
    expect(await a.disk.ids()).toEqual([parent.id, child.id])
  })

  it('never does not keep others from answering', async () => {
    const s = await answering(() => new Promise(() => undefined))
    const chain = await signedChain(signer, 3, now - 9000)
    for (let i = 0; i < 40; i++)
      await s.transport.publish(
        (await signedBlock(signer, { parents: [idOf(i)], issuedAtMs: now - 4000 + i })).bytes,
      )
    await world.quiet()
    const friend = await world.stranger('friend', {
      onFetch: async (ids) => chain.filter(({ id }) => ids.includes(id)).map(({ bytes }) => bytes),
      onTips: async () => [at(chain, 2).id],
      standing: () => ({
        ...a.node.head,
        uncommitted: timedIds(chain.map(({ id, block }) => [block.issuedAtMs, bytesOf(id)])),
      }),
    })
    await world.link(friend, a)
    expect(await a.disk.ids()).toEqual(chain.map(({ id }) => id))
    expect(a.node.holders.countOf(at(chain, 2).id)).toBe(1)
  })

  it('with tips of tomorrow is asked for them once and not again and again', async () => {
    const tomorrow = await signedBlock(signer, { issuedAtMs: now + 86_400_000 })
    let asked = 0
    const s = await world.stranger('ahead', {
      onTips: async () => [tomorrow.id],
      onFetch: async () => {
        asked++
        return [tomorrow.bytes]
      },
    })
    await world.link(s, a)
    expect(asked).toBeLessThanOrEqual(2)
    expect(a.transport.blamed).toEqual([])
  })
})
