import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { ApiError, type Api, type ApiErrorKind, type CallOptions, type Snapshot } from '../../src/node/api.ts'
import type { NetworkId } from '../../src/core/model/id.ts'
import { CALLS_MAX, connectApi, lastKnown, serveApi } from '../../src/node/rpc.ts'

/** A real broadcast channel, as in the browser: it clones, and throws once closed. */
let name = ''
const closers: (() => void)[] = []

function channel(): BroadcastChannel {
  name ||= `weft-api ${randomUUID()}`
  const made = new BroadcastChannel(name)
  closers.push(() => made.close())
  return made
}

afterEach(() => {
  for (const close of closers.splice(0)) close()
  name = ''
})

type Method = keyof Api
type Call = { readonly input: unknown; readonly options: CallOptions }

/** An api of which each test fulfils the calls it makes. */
function apiOf(methods: Partial<Record<Method, (call: Call) => unknown>>): Api {
  return new Proxy({} as Api, {
    get: (_, method: Method | 'then') =>
      // a promise for this object asks whether it is one itself
      method === 'then'
        ? undefined
        : async (input: unknown, options: CallOptions) => methods[method]?.({ input, options }),
  })
}

const page = () => connectApi(channel(), randomUUID())
const peer = (
  methods: Parameters<typeof apiOf>[0],
  leader: string = randomUUID(),
  onWake = () => {},
  onHidden = () => {},
  onUsed = () => {},
) => serveApi(channel(), { api: Promise.resolve(apiOf(methods)), onWake, onHidden, onUsed }, leader)

function snapshot(named: string): Snapshot {
  const order = { index: 0, atMs: 0, validator: { type: 'none' }, committee: [] } as const
  const network = { id: '00' as NetworkId, name: named, relay: { type: 'none' }, peers: [], order } as const
  const balance = { spendable: 0, leaving: 0, locked: 0, refundable: 0 }
  const wallet = { balance, payments: [], allowance: { perPayment: 0, perDay: 0, spent: 0 } }
  const storage = { state: 'ok', blocks: 0, bytes: 0, damaged: 0, waitingBlocks: 0 } as const
  return { device: 'did:key:z6Mk', network, wallet, contacts: [], things: [], storage }
}

/** A step one side reaches and the other waits for. */
const step = () => Promise.withResolvers<undefined>()

const thing = 'a:b'

describe('a call', () => {
  it('carries its input there and its result back, cloned', async () => {
    const inputs: unknown[] = []
    peer({
      addThing({ input }) {
        inputs.push(input)
        return 'key'
      },
    })
    const { api } = page()
    expect(await api.addThing({ name: 'Strap', kind: 'heart-rate' })).toBe('key')
    expect(inputs).toEqual([{ name: 'Strap', kind: 'heart-rate' }])
  })

  it('keeps many calls apart, whatever order they end in', async () => {
    const gates = new Map([1, 2, 3].map((toMs) => [toMs, Promise.withResolvers<undefined>()]))
    peer({
      async readHistory({ input }) {
        const { toMs } = input as { toMs: number }
        await gates.get(toMs)?.promise
        return { series: [], readings: toMs, missing: 0 }
      },
    })
    const { api } = page()
    const calls = [1, 2, 3].map((toMs) => api.readHistory({ thing, fromMs: 0, toMs, buckets: 1 }))
    for (const toMs of [3, 1, 2]) gates.get(toMs)?.resolve(undefined)
    expect((await Promise.all(calls)).map(({ readings }) => readings)).toEqual([1, 2, 3])
  })

  it('of one tab is not answered to another', async () => {
    peer({ invite: () => 'text', renameThing: () => Promise.reject(new ApiError('bad-input', 'no')) })
    const [first, second] = [page(), page()]
    const [text] = await Promise.all([
      first.api.invite({}),
      expect(second.api.renameThing({ thing, name: '' })).rejects.toThrow('no'),
    ])
    expect(text).toBe('text')
  })

  it('reports progress until it is done', async () => {
    peer({
      flush({ options }) {
        for (const done of [0.25, 0.5, 1]) options.onProgress?.(done)
      },
    })
    const seen: number[] = []
    await page().api.flush({ thing }, { onProgress: (done) => seen.push(done) })
    expect(seen).toEqual([0.25, 0.5, 1])
  })

  it('reports none to a tab that does not listen for it', async () => {
    peer({ flush: ({ options }) => options.onProgress?.(0.5) })
    const heard: string[] = []
    channel().addEventListener('message', ({ data }) => heard.push((data as { type: string }).type))
    await page().api.flush({ thing })
    expect(heard).toContain('result')
    expect(heard).not.toContain('progress')
  })
})

