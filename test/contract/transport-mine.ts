import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MineAnswer, MineRequest, PeerId, TransportHandlers } from '../../src/ports.ts'
import { unusedHandlers } from '../net/unused-handlers.ts'
import type { TransportRig } from './transport.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

const REQUEST: MineRequest = {
  digest: Uint8Array.from({ length: 32 }, (_, i) => 7 * i),
  target: 2 ** 32,
  withinMs: 20_000,
}

/** How one peer asks another for work over any transport. Protocol §4. */
export function transportMineContract(name: string, open: () => Promise<TransportRig>): void {
  describe(`${name}, asking for work`, { timeout: 30_000 }, () => {
    let rig: TransportRig

    afterEach(async () => rig.close())

    /** Two connected peers: the one that asks, and the one that works. */
    async function pair(onMine: TransportHandlers['onMine']) {
      rig = await open()
      const met = Promise.withResolvers<void>()
      const worker = await rig.peer({ ...unusedHandlers, onMine }, [], 0)
      const asker = await rig.peer({ ...unusedHandlers, onPeer: () => met.resolve() }, [worker], 0)
      await met.promise
      return { asker, worker }
    }

    /** A worker that never finds anything; `asked` resolves once it is at work, `calledOff` once it need not be. */
    async function endless() {
      const asked = Promise.withResolvers<void>()
      const calledOff = Promise.withResolvers<void>()
      const { asker, worker } = await pair((_request, _from, signal) => {
        signal.addEventListener('abort', () => calledOff.resolve())
        asked.resolve()
        return new Promise(() => undefined)
      })
      return { asker, worker, asked: asked.promise, calledOff: calledOff.promise }
    }

    it('carries what is asked there and what was found back', async () => {
      const asked: (readonly [MineRequest, PeerId])[] = []
      const { asker, worker } = await pair(async (request, from) => {
        asked.push([request, from])
        return { type: 'found', nonce: Number.MAX_SAFE_INTEGER }
      })
      const answer = await asker.transport.mine(worker.id, REQUEST)
      expect(answer).toEqual({ type: 'found', nonce: Number.MAX_SAFE_INTEGER })
      expect(asked).toEqual([[REQUEST, asker.id]])
    })

    it.each(['off', 'busy', 'too-much', 'too-often', 'unfinished'] as const)(
      'carries a refusal and its reason: %s',
      async (reason) => {
        const refused: MineAnswer = { type: 'refused', reason }
        const { asker, worker } = await pair(async () => refused)
        expect(await asker.transport.mine(worker.id, REQUEST)).toEqual(refused)
        expect(asker.transport.peers()).toHaveLength(1)
      },
    )

    it('calls the work off when the asker does not want it any more', async () => {
      const { asker, worker, asked, calledOff } = await endless()
      const controller = new AbortController()
      const answer = asker.transport.mine(worker.id, REQUEST, controller.signal)
      await asked
      controller.abort(new Error('found it'))
      await expect(answer).rejects.toThrow('found it')
      await calledOff
      expect(worker.transport.peers()).toHaveLength(1)
    })

    it('gives up when the time is over, calls the work off and blames nobody', async () => {
      const { asker, worker, calledOff } = await endless()
      const answer = asker.transport.mine(worker.id, { ...REQUEST, withinMs: 500 })
      await expect(answer).rejects.toMatchObject({ name: 'TransportError' })
      await calledOff
      expect(asker.transport.peers()).toHaveLength(1)
    })

    it('calls the work off when the asker is gone', async () => {
      const { asker, worker, asked, calledOff } = await endless()
      const answer = expect(asker.transport.mine(worker.id, REQUEST)).rejects.toMatchObject({
        kind: 'stopped',
      })
      await asked
      await asker.transport.stop()
      await answer
      await calledOff
    })

    it('is over when the worker is gone', async () => {
      const { asker, worker, asked } = await endless()
      const answer = expect(asker.transport.mine(worker.id, REQUEST)).rejects.toMatchObject({
        kind: 'lost-peer',
      })
      await asked
      await worker.transport.stop()
      await answer
    })

    it('is over, and told so, when the worker fails', async () => {
      const { asker, worker } = await pair(async () => {
        throw new Error('a fault of the node')
      })
      await expect(asker.transport.mine(worker.id, REQUEST)).rejects.toMatchObject({ kind: 'lost-peer' })
      await vi.waitFor(() => expect(rig.faults).toHaveLength(1), PATIENCE)
      expect(asker.transport.peers()).toHaveLength(1)
    })
  })
}
