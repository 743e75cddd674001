/**
 * Six Bluetooth sensors of different profiles at once, for two minutes, each of which drops out again and again. Nothing
 * that is sent while one is connected is lost on its way into the blocks, here and where somebody else holds them.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { NetworkId } from '../../src/core/model/id.ts'
import type { StreamKey } from '../../src/node/api.ts'
import { heldBlocks, openReadings } from './harness/held.ts'
import { EmulatedSensor, MODELS, type Model } from './harness/peripherals.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

const TWO_MINUTES_MS = 120_000

/** Between two measurements of a sensor: four a second, as the fastest profiles have them. */
const PERIOD_MS = 250

/** Measurements until a sensor drops out, for the first; each of the others stays a little longer. */
const SENT_PER_CONNECTION = 40

const STORY_TIMEOUT_MS = 360_000

/** What was sent has to be mined, and to cross. */
const ARRIVAL_TIMEOUT_MS = 90_000

/** A sensor, the thing it feeds, and the numbers it has sent. */
interface Source {
  readonly model: Model
  readonly sensor: EmulatedSensor
  readonly thing: StreamKey
  readonly sent: number[]
  readonly dropsAfter: number
}

/** Adds a thing that everybody may read, and connects its sensor from the thing's own screen. */
async function addSensor(peer: Peer, { kind, name }: Model, sensor: EmulatedSensor): Promise<StreamKey> {
  const { page } = peer
  const thing = await page.evaluate(
    async (input) => {
      const key = await weftTest.api.addThing(input)
      await weftTest.api.shareThing({ thing: key, open: true })
      return key
    },
    { kind, name },
  )
  await peer.card(name).getByRole('link').first().click()
  const chosen = sensor.chosen()
  await page.getByRole('button', { name: 'Reconnect' }).click()
  await chosen
  await expect(page.getByTestId('thing-state')).toHaveText('live')
  await peer.goHome()
  return thing
}

/** Measures until `untilMs`; when it has dropped out it goes on as soon as it is connected again. */
async function measure({ model, sensor, sent, dropsAfter }: Source, untilMs: number): Promise<number> {
  let drops = 0
  while (Date.now() < untilMs) {
    const value = sent.length + 1
    await sensor.sendFrame(model.frame(value))
    sent.push(value)
    if (value % dropsAfter === 0) {
      await sensor.goAway(true)
      drops += 1
    }
    await pause(PERIOD_MS)
  }
  return drops
}

/** The numbers of a source that can be read in the blocks of a browser, oldest first. */
async function numbersIn(
  peer: Peer,
  network: NetworkId,
  sources: readonly Source[],
): Promise<readonly (readonly number[])[]> {
  const readings = [...(await heldBlocks(peer.page, network)).values()].flatMap(openReadings)
  return sources.map(({ model: { quantity, factor } }) =>
    readings
      .filter((reading) => reading.quantity === quantity)
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ value }) => Math.round(Number(value) / factor)),
  )
}

/** Makes blocks of all that waits. */
async function flush({ page }: Peer, sources: readonly Source[]): Promise<void> {
  for (const { thing } of sources) await page.evaluate((key) => weftTest.api.flush({ thing: key }), thing)
}

test('six sensors that drop out for two minutes lose nothing they sent', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const relay = await stage.relay()
  const app = await stage.app({ relays: [relay.multiaddr] })
  const farmer = await stage.peer(app.url)
  const friend = await stage.peer(await farmer.invitation())
  await farmer.connectedDirectly()
  const network = await farmer.network()
  const bluetooth = await stage.bluetooth(farmer)

  const sources = await test.step('six are added, and all are live at once', async () => {
    const added: Source[] = []
    for (const [i, model] of MODELS.entries()) {
      const sensor = new EmulatedSensor(bluetooth, model)
      await sensor.start()
      const thing = await addSensor(farmer, model, sensor)
      added.push({ model, sensor, thing, sent: [], dropsAfter: SENT_PER_CONNECTION + 10 * i })
    }
    for (const { name } of MODELS)
      await expect(farmer.card(name).getByTestId('thing-state')).toHaveText('live')
    return added
  })

  await test.step('they measure for two minutes, and each drops out and comes back', async () => {
    const untilMs = Date.now() + TWO_MINUTES_MS
    const drops = await Promise.all(sources.map((source) => measure(source, untilMs)))
    for (const count of drops) expect(count).toBeGreaterThan(1)
  })

  await test.step('every reading is in a block once, here and at the other peer', async () => {
    await flush(farmer, sources)
    const sent = sources.map((source) => source.sent)
    expect(await numbersIn(farmer, network, sources)).toEqual(sent)
    await expect
      .poll(() => numbersIn(friend, network, sources), { timeout: ARRIVAL_TIMEOUT_MS })
      .toEqual(sent)
  })
})
