/** On a phone and on a laptop: nothing moves while values change, and all of it can be pressed, read and reached. */
import type { Page } from '@playwright/test'
import { violations } from './harness/axe.ts'
import { faultsOf, load, NO_FAULTS, recordShifts, SCREENS, type Screen } from './harness/layout.ts'
import { expect, test } from './harness/stage.ts'

/** Six screens, each loaded anew. */
const STORY_TIMEOUT_MS = 180_000

/** What of the window may move while a screen comes: what Web Vitals call good. */
const SHIFT_MAX = 0.1

/** What may move while values change: the chip at the head of the page, by a digit of the blocks that wait. */
const STILL_MAX = 0.001

/** Readings a screen is watched for: some that are shown, and some that become a block. */
const READINGS = 4

/** A device that is nowhere. */
const STRANGER = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsd9fQ2'

const SIZES = [
  { device: 'phone', width: 360, height: 740 },
  { device: 'laptop', width: 1280, height: 800 },
] as const

const screens = Object.keys(SCREENS) as Screen[]

/** Resolves once so many new readings have come, and what they made of the screen is painted. */
function readings(page: Page, count: number): Promise<void> {
  return page.evaluate(async (wanted) => {
    const newest = ({ things }: { things: readonly { latest: readonly { atMs: number }[] }[] }) =>
      things[0]?.latest[0]?.atMs ?? 0
    for (let i = 0; i < wanted; i++) {
      const before = newest(await weftTest.snapshot(() => true))
      await weftTest.snapshot((snapshot) => newest(snapshot) > before)
    }
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  }, count)
}

/** Fails where more than `max` of the window has moved since this was asked last. */
async function expectMoved(page: Page, screen: Screen, max: number): Promise<void> {
  const shifts = await page.evaluate(() => takeShifts())
  const sum = shifts.reduce((before, { score }) => before + score, 0)
  expect(sum, `${screen} ${JSON.stringify(shifts)}`).toBeLessThan(max)
}

for (const { device, ...size } of SIZES) {
  test(`on a ${device} a screen comes without jumps, and stands still while readings come`, async ({
    stage,
  }) => {
    test.setTimeout(STORY_TIMEOUT_MS)
    const peer = await stage.peer((await stage.app()).url, { beforeApp: recordShifts })
    const { page } = peer
    await page.setViewportSize(size)
    await peer.addThing('Simulated')
    await expect(page.getByTestId('thing-status')).toHaveText('on this phone only')
    for (const screen of screens) {
      await load(page, screen)
      await readings(page, 1)
      await expectMoved(page, screen, SHIFT_MAX)
      await readings(page, READINGS)
      await expectMoved(page, screen, STILL_MAX)
    }
  })

  test(`on a ${device} there is room for fingers, and words stand out from their ground`, async ({
    stage,
  }) => {
    test.setTimeout(STORY_TIMEOUT_MS)
    const peer = await stage.peer((await stage.app()).url)
    const { page } = peer
    await page.setViewportSize(size)
    await peer.addThing('Simulated')
    await expect(page.getByTestId('thing-status')).toHaveText('on this phone only')
    await peer.openWallet()
    await peer.send(STRANGER, '12.5', 'Eggs')
    for (const screen of screens) {
      await load(page, screen)
      expect(await faultsOf(page), screen).toEqual(NO_FAULTS)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page, ['color-contrast']), `${screen}, ${colorScheme}`).toEqual([])
      }
    }
  })
}

test('with text of twice the size all of a screen 360 pixels wide is reached, and nothing sticks out', async ({
  stage,
}) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const peer = await stage.peer((await stage.app()).url, {
    beforeApp: () =>
      addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '200%')),
  })
  const { page } = peer
  await peer.addThing('Simulated')
  await expect(page.getByTestId('thing-status')).toHaveText('on this phone only')
  await peer.openWallet()
  await peer.send(STRANGER, '12.5', 'Eggs')
  for (const screen of screens) {
    await load(page, screen)
    expect(await faultsOf(page), screen).toEqual(NO_FAULTS)
  }
})
