import { describe, expect, it } from 'vitest'
import { backupSeal } from '../../src/crypto/backup-file.ts'
import { keyStoreOf } from '../../src/crypto/key-store.ts'
import { openVault } from '../../src/crypto/vault.ts'
import type { Api, IdentityView, Snapshot, StreamKey } from '../../src/node/api.ts'
import { Device } from '../../src/node/device.ts'
import { guardedApi } from '../../src/node/guarded-api.ts'
import { Identity } from '../../src/node/identity.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { LAST_KNOWN } from '../../src/node/last-known.ts'
import { proposerNote } from '../../src/node/proposer-note.ts'
import type { NoteStore } from '../../src/ports.ts'
import { measured } from '../../src/reading/measured.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { DEVICE_PATH, derivePrivateKey, ENTROPY_BYTES, seedOf } from '../../src/wallet/keys.ts'
import { NETWORK } from '../core/make.ts'
import { eachWithWorld, seededRandom, until, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

/** A guess in these tests takes no time. */
const CHEAP = { log2N: 4, r: 8, p: 1 }

const PASSPHRASE = 'correct horse battery'
const right = { type: 'passphrase', passphrase: PASSPHRASE } as const
const wrong = { type: 'passphrase', passphrase: 'incorrect horse' } as const
const MINUTE_MS = 60_000

interface Held {
  readonly name: string
  readonly notes: NoteStore
  readonly api: Api
  readonly identity: Identity
  /** What tabs were told of the identity last. */
  view(): IdentityView
  /** The newest snapshot; undefined where none has come since the last time it was locked. */
  snapshot(): Snapshot | undefined
  /** A start over the same notes and disks, as after loading the page anew. */
  again(): Promise<Held>
}

let seed = 10

async function device(name: string, kept = keep(name)): Promise<Held> {
  const random = seededRandom(seed++)
  const { subtle } = crypto
  const { notes } = kept
  const due: (() => void)[] = []
  let view: IdentityView | undefined
  let newest: Snapshot | undefined
  const identity = await Identity.load({
    clock: world.clock,
    notes,
    vault: await openVault({ notes, random, subtle, entropyBytes: ENTROPY_BYTES, cost: CHEAP }),
    backups: backupSeal(random, CHEAP),
    after: () => undefined,
    keysOf: (entropy, madeHere) =>
      keyStoreOf(entropy, madeHere, subtle, {
        seedOf,
        privateKeyOf: (from) => derivePrivateKey(from, DEVICE_PATH),
      }),
    openDevice: (keys, parts) => {
      const after = (_delayMs: number, task: () => void) => void due.push(task)
      return Device.open({ ...world.partsOf(kept, keys), ...parts, after })
    },
    publish: (snapshot) => (newest = snapshot),
    show: (shown) => {
      view = shown
      if (shown.state === 'locked') newest = undefined
    },
  })
  await identity.start()
  const stop = async () => (await identity.device().catch(() => undefined))?.stop()
  world.keep(identity, stop)
  return {
    name,
    notes,
    identity,
    api: guardedApi(identity),
    view: () => view ?? expect.fail('nothing was told'),
    snapshot: () => {
      for (const task of due.splice(0)) task()
      return newest
    },
    again: async () => {
      await stop()
      return device(name, kept)
    },
  }
}

function keep(name: string) {
  const maps = { disks: new Map(), ledgers: new Map(), pages: new Map() }
  return { name, notes: createMemoryNoteStore(), ...maps, transports: [] }
}

async function strapOf({ api }: Held, ...bpm: readonly number[]): Promise<StreamKey> {
  const thing = await api.addThing({ name: "Ada's strap", kind: 'heart-rate' })
  await log(api, thing, ...bpm)
  await api.flush({ thing })
  await world.quiet()
  return thing
}

function log(api: Api, thing: StreamKey, ...bpm: readonly number[]): Promise<void> {
  const nowMs = world.clock.nowMs()
  const readings = bpm.map((value, i) => measured('heart-rate', value, nowMs - (bpm.length - 1 - i) * 1000))
  return api.logReadings({ thing, readings })
}

const refused = (kind: string) => ({ name: 'ApiError', kind })

describe('A device without a passphrase', () => {
  it('opens by itself, and says that it is not locked', async () => {
    const a = await device('a')
    expect(a.view()).toEqual({ state: 'open', passphrase: false })
    expect(a.snapshot()?.network.name).toBe('My network')
  })

  it('cannot be locked, for nobody could open it', async () => {
    const a = await device('a')
    await expect(a.api.lock({})).rejects.toMatchObject(refused('bad-input'))
    expect(a.view().state).toBe('open')
  })

  it('refuses a short passphrase, and inputs of any other form', async () => {
    const a = await device('a')
    for (const input of [{ next: 'short' }, { next: 7 }, {}, null, { next: PASSPHRASE, passphrase: 1 }])
      await expect(a.api.setPassphrase(input as never)).rejects.toMatchObject(refused('bad-input'))
    expect(a.view().passphrase).toBe(false)
  })
})

describe('A locked device', () => {
  it('starts without keys, and opens as it was', async () => {
    const a = await device('a')
    const thing = await strapOf(a, 61, 62)
    await a.api.setPassphrase({ next: PASSPHRASE })
    const b = await a.again()
    expect(b.view()).toEqual({ state: 'locked', passphrase: true })
    expect(b.snapshot()).toBeUndefined()
    await expect(b.api.logReadings({ thing, readings: [] })).rejects.toMatchObject(refused('locked'))
    await expect(b.api.words({ passphrase: PASSPHRASE })).rejects.toMatchObject(refused('locked'))
    await expect(b.api.unlock(wrong)).rejects.toMatchObject(refused('wrong-secret'))
    expect(b.view().state).toBe('locked')
    await b.api.unlock(right)
    expect(b.view().state).toBe('open')
    await world.quiet()
    expect(b.snapshot()?.things.map(({ key, blocks }) => [key, blocks.total])).toEqual([[thing, 1]])
  })

  it('saves what waits before it drops its keys, and shows nothing from then on', async () => {
    const a = await device('a')
    const thing = await strapOf(a, 61)
    await a.api.setPassphrase({ next: PASSPHRASE })
    await log(a.api, thing, 62)
    await a.api.lock({})
    expect(a.view().state).toBe('locked')
    expect(a.snapshot()).toBeUndefined()
    await expect(log(a.api, thing, 63)).rejects.toMatchObject(refused('locked'))
    await a.api.unlock(right)
    await world.quiet()
    expect(a.snapshot()?.things[0]?.blocks.total).toBe(2)
  })

  it('leaves nothing readable for the next start to show', async () => {
    const a = await device('a')
    await strapOf(a, 61)
    a.snapshot()
    await world.pass(11_000)
    a.snapshot()
    await world.pass(11_000)
    expect(await a.notes.get(LAST_KNOWN)).toBeTypeOf('string')
    await a.api.setPassphrase({ next: PASSPHRASE })
    for (let i = 0; i < 3; i++) {
      a.identity.hidden()
      a.snapshot()
      await world.pass(11_000)
    }
    expect(await a.notes.get(LAST_KNOWN)).toBeUndefined()
    await a.api.removePassphrase({ passphrase: PASSPHRASE })
    a.identity.hidden()
    a.snapshot()
    await world.pass(11_000)
    expect(await a.notes.get(LAST_KNOWN)).toBeTypeOf('string')
  })

  it('locks by itself when nobody has used it, and not while somebody does', async () => {
    const a = await device('a')
    await a.api.setPassphrase({ next: PASSPHRASE })
    await a.api.lockAfter({ afterMs: 5 * MINUTE_MS })
    await world.pass(4 * MINUTE_MS)
    a.identity.used()
    await world.pass(4 * MINUTE_MS)
    expect(a.view().state).toBe('open')
    await world.pass(MINUTE_MS)
    expect(a.view()).toEqual({ state: 'locked', passphrase: true, lockAfterMs: 5 * MINUTE_MS })
    await a.api.unlock(right)
    await a.api.lockAfter({})
    await world.pass(1000 * MINUTE_MS)
    expect(a.view().state).toBe('open')
  })

  it('asks for the passphrase it has before it takes another or shows the words', async () => {
    const a = await device('a')
    await a.api.setPassphrase({ next: PASSPHRASE })
    const next = 'another long one'
    for (const call of [
      () => a.api.setPassphrase({ next }),
      () => a.api.setPassphrase({ next, passphrase: 'wrong' }),
      () => a.api.words({}),
      () => a.api.removePassphrase({}),
      () => a.api.exportBackup({ next }),
    ])
      await expect(call()).rejects.toMatchObject(refused('wrong-secret'))
    await a.api.setPassphrase({ next, passphrase: PASSPHRASE })
    expect(await a.api.words({ passphrase: next })).toHaveLength(12)
  })

  it('has whoever guesses wait longer each time, over restarts too', async () => {
    const a = await device('a')
    await a.api.setPassphrase({ next: PASSPHRASE })
    let b = await a.again()
    for (let i = 0; i < 3; i++)
      await expect(b.api.unlock(wrong)).rejects.toMatchObject(refused('wrong-secret'))
    expect(b.view().waitUntilMs).toBe(world.clock.nowMs() + 5000)
    await expect(b.api.unlock(right)).rejects.toMatchObject(refused('wait'))
    b = await b.again()
    await expect(b.api.unlock(right)).rejects.toMatchObject(refused('wait'))
    world.clock.advance(5000)
    await expect(b.api.unlock(wrong)).rejects.toMatchObject(refused('wrong-secret'))
    expect(b.view().waitUntilMs).toBe(world.clock.nowMs() + 10_000)
    world.clock.advance(10_000)
    await b.api.unlock(right)
    expect(b.view()).toEqual({ state: 'open', passphrase: true })
  })

  it('opens by a passkey too, which counts as no guess', async () => {
    const a = await device('a')
    const passkey = { credentialId: Uint8Array.of(1), salt: new Uint8Array(32) }
    const prf = new Uint8Array(32).fill(7)
    await expect(a.api.addPasskey({ ...passkey, prf })).rejects.toMatchObject(refused('bad-input'))
    await a.api.setPassphrase({ next: PASSPHRASE })
    await a.api.addPasskey({ ...passkey, prf, passphrase: PASSPHRASE })
    await a.api.lock({})
    expect(a.view().passkey).toEqual(passkey)
    const other = { type: 'passkey', prf: new Uint8Array(32) } as const
    for (let i = 0; i < 5; i++)
      await expect(a.api.unlock(other)).rejects.toMatchObject(refused('wrong-secret'))
    await a.api.unlock({ type: 'passkey', prf })
    await a.api.removePasskey({})
    await a.api.lock({})
    await expect(a.api.unlock({ type: 'passkey', prf })).rejects.toMatchObject(refused('wrong-secret'))
  })
})

describe('Twelve words', () => {
  it('are remembered as verified', async () => {
    const a = await device('a')
    await a.api.verifyWords({})
    expect(a.view().verifiedAtMs).toBe(world.clock.nowMs())
    expect((await a.again()).view().verifiedAtMs).toBe(world.clock.nowMs())
  })

  it('make another device the same one', async () => {
    const a = await device('a')
    const words = await a.api.words({})
    const b = await device('b')
    await b.api.restore({ words: words.map((word) => ` ${word.toUpperCase()} `), givesUp: true })
    expect(b.snapshot()?.device).toBe(a.snapshot()?.device)
    expect(b.view().verifiedAtMs).toBeDefined()
    expect(await b.api.words({})).toEqual(words)
  })

  it('that are no words, or not those of anybody, change nothing and say why', async () => {
    const a = await device('a')
    const before = await a.notes.list('')
    const words = await a.api.words({})
    const swapped = [words[1] ?? '', words[0] ?? '', ...words.slice(2)]
    for (const [typed, message] of [
      [words.slice(1), /there are 11/],
      [words.map((word, i) => (i === 3 ? 'weftt' : word)), /^Word 4 is not/],
      [words[0] === words[1] ? words.slice(2) : swapped, /do not belong together/],
    ] as const)
      await expect(a.api.restore({ words: typed, givesUp: true })).rejects.toMatchObject({
        ...refused('bad-words'),
        message: expect.stringMatching(message) as string,
      })
    expect(await a.notes.list('')).toEqual(before)
  })

  it('take the place of others only where those are backed up or given up', async () => {
    const words = await (await device('a')).api.words({})
    const b = await device('b')
    const before = b.snapshot()?.device
    await expect(b.api.restore({ words, givesUp: false })).rejects.toMatchObject(refused('not-backed-up'))
    expect(b.snapshot()?.device).toBe(before)
    await b.api.verifyWords({})
    await b.api.restore({ words, givesUp: false })
    expect(b.snapshot()?.device).not.toBe(before)
  })

  it('that are its own open a locked device without its passphrase, and lose nothing', async () => {
    const a = await device('a')
    const thing = await strapOf(a, 61)
    const words = await a.api.words({})
    await a.api.setPassphrase({ next: PASSPHRASE })
    const b = await a.again()
    await b.api.restore({ words, givesUp: false })
    await world.quiet()
    expect(b.view()).toMatchObject({ state: 'open', passphrase: false })
    expect(b.snapshot()?.things.map(({ key }) => key)).toEqual([thing])
    expect(b.snapshot()?.network.name).toBe('My network')
  })

  it('take nothing of the identity before along: no thing, no payment, and above all no proposal', async () => {
    const a = await device('a')
    const words = await a.api.words({})
    const b = await device('b')
    await strapOf(b, 61)
    const network = b.snapshot()?.network.id ?? expect.fail('no network')
    expect(await proposerNote(b.notes, network).load()).toBeDefined()
    await b.api.restore({ words, givesUp: true })
    expect(await proposerNote(b.notes, network).load()).toBeUndefined()
    expect(b.snapshot()?.things).toEqual([])
    expect(b.snapshot()?.network.id).not.toBe(network)
    expect(b.snapshot()?.network.order.validator).toEqual({ type: 'proposing' })
  })

  it('keep the network that was joined, and find there what is their own', async () => {
    const invitation = encodeInvitation({ network: NETWORK, relays: [] })
    const [a, b] = [await device('a'), await device('b')]
    for (const { api } of [a, b]) await api.join({ invitation })
    const thing = await strapOf(a, 61, 62, 63)
    await world.link(a, b)
    const things = () => b.snapshot()?.things.map(({ key, mine }) => [key, mine])
    await until(() => things()?.length === 1)
    expect(things()).toEqual([[thing, false]])
    await b.api.restore({ words: await a.api.words({}), givesUp: true })
    await world.quiet()
    expect(b.snapshot()?.network.id).toBe(a.snapshot()?.network.id)
    await until(() => things()?.length === 1)
    expect(things()).toEqual([[thing, true]])
    expect(b.snapshot()?.wallet.balance).toEqual(a.snapshot()?.wallet.balance)
  })
})

describe('A backup file', () => {
  const FILE = 'passphrase of the file'

  it('brings words, network, names, settings and contacts to a fresh device', async () => {
    const a = await device('a')
    const thing = await strapOf(a, 61)
    const friend = (await device('c')).snapshot()?.device ?? expect.fail('no device')
    await a.api.nameContact({ name: 'Grace', key: friend })
    const file = await a.api.exportBackup({ next: FILE })
    const b = await device('b')
    await b.api.importBackup({ file, passphrase: FILE, givesUp: true })
    const [before, after] = [a.snapshot(), b.snapshot()]
    expect(after?.device).toBe(before?.device)
    expect(after?.network.id).toBe(before?.network.id)
    expect(after?.things.map(({ key, name }) => [key, name])).toEqual([[thing, "Ada's strap"]])
    expect(after?.contacts).toEqual([{ name: 'Grace', key: friend }])
    expect(after?.network.order.validator).not.toEqual({ type: 'proposing' })
  })

  it.each([
    ['another passphrase', (file: Blob) => file, 'another one'],
    ['its end missing', (file: Blob) => file.slice(0, file.size - 1), FILE],
    ['nothing in it', () => new Blob([]), FILE],
    ['a picture in it', () => new Blob([new Uint8Array(500).fill(9)]), FILE],
  ])('with %s is refused and changes nothing', async (_, spoil, passphrase) => {
    const a = await device('a')
    const file = spoil(await a.api.exportBackup({ next: FILE }))
    const b = await device('b')
    const before = await b.notes.list('')
    await expect(b.api.importBackup({ file, passphrase, givesUp: true })).rejects.toMatchObject(
      refused('bad-backup'),
    )
    expect(await b.notes.list('')).toEqual(before)
  })

  it('with content of another form is refused in words', async () => {
    const b = await device('b')
    for (const content of [
      '',
      '{}',
      '{"version":2}',
      '{"version":1,"entropy":"00","networks":[],"things":[]}',
    ]) {
      const bytes = await backupSeal(seededRandom(5), CHEAP).seal(new TextEncoder().encode(content), FILE)
      const file = new Blob([Uint8Array.from(bytes)])
      const call = b.api.importBackup({ file, passphrase: FILE, givesUp: true })
      await expect(call).rejects.toMatchObject(refused('bad-backup'))
    }
  })
})
