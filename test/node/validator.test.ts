import { describe, expect, it } from 'vitest'
import { encodeData } from '../../src/core/codec/data.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { at } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import {
  agreedHead,
  blockIn,
  equivocations,
  identities,
  networkFor,
  ownedAt,
  passRounds,
  pay,
  roundsBy,
  STAKE,
  validators,
  type Validating,
} from './make-committee.ts'
import { eachWithWorld, HeldMiner, until, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const keyOf = (each: Validating) => each.options.keys.publicKey
const stateOf = (each: Validating) => each.made.node.validator.state

/** Three validators that have committed something, and a fourth whose words were typed in on a device that is not there yet. */
async function threeAndOne(): Promise<{ three: readonly Validating[]; start: () => Promise<Validating> }> {
  const all = await validators(world, 4)
  const last = at(all, 3)
  await pay(at(all, 0), keyOf(last), 1000)
  await passRounds(world, 10)
  await last.made.node.stop()
  await pay(at(all, 0), keyOf(last), 1000)
  await passRounds(world, 40)
  const start = async () => {
    const options = { ...last.options, typedIn: true }
    const made = await world.node('typed in', options)
    return { made, options }
  }
  return { three: all.slice(0, 3), start }
}

describe('A validator whose words were typed in', () => {
  it('listens to a quorum of the others, and begins two rounds above all they hold', async () => {
    const { three, start } = await threeAndOne()
    const fresh = await start()
    const before = await roundsBy(keyOf(fresh), at(three, 0))
    for (const each of three) {
      expect(stateOf(fresh)).toEqual({ type: 'listening' })
      await world.link(fresh.made, each.made)
    }
    expect(stateOf(fresh)).toEqual({ type: 'proposing' })
    const held = await Promise.all(three.map((each) => roundsBy(keyOf(each), fresh)))
    const highest = Math.max(...held.flat())
    await pay(at(three, 0), keyOf(fresh), 1000)
    await passRounds(world, 20)
    const after = (await roundsBy(keyOf(fresh), at(three, 0))).slice(before.length)
    expect(after.length).toBeGreaterThan(0)
    expect(at(after, 0)).toBeGreaterThanOrEqual(highest + 2)
    const blocks = (await Promise.all([...three, fresh].map(({ made }) => made.disk.all()))).flat()
    expect(
      equivocations(
        blocks.map(({ bytes }) => bytes),
        fresh.options.network,
      ),
    ).toEqual([])
    agreedHead([...three, fresh].map(({ made }) => made))
  })

  it('goes on from its own note the next time, hearing nobody', async () => {
    const { three, start } = await threeAndOne()
    const fresh = await start()
    for (const each of three) await world.link(fresh.made, each.made)
    await world.restart(fresh.made, fresh.options)
    expect(stateOf(fresh)).toEqual({ type: 'proposing' })
  })

  it('has not heard a peer that names as many tips as a message takes: there may be more', async () => {
    const all = await identities(world, 4)
    const network = networkFor(all.map(({ keys }) => keys))
    const made = await world.node('fresh', { network, keys: at(all, 3).keys, typedIn: true })
    const tips: BlockId[] = []
    for (let i = 0; i < 256; i++) {
      const payload = encodeData({ topic: 'test', body: Uint8Array.of(i) })
      const block = await blockIn(network, testSigner(1), {
        kind: 'data',
        payload,
        issuedAtMs: world.clock.nowMs(),
      })
      await made.node.receive(block.bytes, 's')
      tips.push(block.id)
    }
    let named = 256
    for (const [i, { keys }] of all.slice(0, 3).entries()) {
      const onTips = async () => (i === 1 ? tips.slice(0, named) : [])
      await world.link(await world.stranger(`v${i}`, { key: keys.publicKey, onTips }), made)
    }
    expect(made.node.validator.state).toEqual({ type: 'listening' })
    named = 255
    await world.pass(5000)
    expect(made.node.validator.state).toEqual({ type: 'proposing' })
  })

  it('has not heard somebody who only says to be one, nor the same one twice', async () => {
    const { three, start } = await threeAndOne()
    const fresh = await start()
    for (let i = 0; i < 3; i++) await world.link(await world.stranger(`s${i}`), fresh.made)
    const own = await world.stranger('own', { key: keyOf(fresh) })
    await world.link(own, fresh.made)
    for (let i = 0; i < 3; i++) {
      await world.link(fresh.made, at(three, 0).made)
      await world.unlink(fresh.made, at(three, 0).made)
    }
    expect(stateOf(fresh)).toEqual({ type: 'listening' })
    await fresh.made.node.validator.vouch() // nobody may vouch where others can say
    expect(stateOf(fresh)).toEqual({ type: 'listening' })
  })

  it('needs the word of its person where the others are no quorum', async () => {
    const [one] = await identities(world, 1)
    if (!one) throw new Error('one identity')
    const options = { network: networkFor([one.keys]), keys: one.keys, typedIn: true }
    const made = await world.node('alone', options)
    await pay({ made, options }, testSigner(1).publicKey, 1000)
    await passRounds(world, 5)
    expect(made.node.validator.state).toEqual({ type: 'alone' })
    expect(made.commits).toEqual([])
    await made.node.validator.vouch()
    await passRounds(world, 1)
    expect(made.node.validator.state).toEqual({ type: 'proposing' })
    expect(ownedAt(made, testSigner(1).publicKey)).toBe(1000)
  })

  it('is of no account where the key is no validator', async () => {
    const all = await validators(world, 4)
    const follower = await world.node('follower', { network: at(all, 0).options.network, typedIn: true })
    for (const { made } of all) await world.link(follower, made)
    await follower.node.validator.vouch()
    expect(follower.node.validator.state).toEqual({ type: 'none' })
    expect(await follower.notes.list('proposer/')).toEqual([])
  })
})

describe("A validator's clock", () => {
  it('that is off stops it and nobody else, and once it is right again it goes on', async () => {
    let aheadMs = 0
    const clock = { nowMs: () => world.clock.nowMs() + aheadMs }
    const all = await validators(world, 4, { clock })
    const off = at(all, 3)
    for (const { made, options } of all.slice(0, 3)) {
      await made.node.stop()
      await world.start(made, { ...options, clock: world.clock })
    }
    aheadMs = 60_000
    for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) await world.link(a.made, b.made)
    expect(all.map((each) => stateOf(each).type)).toEqual([
      'proposing',
      'proposing',
      'proposing',
      'clock-off',
    ])
    expect(stateOf(off)).toEqual({ type: 'clock-off', offsetMs: -60_000 })
    await pay(at(all, 0), keyOf(off), 1000)
    await passRounds(world, 30)
    expect(await roundsBy(keyOf(off), at(all, 0))).toEqual([])
    expect(ownedAt(at(all, 1).made, keyOf(off))).toBe(STAKE + 1000)

    aheadMs = 0
    await world.pass(5000)
    expect(stateOf(off)).toEqual({ type: 'proposing' })
    await pay(at(all, 0), keyOf(off), 1000)
    await passRounds(world, 30)
    expect((await roundsBy(keyOf(off), at(all, 0))).length).toBeGreaterThan(0)
    agreedHead(all.map(({ made }) => made))
  })

  it('may be ten seconds off, and one who lies moves nobody', async () => {
    const all = await validators(world, 4)
    const { validator } = at(all, 0).made.node
    const hears = (...offsets: readonly number[]) =>
      offsets.forEach((offsetMs, i) => validator.clockOf(keyOf(at(all, i + 1)), offsetMs))
    hears(10_000, 10_000, 10_000)
    expect(validator.state).toEqual({ type: 'proposing' })
    hears(10_001, 10_001, 10_001)
    expect(validator.state).toEqual({ type: 'clock-off', offsetMs: 10_001 })
    hears(1e12, 0, 0)
    expect(validator.state).toEqual({ type: 'proposing' })
    validator.clockOf(testSigner(1).publicKey, 1e12)
    validator.clockOf(undefined, 1e12)
    expect(validator.state).toEqual({ type: 'proposing' })
  })

  it('that is off and right again while a proposal is being made makes no second one', async () => {
    const all = await validators(world, 4)
    const [a, others] = [at(all, 0), all.slice(1, 3)] // without it they are no quorum
    await at(all, 3).made.node.stop()
    const miner = new HeldMiner()
    await a.made.node.stop()
    await world.start(a.made, { ...a.options, miner })
    for (const { made } of others) await world.link(a.made, made)
    await pay(at(others, 0), keyOf(a), 1000)
    await world.pass(200)
    await until(() => miner.tasks === 1)
    for (const offsetMs of [60_000, 0]) {
      for (const other of others) a.made.node.validator.clockOf(keyOf(other), offsetMs)
      await world.pass(200)
    }
    for (let i = 0; i < 10; i++) {
      miner.finish()
      await world.pass(200)
    }
    const blocks = await at(others, 0).made.disk.all()
    expect(
      equivocations([...blocks.map(({ bytes }) => bytes), ...a.made.transport.sent], a.options.network),
    ).toEqual([])
    expect((await roundsBy(keyOf(a), a)).length).toBeGreaterThan(0)
  })
})
