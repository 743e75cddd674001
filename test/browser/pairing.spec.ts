/**
 * No relay, no server but the one the app came from: devices of one network are connected by codes that people carry
 * from screen to screen, and what one measures reaches the others.
 */
import type { NetworkId } from '../../src/core/model/id.ts'
import { heldIds } from './harness/held.ts'
import type { Peer } from './harness/peer.ts'
import { connectedPairs, recordRtc } from './harness/rtc.ts'
import { expect, test } from './harness/stage.ts'

const STORY_TIMEOUT_MS = 90_000

/** The longest code. */
const CODE_CHARACTERS_MAX = 140

/** What can be read of other devices' things, by owner. */
async function readable(peer: Peer): Promise<readonly string[]> {
  const { things } = await peer.snapshot()
  return things.filter(({ mine, latest }) => !mine && latest.length > 0).map(({ owner }) => owner)
}

/** Adds a simulated thing, the first it shows, and opens it to everybody in the network. Returns its did:key. */
async function shareThing(peer: Peer): Promise<string> {
  await peer.goHome()
  await peer.addThing('Simulated')
  const card = peer.page.getByTestId('thing-card').first()
  await expect(card.getByTestId('thing-value')).toHaveText(/\d/)
  await card.getByRole('link').first().click()
  await peer.share(true)
  return (await peer.snapshot()).device
}

async function reads(peer: Peer, owners: readonly string[]): Promise<void> {
  await expect
    .poll(() => readable(peer).then((found) => owners.filter((owner) => !found.includes(owner))))
    .toEqual([])
}

async function holdsTheSame(a: Peer, b: Peer, network: NetworkId): Promise<void> {
  await expect
    .poll(async () => {
      const [here, there] = [await heldIds(a.page, network), new Set(await heldIds(b.page, network))]
      return here.filter((id) => !there.has(id)).length
    })
    .toBe(0)
}

test('devices are connected by codes where there is no relay', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const app = await stage.app()
  const ana = await stage.peer(app.url, { beforeApp: recordRtc })
  const invitation = await ana.invitation()
  const [ben, cem] = [
    await stage.peer(invitation, { beforeApp: recordRtc }),
    await stage.peer(invitation, { beforeApp: recordRtc }),
  ]
  const network = await ana.network()

  await test.step('two of them, over a WebRTC connection of their own', async () => {
    await ana.pairWith(ben)
    for (const peer of [ana, ben]) {
      // the screen says so a moment before the snapshot
      await expect
        .poll(async () => (await peer.snapshot()).network.peers.map(({ direct }) => direct))
        .toEqual([true])
      expect((await peer.snapshot()).network.relay.type).not.toBe('connected')
      const ends = (await connectedPairs(peer.page)).flatMap(({ local, remote }) => [local, remote])
      expect(ends.length).toBeGreaterThan(0)
      expect(ends).not.toContain('relay')
    }
  })

  await test.step('what either of them measures reaches the other', async () => {
    const [anas, bens] = [await shareThing(ana), await shareThing(ben)]
    await reads(ben, [anas])
    await reads(ana, [bens])
  })

  await test.step('a third one hears of the first through the second', async () => {
    const cems = await shareThing(cem)
    await ben.pairWith(cem)
    const { device } = await ana.snapshot()
    await reads(cem, [device])
    await holdsTheSame(ana, cem, network)
    expect(await cem.peers()).toBe(1)
    expect(await ana.peers()).toBe(1)
    await reads(ana, [cems])
  })

  await test.step('who leaves is noticed, and comes back by new codes', async () => {
    await ana.page.reload()
    await ana.ready()
    await expect.poll(() => ben.peers()).toBe(1)
    await ana.pairWith(ben)
    await expect.poll(() => ben.peers()).toBe(2)
    await holdsTheSame(ben, ana, network)
  })
})