describe('an error', () => {
  const kinds: ApiErrorKind[] = [
    'bad-input',
    'bad-invitation',
    'unknown-thing',
    'storage-full',
    'cancelled',
    'failed',
  ]

  it.each(kinds)('of kind %s arrives as it was', async (kind) => {
    peer({ join: () => Promise.reject(new ApiError(kind, 'what happened')) })
    const error = await page()
      .api.join({ invitation: '' })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ kind, message: 'what happened' })
  })

  it('that is none of ours arrives as failed', async () => {
    peer({ join: () => Promise.reject(new TypeError('a bug')) })
    const call = page().api.join({ invitation: '' })
    await expect(call).rejects.toMatchObject({ kind: 'failed', message: 'a bug' })
  })

  it('is what a result becomes that cannot be sent', async () => {
    peer({ invite: () => () => 'a function' })
    await expect(page().api.invite({})).rejects.toMatchObject({ kind: 'failed' })
  })

  it('is what an input becomes that cannot be sent, and the calls beside it go on', async () => {
    const { api } = page()
    const bad = { invitation: (() => 'a function') as unknown as string }
    const before = [api.join(bad), api.invite({})] as const
    const refused = expect(before[0]).rejects.toBeInstanceOf(ApiError)
    peer({ invite: () => 'text' })
    await refused
    expect(await before[1]).toBe('text')
    await expect(api.join(bad)).rejects.toBeInstanceOf(ApiError)
  })

  it('that was meant for the peer before is let be by the next, so that what is asked again is done once', async () => {
    const logged: unknown[] = []
    const { api } = page()
    const first = peer({ flush: () => undefined })
    await api.flush({ thing })
    first.close()
    const late = api.logReadings({ thing, readings: [] })
    peer({ logReadings: ({ input }) => logged.push(input) })
    await expect(late).rejects.toMatchObject({ kind: 'peer-moved' })
    await api.logReadings({ thing, readings: [] })
    expect(logged).toHaveLength(1)
  })

  it('is what a method nobody knows gets', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    peer({}, 'leader')
    const raw = channel()
    raw.addEventListener('message', ({ data }) => {
      if ((data as { type: string }).type === 'error') resolve(data)
    })
    for (const method of ['constructor', 'dropEverything'])
      raw.postMessage({ to: 'peer', type: 'call', leader: 'leader', client: 'c', call: 1, method, input: {} })
    expect(await promise).toMatchObject({ client: 'c', call: 1, kind: 'bad-input' })
  })
})

describe('cancelling', () => {
  it('rejects at once and tells the peer', async () => {
    const [begun, told] = [step(), step()]
    peer({
      flush({ options }) {
        options.signal?.addEventListener('abort', () => told.resolve(undefined))
        begun.resolve(undefined)
        return new Promise(() => undefined)
      },
    })
    const abort = new AbortController()
    const call = page().api.flush({ thing }, { signal: abort.signal })
    await begun.promise
    abort.abort()
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' })
    await told.promise
  })

  it('before the call means it is never made', async () => {
    let calls = 0
    peer({ flush: () => calls++, invite: () => 'text' })
    const { api } = page()
    await expect(api.flush({ thing }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    })
    await api.invite({})
    expect(calls).toBe(0)
  })

  it('before there is a peer means no peer hears of the call', async () => {
    const { api } = page()
    const abort = new AbortController()
    const call = api.flush({ thing }, { signal: abort.signal })
    abort.abort()
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' })
    let calls = 0
    peer({ flush: () => calls++, invite: () => 'text' })
    await api.invite({})
    expect(calls).toBe(0)
  })

  it('after the answer changes nothing, even once the page has let go', async () => {
    peer({ flush: () => undefined })
    const abort = new AbortController()
    const client = page()
    await client.api.flush({ thing }, { signal: abort.signal })
    client.close()
    const heard: unknown[] = []
    channel().addEventListener('message', ({ data }) => heard.push(data))
    expect(() => abort.abort()).not.toThrow()
    const other = page()
    await other.api.flush({ thing })
    expect(heard.filter((data) => (data as { type: string }).type === 'cancel')).toEqual([])
  })
})

