/**
 * The main job, end to end: a strap on a wrist becomes blocks that a second browser holds, whatever happens to the
 * server in between.
 */
import type { BlockId, NetworkId } from '../../src/core/model/id.ts'
import { connectedPairs, recordRtc } from './harness/rtc.ts'
import { heldBlocks, heldIds, openReadings, streamRecord, type HeldBlock } from './harness/held.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'
import type { HeartRateStrap } from './harness/strap.ts'

/** Pairing, some twenty blocks mined at the defaults, two lost servers and a reload. */
const STORY_TIMEOUT_MS = 300_000

/** Peers try a lost relay again after pauses that grow to a minute. */
const RETURN_TIMEOUT_MS = 120_000

/** Sends heart rates, all different from the last, and puts them into a block. The thing's screen is open. */
async function log(peer: Peer, strap: HeartRateStrap, rates: readonly number[]): Promise<void> {
  for (const bpm of rates) await strap.beat({ bpm, rrSeconds: [60 / bpm] })
  await peer.save(strap.name, 'heart-rate', rates.at(-1) ?? 0)
}

/** The heart rates that can be read in blocks, oldest first. */
function openRates(blocks: Iterable<HeldBlock>): readonly number[] {
  return [...blocks]
    .flatMap(openReadings)
    .filter(({ quantity }) => quantity === 'heart-rate')
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ value }) => Number(value))
}

/** Waits until `peer` holds every one of `ids`. */
async function holdsAll(
  peer: Peer,
  network: NetworkId,
  ids: readonly BlockId[],
  timeout?: number,
): Promise<void> {
  await expect
    .poll(
      async () => {
        const held = new Set(await heldIds(peer.page, network))
        return ids.filter((id) => !held.has(id))
      },
      timeout === undefined ? {} : { timeout },
    )
    .toEqual([])
}

test('a strap becomes blocks that a second browser holds', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const relay = await stage.relay()
  const app = await stage.app({ relays: [relay.multiaddr] })
  const runner = await stage.peer(app.url, { beforeApp: recordRtc })
  await runner.worksOffline()
  const { strap, bluetooth } = await stage.strap(runner)
  const network = await runner.network()

  await test.step('a paired strap shows its live value', async () => {
    await runner.pair(strap)
    await strap.beat({ bpm: 72, rrSeconds: [0.83] })
    await expect(runner.value(strap.name)).toHaveText('72')
    await expect(runner.card(strap.name).getByTestId('thing-unit')).toHaveText('bpm')
  })

  await test.step('its readings become blocks on this device', async () => {
    await runner.openThing(strap.name)
    await log(runner, strap, [73, 74])
    await log(runner, strap, [75, 76])
    const blocks = await heldBlocks(runner.page, network)
    expect(blocks.size).toBeGreaterThanOrEqual(2)
    await runner.goHome()
    await expect(runner.card(strap.name).getByTestId('thing-status')).toHaveText('on this phone only')
  })

  const friend = await stage.peer(await runner.invitation(), { beforeApp: recordRtc })
  const friendsCard = friend.page.getByTestId('thing-card')

  await test.step('a second browser joins by the link, directly over WebRTC', async () => {
    expect(await friend.network()).toBe(network)
    await runner.connectedDirectly()
    await friend.connectedDirectly()
    const pairs = await connectedPairs(friend.page)
    expect(pairs.length).toBeGreaterThan(0)
    expect(pairs.flatMap(({ local, remote }) => [local, remote])).not.toContain('relay')
  })

  await test.step('it holds what is private as ciphertext only', async () => {
    await holdsAll(friend, network, await heldIds(runner.page, network))
    const held = [...(await heldBlocks(friend.page, network)).values()]
    expect(held.map((block) => streamRecord(block).type)).toEqual(held.map(() => 'encrypted'))
    expect(held.flatMap(openReadings)).toEqual([])
    await expect(friendsCard.getByTestId('thing-access')).toContainText('sealed')
    await expect(runner.card(strap.name).getByTestId('thing-status')).toHaveText(/^(?:shared with 1|final)$/)
  })

  await test.step('it shows the same readings once they are shared', async () => {
    await runner.openThing(strap.name)
    await runner.share(true)
    await log(runner, strap, [81, 82, 83])
    await expect(friendsCard.getByTestId('thing-value')).toHaveText('83')
    const mine = openRates((await heldBlocks(runner.page, network)).values())
    expect(mine).toEqual([81, 82, 83])
    expect(openRates((await heldBlocks(friend.page, network)).values())).toEqual(mine)
  })

  await test.step('new readings arrive after the relay is killed', async () => {
    await relay.kill()
    await log(runner, strap, [91, 92])
    await expect(friendsCard.getByTestId('thing-value')).toHaveText('92')
    expect(openRates((await heldBlocks(friend.page, network)).values())).toEqual([81, 82, 83, 91, 92])
  })

  const before = await heldIds(friend.page, network)
  let issuedOffline: readonly BlockId[] = []

  await test.step('with the server gone, a reload keeps the history and new readings are issued', async () => {
    await app.stop()
    // before the app looks for the sensors it knows
    await runner.page.reload({ waitUntil: 'commit' })
    await bluetooth.afterReload()
    await runner.ready()
    expect(await heldIds(runner.page, network)).toEqual(before)
    await expect(runner.page.getByTestId('thing-chart')).toBeVisible()
    // Nothing was logged since, so what the table says can only come from the blocks that were kept.
    expect(await runner.tableExtremes()).toEqual({ least: 72, greatest: 92 })
    // the browser knows the strap, so nobody has to choose it again
    await expect(runner.page.getByTestId('thing-state')).toHaveText('live', { timeout: RETURN_TIMEOUT_MS })
    await log(runner, strap, [101, 102])
    await log(runner, strap, [103, 104])
    issuedOffline = (await heldIds(runner.page, network)).filter((id) => !before.includes(id))
    expect(issuedOffline.length).toBeGreaterThanOrEqual(2)
    expect(await heldIds(friend.page, network)).toEqual(before)
  })

  await test.step('back online, exactly those blocks reach the other side', async () => {
    const back = await stage.relay(relay.port)
    await stage.app({ port: app.port, relays: [back.multiaddr] })
    await holdsAll(friend, network, issuedOffline, RETURN_TIMEOUT_MS)
    expect(await heldIds(friend.page, network)).toEqual([...before, ...issuedOffline].sort())
    await expect(friendsCard.getByTestId('thing-value')).toHaveText('104')
  })
})
