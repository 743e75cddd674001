import { expect, it } from 'vitest'
import { at } from '../core/make.ts'
import { agreedHead, passRounds, pay, validators } from './make-committee.ts'
import { eachWithWorld, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
eachWithWorld((made) => (world = made))

/** More blocks above the lost one than the unsolid buffer holds of one source. */
const MANY = 300

it.each([0, MANY])(
  'A block in no commit that is lost with a damaged record is fetched before anything on it is decided: %i blocks above',
  async (above) => {
    const all = await validators(world, 4)
    const [payer, other, ...away] = [at(all, 0), at(all, 1), at(all, 2), at(all, 3)]
    const follower = await world.node('follower', { network: payer.options.network })
    for (const { made } of [payer, other]) await world.link(follower, made)
    for (const { made } of away)
      for (const { name } of [payer.made, other.made, follower]) await world.unlink(made, { name })

    const payment = await pay(payer, other.options.keys.publicKey, 1000)
    await passRounds(world, 2)
    for (let i = 0; i < above; i++) {
      await payer.made.node.issue(DATA)
      world.clock.advance(10)
    }
    await world.quiet()
    expect(await follower.disk.ids()).toContain(payment)
    await follower.node.stop()
    await follower.disk.damage([payment])

    for (const { made } of away) for (const back of [payer.made, other.made]) await world.link(made, back)
    await passRounds(world, 40)
    await world.start(follower, { network: payer.options.network })
    expect(follower.node.head.index).toBe(0)
    for (const { made } of all) await world.link(follower, made)
    await passRounds(world, 60)
    const head = agreedHead([...all.map(({ made }) => made), follower])
    expect(head.index).toBeGreaterThan(0)
    expect(await follower.disk.ids()).toContain(payment)
    expect(follower.disk.twice).toEqual([])
  },
  30_000,
)