describe('the peer', () => {
  it('that comes late is waited for', async () => {
    const call = page().api.invite({})
    peer({ invite: () => 'text' })
    expect(await call).toBe('text')
  })

  it('that moves rejects what was under way, and takes what comes next', async () => {
    const begun = step()
    const first = peer({
      invite() {
        begun.resolve(undefined)
        return new Promise(() => undefined)
      },
    })
    const { api } = page()
    const lost = api.invite({})
    await begun.promise
    first.close()
    peer({ invite: () => 'from the second' })
    await expect(lost).rejects.toMatchObject({ kind: 'peer-moved' })
    expect(await api.invite({})).toBe('from the second')
  })

  it('that only says its name again, because another tab opened, moves nothing', async () => {
    const [begun, gate] = [step(), step()]
    peer({
      async flush() {
        begun.resolve(undefined)
        await gate.promise
      },
      invite: () => 'text',
    })
    const call = page().api.flush({ thing })
    await begun.promise
    await page().api.invite({})
    gate.resolve(undefined)
    await expect(call).resolves.toBeUndefined()
  })

  it('takes so many calls at a time and refuses the next at once', async () => {
    const gate = step()
    peer({
      async flush() {
        await gate.promise
      },
    })
    const { api } = page()
    const calls = Array.from({ length: CALLS_MAX }, () => api.flush({ thing }))
    await expect(api.flush({ thing })).rejects.toMatchObject({ kind: 'failed' })
    gate.resolve(undefined)
    await Promise.all(calls)
    await expect(api.flush({ thing })).resolves.toBeUndefined()
  })

  it('that closes cancels its calls and says nothing more', async () => {
    const [begun, told] = [step(), step()]
    const server = peer({
      flush({ options }) {
        begun.resolve(undefined)
        return new Promise((_, reject) => {
          options.signal?.addEventListener('abort', () => {
            reject(options.signal?.reason as Error)
            told.resolve(undefined)
          })
        })
      },
    })
    void page()
      .api.flush({ thing })
      .catch(() => undefined)
    await begun.promise
    server.close()
    await told.promise
    await new Promise(setImmediate) // an answer on the closed channel would be an unhandled rejection here
    expect(() => server.publish(snapshot('late'))).not.toThrow()
  })
})

describe('waking up', () => {
  it('is heard by the peer from any tab', async () => {
    const heard = step()
    peer({}, randomUUID(), () => heard.resolve(undefined))
    page()
    page().wake()
    await heard.promise
  })

  it('and so is it when one is not looked at any more', async () => {
    const heard = step()
    peer({}, randomUUID(), undefined, () => heard.resolve(undefined))
    page().hidden()
    await heard.promise
  })
})

describe('snapshots', () => {
  const next = (client: ReturnType<typeof page>) =>
    new Promise<string>((resolve) => {
      const stop = client.onSnapshot(({ network }) => {
        stop()
        resolve(network.name)
      })
    })

  it('reach every tab', async () => {
    const clients = [page(), page()]
    const names = clients.map(next)
    peer({}).publish(snapshot('one'))
    expect(await Promise.all(names)).toEqual(['one', 'one'])
  })

  it('reach a tab that opens late: the newest one', async () => {
    const server = peer({})
    for (const named of ['one', 'two']) server.publish(snapshot(named))
    expect(await next(page())).toBe('two')
  })

  it('wait until a tab has taken the one before, and then only the newest is sent', async () => {
    const raw = channel()
    const names: string[] = []
    let heard = step()
    raw.addEventListener('message', ({ data }) => {
      const message = data as { type: string; snapshot?: Snapshot }
      if (message.type !== 'snapshot') return
      names.push(message.snapshot?.network.name ?? '')
      heard.resolve(undefined)
    })
    const server = peer({ invite: () => 'text' })
    for (const named of ['one', 'two', 'three']) server.publish(snapshot(named))
    await heard.promise
    await page().api.invite({}) // whatever was sent before the answer to it has arrived; its hello repeats the newest
    expect(names).toEqual(['one', 'three'])

    heard = step()
    server.publish(snapshot('four'))
    await heard.promise
    expect(names.at(-1)).toBe('four')
  })

  it('stop reaching a listener that has gone', async () => {
    const client = page()
    const heard: string[] = []
    client.onSnapshot(({ network }) => heard.push(network.name))()
    const name = next(client)
    peer({}).publish(snapshot('one'))
    await name
    expect(heard).toEqual([])
  })
})

