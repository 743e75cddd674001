import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import { LazyTransport, type WakingTransport } from '../../src/net/lazy.ts'
import { LOAD_MS, LOAD_RETRY_MS, WAKE_EVERY_MS } from '../../src/net/limits.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import type { RelayState } from '../../src/ports.ts'
import { unusedHandlers } from './unused-handlers.ts'

const KEY = 'ab'.repeat(32) as PublicKey

const NO_NETWORK = new TypeError('Failed to fetch')

/** A code that does not come by itself, and what becomes of the transport in it. */
class Chunk {
  readonly states: RelayState[] = []
  readonly faults: unknown[] = []
  /** How often it was asked for. */
  loads = 0
  starts = 0
  stops = 0
  wakes = 0
  /** What the next transports do when they are started. */
  onStart: () => Promise<void> = async () => undefined
  readonly transport: LazyTransport
  readonly #answers: { readonly come: () => void; readonly fail: () => void }[] = []
  #onDue: () => void = () => undefined

  constructor() {
    this.transport = new LazyTransport({
      due: new Promise<void>((resolve) => (this.#onDue = resolve)),
      load: () => this.#load(),
      fault: (error) => this.faults.push(error),
    })
  }

  /** Has it started, with the first screen there. */
  async asked(): Promise<this> {
    await this.transport.start({ ...unusedHandlers, onReachable: (state) => this.states.push(state) })
    this.#onDue()
    await settled()
    return this
  }

  async comes(): Promise<void> {
    for (const { come } of this.#answers.splice(0)) come()
    await settled()
  }

  async fails(): Promise<void> {
    for (const { fail } of this.#answers.splice(0)) fail()
    await settled()
  }

  #load(): Promise<WakingTransport> {
    this.loads++
    return new Promise((resolve, reject) => {
      this.#answers.push({ come: () => resolve(this.#made()), fail: () => reject(NO_NETWORK) })
    })
  }

  #made(): WakingTransport {
    const inner = new MemoryHub({ clock: { nowMs: () => 0 } }).transport('me', KEY)
    const start = inner.start.bind(inner)
    const stop = inner.stop.bind(inner)
    return Object.assign(inner, {
      wake: () => void this.wakes++,
      start: async (handlers: typeof unusedHandlers) => {
        this.starts++
        await this.onStart()
        await start(handlers)
      },
      stop: () => {
        this.stops++
        return stop()
      },
    })
  }
}

/** Lets what is ready happen. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}

describe('a transport that is loaded late', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is started at once, and loaded once the first screen is there', async () => {
    const chunk = new Chunk()
    await chunk.transport.start({ ...unusedHandlers, onReachable: (state) => chunk.states.push(state) })
    await vi.advanceTimersByTimeAsync(10 * LOAD_RETRY_MS)
    expect(chunk.loads).toBe(0)
    expect(chunk.states).toEqual([{ type: 'loading', attempt: 1 }])
  })

  it('is loaded once and told what happens in the network', async () => {
    const chunk = await new Chunk().asked()
    await chunk.comes()
    await vi.advanceTimersByTimeAsync(10 * LOAD_RETRY_MS)
    expect(chunk).toMatchObject({ loads: 1, starts: 1, faults: [] })
    expect(chunk.states[0]).toEqual({ type: 'loading', attempt: 1 })
    expect(chunk.states.slice(1).map(({ type }) => type)).not.toContain('loading')
  })

  it('has nobody connected until then, and says so to whoever asks', async () => {
    const { transport } = await new Chunk().asked()
    expect(transport.peers()).toEqual([])
    await transport.publish(Uint8Array.of(1))
    transport.blame('somebody', 'malformed')
    await expect(transport.fetch('somebody', ['00' as BlockId])).rejects.toMatchObject({ kind: 'stopped' })
    await expect(transport.greet('somebody')).rejects.toMatchObject({ kind: 'stopped' })
    await expect(transport.pairing?.offer()).rejects.toMatchObject({ kind: 'not-loaded' })
  })

  it('is tried again without a network, and works once there is one', async () => {
    const chunk = await new Chunk().asked()
    for (let attempt = 2; attempt <= 4; attempt++) {
      await chunk.fails()
      expect(chunk.states.at(-1)).toEqual({ type: 'loading', attempt })
      await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS - 1)
      expect(chunk.loads).toBe(attempt - 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(chunk.loads).toBe(attempt)
    }
    expect(chunk.faults).toEqual([NO_NETWORK, NO_NETWORK, NO_NETWORK])
    await chunk.comes()
    expect(chunk.starts).toBe(1)
  })

  it('is tried again where it neither comes nor fails', async () => {
    const chunk = await new Chunk().asked()
    await vi.advanceTimersByTimeAsync(LOAD_MS)
    expect(chunk.faults).toMatchObject([{ kind: 'timeout' }])
    await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS)
    expect(chunk.loads).toBe(2)
    await chunk.comes()
    expect(chunk.starts).toBe(1)
  })

  it('is tried at once when the device is online again, and no more often for being told in a loop', async () => {
    const chunk = await new Chunk().asked()
    await chunk.fails()
    for (let i = 0; i < 100; i++) chunk.transport.wake()
    await settled()
    expect(chunk.loads).toBe(2)
    await chunk.fails()
    for (let i = 0; i < 100; i++) chunk.transport.wake()
    await vi.advanceTimersByTimeAsync(Math.min(WAKE_EVERY_MS, LOAD_RETRY_MS) - 1)
    expect(chunk.loads).toBe(2)
  })

  it('passes a waking on once it is there', async () => {
    const chunk = await new Chunk().asked()
    await chunk.comes()
    chunk.transport.wake()
    expect(chunk.wakes).toBe(1)
  })

  it('is not started where the device leaves while it is loaded', async () => {
    const chunk = await new Chunk().asked()
    await chunk.transport.stop()
    await chunk.comes()
    expect(chunk.starts).toBe(0)
    await expect(chunk.transport.greet('somebody')).rejects.toMatchObject({ kind: 'stopped' })
    expect(chunk.transport.pairing).toBeUndefined()
  })

  it('is not asked for again where the device leaves between two attempts', async () => {
    const chunk = await new Chunk().asked()
    await chunk.fails()
    await chunk.transport.stop()
    chunk.transport.wake()
    await vi.advanceTimersByTimeAsync(10 * LOAD_RETRY_MS)
    expect(chunk.loads).toBe(1)
  })

  it('stops what is half-started, and what runs', async () => {
    const chunk = new Chunk()
    chunk.onStart = () => new Promise(() => undefined)
    await chunk.asked()
    await chunk.comes()
    await chunk.transport.stop()
    expect(chunk.stops).toBe(1)

    const other = await new Chunk().asked()
    await other.comes()
    await other.transport.stop()
    expect(other.stops).toBe(1)
  })

  it('makes another where the first does not start', async () => {
    const chunk = new Chunk()
    const refused = new Error('no')
    chunk.onStart = () => Promise.reject(refused)
    await chunk.asked()
    await chunk.comes()
    expect(chunk).toMatchObject({ stops: 1, faults: [refused] })
    chunk.onStart = async () => undefined
    await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS)
    await chunk.comes()
    expect(chunk).toMatchObject({ loads: 2, starts: 2, stops: 1 })
  })

  it('starts once', async () => {
    const chunk = await new Chunk().asked()
    await expect(chunk.transport.start(unusedHandlers)).rejects.toMatchObject({ kind: 'stopped' })
  })
})
