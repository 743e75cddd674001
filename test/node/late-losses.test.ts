import { expect, it } from 'vitest'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import type { Output, OutputId } from '../../src/core/model/transaction.ts'
import { signTransaction } from '../../src/wallet/payments.ts'
import { at } from '../core/make.ts'
import { agreedHead, ownedAt, passRounds, pay, STAKE, validators, type Validating } from './make-committee.ts'
import { eachWithWorld, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

/** Thousands of blocks, so that the window moves past the one that is lost. */
const STORY_MS_MAX = 60_000

let world: World
eachWithWorld((made) => (world = made))

const keyOf = ({ options }: Validating): PublicKey => options.keys.publicKey

async function spend({ made, options }: Validating, input: OutputId, output: Output) {
  const essence = { inputs: [input], outputs: [output], memo: new Uint8Array() }
  const key = networkKeyOf(options.network.id)
  const { transaction } = await signTransaction(key, essence, options.keys)
  return made.node.issueTransaction(encodeTransaction(transaction), {})
}

/** Four validators, a follower with a small window, and a transaction that was rejected and would be applied by now. */
async function rejectedLongAgo() {
  const all = await validators(world, 4)
  const [payer, payee] = [at(all, 0), at(all, 1)]
  const options = { network: payer.options.network, windowBlocksMax: 1024 }
  const follower = await world.node('follower', options)
  await world.link(follower, payer.made)
  const dueMs = world.clock.nowMs() + 60_000
  const [mine] = payer.made.node.ledger.unspentOf(keyOf(payer))
  if (!mine) throw new Error('the payer owns something')
  await spend(payer, mine[0], { owner: keyOf(payee), amount: STAKE, notBeforeMs: dueMs })
  await passRounds(world, 20)
  const locked = payee.made.node.ledger
    .unspentOf(keyOf(payee))
    .find(([, { notBeforeMs }]) => notBeforeMs === dueMs)
  if (!locked) throw new Error('the payee owns it')
  const early = await spend(payee, locked[0], { owner: keyOf(payer), amount: STAKE })
  await passRounds(world, 20)
  expect(follower.node.isOpen(early)).toBe(false)
  await world.pass(60_000)

  const goOn = async (blocks: number) => {
    for (let i = 0; i < blocks; i++) {
      await payer.made.node.issue(DATA)
      world.clock.advance(10)
      if (i % 200 === 0) await passRounds(world, 20)
    }
    await passRounds(world, 200)
    agreedHead([...all.map(({ made }) => made), follower])
  }
  /** New business, by which an old block that is open again would be decided again. */
  const settle = async () => {
    expect(await follower.disk.ids()).toContain(early)
    expect(follower.node.isOpen(early)).toBe(false)
    await follower.node.issue(DATA)
    await pay(payee, keyOf(payer), 1000)
    await passRounds(world, 300)
    agreedHead([...all.map(({ made }) => made), follower])
    expect(ownedAt(follower, keyOf(payee))).toBe(ownedAt(payer.made, keyOf(payee)))
  }
  return { follower, options, payer, early, goOn, settle }
}

it(
  'A block lost long after its commit, and salvaged, is not decided again',
  async () => {
    const { follower, options, payer, early, goOn, settle } = await rejectedLongAgo()
    await goOn(1300)
    await follower.node.stop()
    const candidates = await follower.disk.damage([early])
    await world.start(follower, options)
    await follower.node.salvage(candidates)
    await world.link(follower, payer.made)
    await world.pass(1000)
    await settle()
  },
  STORY_MS_MAX,
)

it(
  'A block lost after its commit, and fetched again, is not decided again by a later start either',
  async () => {
    const { follower, options, payer, early, goOn, settle } = await rejectedLongAgo()
    await goOn(700)
    await follower.node.stop()
    await follower.disk.damage([early])
    await world.start(follower, options)
    await world.link(follower, payer.made)
    await world.pass(1000)
    await goOn(500)
    await follower.node.stop()
    await world.start(follower, options)
    await world.link(follower, payer.made)
    await settle()
  },
  STORY_MS_MAX,
)
