import { expect, it, vi } from 'vitest'
import { peerIdOf } from '../../src/net/key.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from './support.ts'
import { NOWHERE, PATIENCE, uncommitted } from './sync-support.ts'
import { unusedHandlers } from './unused-handlers.ts'

it('who takes long to look at the first blocks it wanted is given the rest, and blames nobody', async () => {
  const looking = Promise.withResolvers<void>()
  const began = Promise.withResolvers<void>()
  let got = 0
  const common = {
    network: NETWORK,
    clock: skippingClock(),
    random: testRandom,
    timings: SHORT,
    listen: ['/ip4/127.0.0.1/tcp/0/ws'],
  }
  const slow = libp2pTransport({
    ...common,
    signer: testSigner(1),
    findRelays: async () => [],
    direct: websocketsCount,
  })
  const blame = vi.spyOn(slow, 'blame')
  await slow.start({
    ...unusedHandlers,
    onOffer: (prefixes) => Array.from(prefixes, () => true),
    onPushed: async (blocks) => {
      began.resolve()
      await looking.promise
      got += blocks.length
    },
  })
  const asker = libp2pTransport({
    ...common,
    signer: testSigner(2),
    findRelays: async () => slow.multiaddrs(),
    direct: { ...websocketsCount, isDialable: () => false },
  })
  await asker.start({
    ...unusedHandlers,
    standing: () => ({ ...NOWHERE, uncommitted: uncommitted(2000) }),
    onFetch: async (ids) => ids.map((id) => ({ id, bytes: new Uint8Array(400) })),
  })
  await vi.waitFor(() => expect(asker.peers()).toHaveLength(1), PATIENCE)
  const done = asker.reconcile(peerIdOf(testSigner(1).publicKey)).catch((error: unknown) => error)
  await began.promise
  // whoever does not wait for it has sent everything by then
  for (let turn = 0; turn < 1000; turn++) await new Promise((resolve) => setImmediate(resolve))
  looking.resolve()
  expect(await done).toEqual([])
  expect(got).toBe(2000)
  expect(blame).not.toHaveBeenCalled()
  await Promise.all([asker.stop(), slow.stop()])
}, 30_000)
