/**
 * Devices that part and meet again: a tab that is closed, a relay that goes and comes back. Whoever returns is the same
 * peer, by the same key.
 */
import type { Snapshot } from '../../src/node/api.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

/** Waits until a peer's snapshot has direct connections to exactly these. */
async function isConnectedTo(peer: Peer, ids: readonly string[]): Promise<void> {
  await expect
    .poll(async () => directIn(await peer.snapshot()).sort(), { timeout: 60_000 })
    .toEqual([...ids].sort())
}

const directIn = ({ network }: Snapshot) => network.peers.filter(({ direct }) => direct).map(({ id }) => id)

test('peers that part meet again by the same key', async ({ stage }) => {
  test.setTimeout(180_000)
  const relay = await stage.relay()
  const app = await stage.app({ relays: [relay.multiaddr] })
  const first = await stage.peer(app.url)
  await expect.poll(async () => (await first.snapshot()).network.relay.type).toBe('connected')
  const invitation = await first.invitation()
  const second = await stage.peer(invitation)
  await first.connectedDirectly()
  await second.connectedDirectly()
  const [firstId] = directIn(await second.snapshot())
  const [secondId] = directIn(await first.snapshot())
  const { device } = await second.snapshot()

  await test.step('a tab that is closed says goodbye', async () => {
    await second.page.close({ runBeforeUnload: true })
    await isConnectedTo(first, [])
  })

  await test.step('opened again it is the same peer, and connected', async () => {
    const again = await second.context.newPage()
    await again.goto(app.url)
    await again.evaluate(() => weftTest.snapshot(() => true))
    expect((await again.evaluate(() => weftTest.snapshot(() => true))).device).toBe(device)
    await isConnectedTo(first, [secondId ?? ''])
    await again.close()
    await isConnectedTo(first, [])
  })

  const third = await stage.tab(second)

  await test.step('the relay goes, and the direct connection stays', async () => {
    await isConnectedTo(third, [firstId ?? ''])
    await relay.kill()
    for (const peer of [first, third])
      await expect.poll(async () => (await peer.snapshot()).network.relay.type).toBe('connecting')
    await isConnectedTo(third, [firstId ?? ''])
    await isConnectedTo(first, [secondId ?? ''])
  })

  await test.step('a page that wakes up again and again brings the relay back, and nothing else', async () => {
    const back = await stage.relay(relay.port)
    await app.stop()
    await stage.app({ port: app.port, relays: [back.multiaddr] })
    for (let time = 0; time < 100; time++) await third.wakeUp()
    await first.wakeUp()
    for (const peer of [first, third])
      await expect.poll(async () => (await peer.snapshot()).network.relay.type).toBe('connected')
    await isConnectedTo(third, [firstId ?? ''])
    await isConnectedTo(first, [secondId ?? ''])
  })
})
