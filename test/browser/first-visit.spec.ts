/** What a person meets who comes for the first time, without an invitation. */
import { expect, test } from './harness/stage.ts'

/** "Within ten seconds of the first visit there is a live reading on the screen." */
const LIVE_WITHIN_MS = 10_000

test('a first visit shows a live reading, and the next one the same thing', async ({ stage }) => {
  const gateway = await stage.gateway()
  const peer = await stage.peer(gateway.url, { welcomed: false })
  const card = peer.page.getByTestId('thing-card')
  await expect(card.getByTestId('thing-value')).toHaveText(/\d/, { timeout: LIVE_WITHIN_MS })
  await expect(card.getByTestId('thing-status')).toHaveText('on this phone only')
  await peer.page.reload()
  await peer.ready()
  await expect(card).toHaveCount(1)
  await expect(card.getByTestId('thing-state')).toHaveText('live')
})
