/**
 * What goes wrong where a person is concerned. Each time a notice says what happened, and everything else keeps
 * running: a simulated thing is added and its value lives.
 */
import { sensorProblem } from '../../src/sensor/problem.ts'
import { expect, test } from './harness/stage.ts'
import type { Peer } from './harness/peer.ts'

async function expectTheRestRuns(peer: Peer): Promise<void> {
  const cards = peer.page.getByTestId('thing-card')
  const before = await cards.count()
  await peer.addThing('Simulated')
  await expect(cards).toHaveCount(before + 1)
  await expect(cards.last().getByTestId('thing-value')).toHaveText(/\d/)
}

test('a cancelled pairing adds nothing and says so', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  const { bluetooth, strap } = await stage.strap(peer)
  const cancelled = bluetooth.answerChooser('cancel')
  await peer.addThing('Bluetooth', 'Heart rate')
  await cancelled
  await expect(peer.notice()).toHaveText(sensorProblem('cancelled').message)
  await expect(peer.page.getByTestId('thing-card').filter({ hasText: strap.name })).toHaveCount(0)
  await peer.page.keyboard.press('Escape')
  await expectTheRestRuns(peer)
})

test('Bluetooth that is off is named, with what to do', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  await stage.bluetooth(peer, 'absent')
  await peer.addThing('Bluetooth', 'Heart rate')
  await expect(peer.notice()).toHaveText(sensorProblem('bluetooth-off').message)
  await peer.page.keyboard.press('Escape')
  await expectTheRestRuns(peer)
})

test('a refused pairing adds nothing and says what to allow', async ({ stage }) => {
  // The chooser cannot be made to refuse. A policy can: Chromium's own SecurityError, before it opens a chooser.
  const peer = await stage.peer((await stage.app()).url, { permissionsPolicy: 'bluetooth=()' })
  await peer.addThing('Bluetooth', 'Heart rate')
  await expect(peer.notice()).toHaveText(sensorProblem('bluetooth-refused').message)
  await expect(peer.page.getByTestId('thing-card')).toHaveCount(0)
  await peer.page.keyboard.press('Escape')
  await expectTheRestRuns(peer)
})

test('a browser without Web Bluetooth is told what it can do instead', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url, {
    beforeApp: () => {
      Reflect.deleteProperty(Navigator.prototype, 'bluetooth')
    },
  })
  await expect(peer.page.getByTestId('capability-row').first()).toContainText(/Bluetooth/)
  await peer.page.getByRole('button', { name: 'Add a thing' }).click()
  const dialog = peer.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Bluetooth', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Heart rate', exact: true })).toBeDisabled()
  await expect(dialog).toContainText(/Web Bluetooth/)
  await peer.page.keyboard.press('Escape')
  await expectTheRestRuns(peer)
})

test('without a relay the app says it is offline and goes on', async ({ stage }) => {
  const relay = await stage.relay()
  await relay.kill()
  const peer = await stage.peer((await stage.app({ relays: [relay.multiaddr] })).url)
  await expect(peer.page.getByTestId('peers-chip')).toContainText(/offline/i)
  await expectTheRestRuns(peer)
})

test('a truncated frame from a strap is passed over and the next one counts', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  const { strap } = await stage.strap(peer)
  await peer.pair(strap)
  await strap.beat({ bpm: 66 })
  await expect(peer.value(strap.name)).toHaveText('66')
  // The flags announce a 16-bit rate; one byte of it comes.
  await strap.sendFrame(Uint8Array.of(0x01, 0xff))
  await expect(peer.notice()).toContainText(/could not be read/i)
  await expect(peer.value(strap.name)).toHaveText('66')
  await strap.beat({ bpm: 67 })
  await expect(peer.value(strap.name)).toHaveText('67')
  await peer.card(strap.name).getByRole('link').first().click()
  await expect(peer.page.getByTestId('thing-passed-over')).toHaveText(/^1 message could not be read/)
  await peer.goHome()
  await expectTheRestRuns(peer)
})