describe('a peer that takes over', () => {
  it('shows what was known last before it has anything of its own, and answers once it is ready', async () => {
    const waiting = channel()
    const known = lastKnown(waiting)
    expect(known()).toBeUndefined()
    const first = peer({})
    const relay = { type: 'connected', multiaddrs: ['/ip4/127.0.0.1'] } as const
    const { network, ...rest } = snapshot('one')
    const seen = step()
    page().onSnapshot(() => seen.resolve(undefined))
    const peers = [{ id: 'a peer', direct: true }]
    const catchingUp = { index: 1, upTo: 9 }
    first.publish({ ...rest, network: { ...network, relay, peers, catchingUp } })
    await seen.promise
    first.close()

    const ready = Promise.withResolvers<Api>()
    const late = page()
    const shown = new Promise<Snapshot>((resolve) => late.onSnapshot(resolve))
    const deaf = { onWake: () => undefined, onHidden: () => undefined, onUsed: () => undefined }
    serveApi(waiting, { api: ready.promise, known: known(), ...deaf }, randomUUID())
    // That peer's connections went with it.
    expect(await shown).toEqual(snapshot('one'))
    const call = late.api.invite({})
    ready.resolve(apiOf({ invite: () => 'text' }))
    expect(await call).toBe('text')
  })

  it('and cannot start fails what is asked of it', async () => {
    const ready = Promise.withResolvers<Api>()
    ready.promise.catch(() => undefined) // whoever starts a peer hears of it too
    const deaf = { onWake: () => undefined, onHidden: () => undefined, onUsed: () => undefined }
    serveApi(channel(), { api: ready.promise, ...deaf }, randomUUID())
    const call = page().api.invite({})
    ready.reject(new Error('No disk.'))
    await expect(call).rejects.toMatchObject({ kind: 'failed', message: 'No disk.' })
  })
})

describe('whose device it is', () => {
  const open = { state: 'open', passphrase: true } as const
  const locked = { ...open, state: 'locked' } as const
  /** What a tab hears, in order. */
  const heard = () => {
    const said: string[] = []
    const client = page()
    client.onIdentity(({ state }) => said.push(state))
    client.onSnapshot(({ network }) => said.push(network.name))
    /** Resolves once all that was sent before has arrived. */
    const upToNow = async () => {
      await client.api.wordList({})
      return said
    }
    return { client, upToNow }
  }

  it('is told to every tab, and to those that come later', async () => {
    const server = peer({})
    const early = heard()
    expect(await early.upToNow()).toEqual([])
    server.show(open)
    server.publish(snapshot('one'))
    expect(await early.upToNow()).toEqual(['open', 'one'])
    expect(await heard().upToNow()).toEqual(['open', 'one'])
  })

  it('leaves a tab that comes to a locked device nothing to show', async () => {
    const server = peer({})
    server.show(open)
    server.publish(snapshot('one'))
    server.publish(snapshot('two'))
    server.show(locked)
    expect(await heard().upToNow()).toEqual(['locked'])
  })

  it('keeps a tab that waits to lead from showing what takes a passphrase', async () => {
    const waiting = channel()
    const known = lastKnown(waiting)
    const server = peer({})
    const tab = heard()
    server.show({ state: 'open', passphrase: false })
    server.publish(snapshot('one'))
    await tab.upToNow()
    expect(known()?.network.name).toBe('one')
    server.show(open)
    server.publish(snapshot('two'))
    await tab.upToNow()
    expect(known()).toBeUndefined()
  })

  it('hears that somebody uses the app', async () => {
    const used = step()
    peer({}, undefined, undefined, undefined, () => used.resolve(undefined))
    page().used()
    await used.promise
  })
})

describe('a page that lets go', () => {
  it('cancels what it waits for and takes no more calls', async () => {
    const client = page()
    const call = client.api.invite({})
    client.close()
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' })
    await expect(client.api.invite({})).rejects.toMatchObject({ kind: 'cancelled' })
  })
})
