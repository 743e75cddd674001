/** A device that is opened again shows what it knew last, while its peer is still on its way. */
import { LAST_KNOWN } from '../../src/node/last-known.ts'
import { DEVICE_NOTES } from '../../src/store/note-database.ts'
import { expect, test } from './harness/stage.ts'

/** What a simulated thing is called when nobody names it. */
const NAME = 'Simulated room'

/** Runs in the page: the note of what is known, as it lies in the database. */
function readNote([database, note]: readonly [string, string]): Promise<string> {
  return new Promise((resolve) => {
    const opening = indexedDB.open(database)
    opening.onsuccess = () => {
      const { result: notes } = opening
      const reading = notes.transaction('notes').objectStore('notes').get(note)
      reading.onsuccess = () => {
        notes.close()
        resolve(String(reading.result))
      }
    }
  })
}

test('a device that is opened again shows its things before its peer is there', async ({ stage }) => {
  const { url } = await stage.app()
  const peer = await stage.peer(url)
  await peer.addThing('Simulated')
  await expect(peer.card(NAME)).toBeVisible()
  const { device, network } = await peer.snapshot()

  // a page of the same origin that takes the lead and does nothing with it
  const mute = await peer.context.newPage()
  await mute.goto(new URL('relay.json', url).href)
  await expect.poll(() => mute.evaluate(readNote, [DEVICE_NOTES, LAST_KNOWN] as const)).toContain(NAME)
  const leads = mute.evaluate(
    () =>
      new Promise<void>(
        (led) => void navigator.locks.request('weft-peer', () => (led(), new Promise(() => {}))),
      ),
  )
  await peer.page.close()
  await leads

  const page = await peer.context.newPage()
  await page.goto(url)
  await expect(page.getByTestId('thing-card')).toContainText(NAME)
  await expect(page.getByTestId('peers-chip')).toBeVisible()

  await mute.close()
  const now = await page.evaluate(() => weftTest.snapshot(() => true))
  expect([now.device, now.network.id, now.things.map(({ name }) => name)]).toEqual([
    device,
    network.id,
    [NAME],
  ])
  await expect(page.getByTestId('thing-card')).toHaveCount(1)
})
