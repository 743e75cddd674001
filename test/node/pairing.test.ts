import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/node/api.ts'
import { askPairing } from '../../src/node/pairing.ts'
import { PairingError, type Pairing, type PairingFault } from '../../src/ports.ts'
import { eachWithWorld, type World } from './make-peer.ts'

let world: World
eachWithWorld((fresh) => (world = fresh))

describe('Pairing, as the app asks for it', () => {
  it('says in words what is wrong, and what to do', async () => {
    const pairing = {} as Pairing // nothing is asked of it
    const told = async (kind: PairingFault) =>
      askPairing({ pairing }, () => Promise.reject(new PairingError(kind))).catch((error: unknown) => error)
    const truncated = await told('truncated')
    expect(truncated).toBeInstanceOf(ApiError)
    expect(truncated).toMatchObject({
      kind: 'cannot-pair',
      message: expect.stringMatching(/part .* missing/) as unknown,
    })
    expect(await told('expired')).toMatchObject({
      kind: 'cannot-pair',
      message: expect.stringMatching(/expired/) as unknown,
    })
    expect(await told('cancelled')).toMatchObject({ kind: 'cancelled' })
  })

  it('is refused where the transport cannot, and where the input is none', async () => {
    const { peer } = await world.peer('a')
    await expect(peer.offerPairing()).rejects.toMatchObject({ kind: 'cannot-pair' })
    await expect(peer.answerPairing({ offer: 'x' })).rejects.toMatchObject({ kind: 'cannot-pair' })
    await expect(peer.answerPairing({ offer: 7 })).rejects.toMatchObject({ kind: 'bad-input' })
    await expect(peer.acceptPairing({})).rejects.toMatchObject({ kind: 'bad-input' })
    await expect(peer.awaitPairing({ pairing: '../..' })).rejects.toMatchObject({ kind: 'bad-input' })
    await expect(peer.cancelPairing({ pairing: 'c0ffee' })).resolves.toBeUndefined()
  })
})
