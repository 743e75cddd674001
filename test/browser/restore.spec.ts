/** A lost phone: on a fresh browser the twelve words alone bring back every thing and all it measured, from the others. */
import { expect, test } from './harness/stage.ts'

/** Three browsers, some blocks mined at the defaults, and a sync. */
const STORY_TIMEOUT_MS = 180_000

const ENTROPY = Uint8Array.from({ length: 16 }, (_, i) => i * 7)

test('twelve words restore streams and their history from the mesh', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const relay = await stage.relay()
  const app = await stage.app({ relays: [relay.multiaddr] })
  const owner = await stage.peer(app.url, { identity: { entropy: ENTROPY, typedIn: false } })
  const { strap } = await stage.strap(owner)
  await owner.pair(strap)
  await owner.openThing(strap.name)
  for (const bpm of [61, 62, 63]) await strap.beat({ bpm, rrSeconds: [60 / bpm] })
  await owner.save(strap.name, 'heart-rate', 63)
  const [thing] = (await owner.snapshot()).things
  await owner.goHome()
  const invitation = await owner.invitation()

  const friend = await stage.peer(invitation)
  await expect
    .poll(async () => (await friend.snapshot()).things.map(({ key, access }) => [key, access]))
    .toEqual([[thing?.key, 'sealed']])
  await owner.context.close() // the phone is gone, and with it all that only it had

  const restored = await stage.peer(invitation, { identity: { entropy: ENTROPY, typedIn: true } })
  await expect
    .poll(async () => (await restored.snapshot()).things.map(({ key, mine }) => [key, mine]))
    .toEqual([[thing?.key, true]])
  const value = restored.page.getByTestId('thing-value')
  await expect(value).toHaveText('63')
  await restored.openThing('Heart rate')
  expect(await restored.tableExtremes()).toEqual({ least: 61, greatest: 63 })
})