/** Runs in the page: a camera, and a reader that sees in its picture whatever a test holds before it. */
function pretendCamera(): void {
  const tracks: MediaStreamTrack[] = []
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  // what is captured of a canvas are its changes
  setInterval(() => context?.fillRect(0, 0, 1, 1), 50)
  navigator.mediaDevices.getUserMedia = async () => {
    const stream = canvas.captureStream(5)
    tracks.push(...stream.getTracks())
    return stream
  }
  class PretendReader {
    async detect() {
      return seen === '' ? [] : [{ rawValue: seen }]
    }
  }
  let seen = ''
  const camera = {
    show: (text: string) => (seen = text),
    isOn: () => tracks.some(({ readyState }) => readyState === 'live'),
  }
  Object.assign(globalThis, { BarcodeDetector: PretendReader, pretendedCamera: camera })
}

declare global {
  /** What `pretendCamera` puts on a page. */
  var pretendedCamera: { show(text: string): void; isOn(): boolean }
}

test('codes are read with the camera where the browser has a reader', async ({ stage }) => {
  const app = await stage.app()
  const ana = await stage.peer(app.url, { beforeApp: pretendCamera })
  const ben = await stage.peer(await ana.invitation(), { beforeApp: pretendCamera })
  const scan = async (peer: Peer, text: string) => {
    await peer.page.getByTestId('scan').click()
    await expect.poll(() => peer.page.evaluate(() => pretendedCamera.isOn())).toBe(true)
    await peer.page.evaluate((shown) => pretendedCamera.show(shown), text)
    await expect.poll(() => peer.page.evaluate(() => pretendedCamera.isOn())).toBe(false)
  }
  for (const peer of [ana, ben]) await peer.openPairing()
  const code = await ana.showCode()
  await ben.page.getByTestId('pair-enter').click()
  await scan(ben, code)
  await scan(ana, await ben.page.getByTestId('pair-reply').inputValue())
  await expect.poll(() => ana.peers()).toBe(1)

  // leaving while the camera is on turns it off
  await ben.page.keyboard.press('Escape')
  await ben.openPairing()
  await ben.page.getByTestId('pair-enter').click()
  await ben.page.evaluate(() => pretendedCamera.show(''))
  await ben.page.getByTestId('scan').click()
  await expect.poll(() => ben.page.evaluate(() => pretendedCamera.isOn())).toBe(true)
  await ben.page.keyboard.press('Escape')
  await expect.poll(() => ben.page.evaluate(() => pretendedCamera.isOn())).toBe(false)
})

test('a code that is of no use is refused in words', async ({ stage }) => {
  const app = await stage.app()
  const ana = await stage.peer(app.url)
  const ben = await stage.peer(await ana.invitation())
  const stranger = await stage.peer(app.url)
  for (const peer of [ana, ben, stranger]) await peer.openPairing()
  const code = await ana.showCode()
  expect(code.length).toBeLessThanOrEqual(CODE_CHARACTERS_MAX)
  const says = async (peer: Peer, words: RegExp) => expect(peer.page.getByText(words)).toBeVisible()

  await ben.enterCode(code.slice(0, -5))
  await says(ben, /A part of this code is missing/)
  await ben.enterCode(`${code.slice(0, 60)}${code[60] === 'x' ? 'y' : 'x'}${code.slice(61)}`)
  await says(ben, /a character in it is wrong/)
  await stranger.enterCode(code)
  await says(stranger, /of another network/)

  await ben.enterCode(code)
  const answer = await ben.page.getByTestId('pair-reply').inputValue()
  expect(answer.length).toBeLessThanOrEqual(CODE_CHARACTERS_MAX)
  await ana.enterAnswer(code)
  await says(ana, /this device’s own code/)
  await ana.enterAnswer(answer.slice(0, 40))
  await says(ana, /A part of this code is missing/)

  // its person goes back and takes the same code again, then the answer for a code
  await ben.page.getByRole('button', { name: 'Cancel' }).click()
  await ben.enterCode(code)
  await says(ben, /works only once/)
  await ben.enterCode(answer)
  await says(ben, /this device’s own code/)

  // leaving the panel gives the code up
  await ana.page.keyboard.press('Escape')
  await ana.openPairing()
  await ana.showCode()
  await ana.enterAnswer(answer)
  await says(ana, /not shown here any more/)
})
