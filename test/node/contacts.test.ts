import { describe, expect, it } from 'vitest'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import { CONTACTS_MAX } from '../../src/node/api.ts'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const ANN = encodeDidKey(testSigner(1).publicKey)
const BEN = encodeDidKey(testSigner(2).publicKey)

describe('Contacts', () => {
  it('are named, renamed and removed, are told by name, and outlive a restart', async () => {
    const a = await world.peer('a')
    await a.peer.nameContact({ key: BEN, name: '  Ben \n B. ' })
    await a.peer.nameContact({ key: ANN, name: 'ann' })
    await a.peer.nameContact({ key: ANN, name: 'Ann' })
    const both = [
      { key: ANN, name: 'Ann' },
      { key: BEN, name: 'Ben B.' },
    ]
    expect(a.snapshot().contacts).toEqual(both)
    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().contacts).toEqual(both)
    await a.peer.removeContact({ key: ANN })
    await a.peer.removeContact({ key: ANN })
    expect(a.snapshot().contacts).toEqual([{ key: BEN, name: 'Ben B.' }])
  })

  it('have a name each: the same one in other letters is refused', async () => {
    const a = await world.peer('a')
    await a.peer.nameContact({ key: ANN, name: 'José' })
    await expect(a.peer.nameContact({ key: BEN, name: 'JOSE\u0301' })).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('Another contact is called “José”') as string,
    })
    expect(a.snapshot().contacts).toHaveLength(1)
  })

  it.each([
    ['no name', { key: ANN, name: ' \u202e ' }],
    ['a name that is too long', { key: ANN, name: 'n'.repeat(41) }],
    ['no id', { key: 'ann', name: 'Ann' }],
  ])('are refused with %s', async (_, input) => {
    const a = await world.peer('a')
    await expect(a.peer.nameContact(input)).rejects.toMatchObject({ kind: 'bad-input' })
    expect(a.snapshot().contacts).toEqual([])
  })

  it('cannot turn the writing around, and are markup to nobody', async () => {
    const a = await world.peer('a')
    await a.peer.nameContact({ key: ANN, name: '<b>a\u202eb</b>' })
    expect(a.snapshot().contacts).toEqual([{ key: ANN, name: '<b>a b</b>' }])
  })

  it('are as many as there may be, and no more', async () => {
    const a = await world.peer('a')
    const contacts = Array.from({ length: CONTACTS_MAX }, (_, i) => ({
      key: testSigner(i + 1).publicKey,
      name: `No ${i}`,
    }))
    await a.peer.stop()
    await a.notes.put([['contacts', { version: 1, contacts }]])
    await world.openPeer(a)
    const more = encodeDidKey(testSigner(CONTACTS_MAX + 1).publicKey)
    await expect(a.peer.nameContact({ key: more, name: 'One more' })).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('Remove one first') as string,
    })
    await a.peer.nameContact({ key: ANN, name: 'Renamed' })
    expect(a.snapshot().contacts).toHaveLength(CONTACTS_MAX)
  })

  it('are none where the note makes no sense', async () => {
    const a = await world.peer('a')
    await a.peer.stop()
    await a.notes.put([['contacts', { version: 1, contacts: [{ key: 'x', name: '' }] }]])
    await world.openPeer(a)
    expect(a.snapshot().contacts).toEqual([])
  })
})
