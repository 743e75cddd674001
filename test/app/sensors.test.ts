import { describe, expect, it } from 'vitest'
import { NoticesState } from '../../src/app/state/notices.svelte.ts'
import { SensorsState } from '../../src/app/state/sensors.ts'
import { saveWaiting, welcome } from '../../src/app/welcome.ts'
import { ApiError, type Snapshot, type StreamKey } from '../../src/node/api.ts'
import type { ThingKind } from '../../src/reading/kinds.ts'
import type { Reading } from '../../src/reading/reading.ts'
import type { Sensor, SensorHandlers, SensorState } from '../../src/sensor/sensor.ts'
import { keyOf, snapshotWith, thingWith } from './views.ts'

/** A sensor the test speaks through. */
class FakeSensor implements Sensor {
  readonly kind: ThingKind
  readonly handlers: SensorHandlers
  state: SensorState = { type: 'stopped' }
  readonly #first: SensorState

  constructor(kind: ThingKind, handlers: SensorHandlers, first: SensorState) {
    this.kind = kind
    this.handlers = handlers
    this.#first = first
  }

  become(state: SensorState): void {
    this.state = state
    this.handlers.onState(state)
  }

  start(): Promise<void> {
    this.become(this.#first)
    return Promise.resolve()
  }

  stop(): void {
    this.become({ type: 'stopped' })
  }
}

/** The locks of one browser: a queue a name, and `steal`, as the Web Locks API has them. */
function browserLocks() {
  interface Request {
    readonly run: () => void
    readonly reject: (error: Error) => void
  }
  const held = new Map<string, Request>()
  const queues = new Map<string, Request[]>()
  const next = (name: string) => {
    held.delete(name)
    const request = queues.get(name)?.shift()
    if (request) grant(name, request)
  }
  const grant = (name: string, request: Request) => {
    held.set(name, request)
    request.run()
  }
  const request = (name: string, { steal }: { steal?: boolean }, work: () => Promise<unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      const mine: Request = {
        reject,
        run: () =>
          void work().then((value) => {
            resolve(value)
            if (held.get(name) === mine) next(name)
          }),
      }
      const holder = held.get(name)
      if (steal) {
        holder?.reject(new Error('stolen'))
        grant(name, mine)
      } else if (holder) queues.set(name, [...(queues.get(name) ?? []), mine])
      else grant(name, mine)
    })
  return { request: request as LockManager['request'] }
}

const LIVE: SensorState = { type: 'live', name: 'Strap 7', malformed: 0 }
const reading = (value: number): Reading => ({ quantity: 'heart-rate', unit: 'beat/min', value, atMs: value })

/** One tab of a browser. `firstState` is what a sensor becomes when it is started. */
function tab(locks = browserLocks(), firstState: (kind: ThingKind) => SensorState = () => LIVE) {
  const sensors: FakeSensor[] = []
  const logged: [StreamKey, unknown[]][] = []
  const notices = new NoticesState()
  let refusal: ApiError | undefined
  const state = new SensorsState({
    notices,
    locks,
    make: (kind, handlers) => {
      const sensor = new FakeSensor(kind, handlers, firstState(kind))
      sensors.push(sensor)
      return sensor
    },
    api: {
      addThing: () => (refusal ? Promise.reject(refusal) : Promise.resolve(keyOf(1))),
      logReadings: ({ thing, readings }) => {
        logged.push([thing, readings.map(({ value }) => value)])
        return Promise.resolve()
      },
    },
  })
  return { state, sensors, logged, notices, refuse: (error: ApiError) => (refusal = error) }
}

/** Lets everything that waits for nothing but a turn have it. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('adding a thing', () => {
  it('logs what its sensor says under the new key, from the first reading on', async () => {
    const { state, sensors, logged } = tab()
    const added = state.add('heart-rate')
    sensors[0]?.handlers.onReadings([reading(70)])
    expect(await added).toBe(keyOf(1))
    sensors[0]?.handlers.onReadings([reading(71)])
    await settled()
    expect(logged.flatMap(([key, values]) => values.map((value) => [key, value]))).toEqual([
      [keyOf(1), 70],
      [keyOf(1), 71],
    ])
    expect(state.of(keyOf(1))).toMatchObject({ state: 'live', readings: [{ value: 71 }] })
  })

  it('adds nothing where the sensor does not work, and hands back why', async () => {
    const problem = { kind: 'cancelled', message: 'No sensor was chosen.' } as const
    const { state, notices } = tab(browserLocks(), () => ({ type: 'failed', problem }))
    expect(await state.add('heart-rate')).toEqual(problem)
    expect(state.of(keyOf(1))).toBeUndefined()
    expect(notices.list).toEqual([])
  })

  it('stops the sensor and says so where the peer refuses the thing', async () => {
    const { state, sensors, notices, refuse } = tab()
    refuse(new ApiError('bad-input', 'There are too many things.'))
    expect(await state.add('simulated')).toBeUndefined()
    expect(sensors[0]?.state.type).toBe('stopped')
    expect(notices.list.map(({ text }) => text)).toEqual(['There are too many things.'])
  })
})

describe('after a reload', () => {
  const things = [
    thingWith({ key: keyOf(1), kind: 'simulated' }),
    thingWith({ key: keyOf(2), kind: 'heart-rate' }),
    thingWith({ key: keyOf(3), kind: 'simulated', mine: false }),
  ]

  it('starts what needs no click, and leaves the rest to its person', async () => {
    const { state, sensors } = tab()
    state.follow(things)
    await settled()
    expect(sensors.map(({ kind }) => kind)).toEqual(['simulated'])
    expect(state.of(keyOf(1))?.state).toBe('live')
    expect(state.of(keyOf(2))?.state).toBe('idle')
    expect(state.of(keyOf(3))).toBeUndefined()
  })

  it('reconnects by a click', async () => {
    const { state, sensors } = tab()
    state.follow(things)
    await state.reconnect(thingWith({ key: keyOf(2), kind: 'heart-rate' }))
    expect(sensors.map(({ kind }) => kind)).toEqual(['simulated', 'heart-rate'])
    expect(state.of(keyOf(2))?.state).toBe('live')
  })

  it('lets go of a thing that was forgotten', async () => {
    const { state, sensors } = tab()
    state.follow(things)
    await settled()
    state.follow([])
    expect(sensors[0]?.state.type).toBe('stopped')
    expect(state.of(keyOf(1))).toBeUndefined()
  })
})

describe('two tabs', () => {
  const thing = thingWith({ key: keyOf(1), kind: 'simulated' })

  it('never feed one thing both, and the second goes on when the first lets go', async () => {
    const locks = browserLocks()
    const [first, second] = [tab(locks), tab(locks)]
    first.state.follow([thing])
    second.state.follow([thing])
    await settled()
    expect(second.sensors).toEqual([])
    expect(second.state.of(thing.key)?.state).toBe('elsewhere')
    first.state.follow([])
    await settled()
    expect(second.state.of(thing.key)?.state).toBe('live')
  })

  it('hand a thing over where its person asks for it', async () => {
    const locks = browserLocks()
    const [first, second] = [tab(locks), tab(locks)]
    first.state.follow([thing])
    second.state.follow([thing])
    await second.state.reconnect(thing)
    await settled()
    first.state.follow([thing])
    expect(second.state.of(thing.key)?.state).toBe('live')
    expect(first.sensors[0]?.state.type).toBe('stopped')
    expect(first.state.of(thing.key)?.state).toBe('elsewhere')
  })
})

describe('a sensor that stumbles', () => {
  it('is said to be reconnecting, stopped with a reason, or misread', async () => {
    const { state, sensors, notices } = tab()
    await state.add('heart-rate')
    sensors[0]?.become({ type: 'lost', attempt: 1, nextMs: 1000 })
    expect(state.of(keyOf(1))?.state).toBe('reconnecting')
    const problem = { kind: 'unreachable', message: 'Out of reach.' } as const
    sensors[0]?.become({ type: 'failed', problem })
    expect(state.of(keyOf(1))).toMatchObject({ state: 'failed', problem })
    sensors[0]?.become({ type: 'live', name: 'Strap 7', malformed: 1 })
    expect(notices.list[0]?.text).toMatch(/Strap 7 could not be read/)
  })
})

describe('the first visit', () => {
  const clientWith = (snapshot: Snapshot) => ({
    onSnapshot: (listener: (snapshot: Snapshot) => void) => {
      queueMicrotask(() => listener(snapshot))
      return () => undefined
    },
  })
  const noMotion = (kind: ThingKind): SensorState =>
    kind === 'motion' ? { type: 'failed', problem: { kind: 'no-sensor', message: 'No motion.' } } : LIVE

  it('begins with the motion of this device where it moves', async () => {
    const { state, sensors } = tab()
    await welcome(clientWith(snapshotWith({})), state)
    expect(sensors.map(({ kind }) => kind)).toEqual(['motion'])
  })

  it('begins with a simulated room elsewhere', async () => {
    const { state, sensors, notices } = tab(browserLocks(), noMotion)
    await welcome(clientWith(snapshotWith({})), state)
    expect(sensors.map(({ kind }) => kind)).toEqual(['motion', 'simulated'])
    expect(notices.list).toEqual([])
  })

  it('adds nothing where there is something already', async () => {
    const { state, sensors } = tab()
    await welcome(clientWith(snapshotWith({ things: [thingWith()] })), state)
    expect(sensors).toEqual([])
  })
})

describe('before the app is loaded anew', () => {
  it('saves what waits and only that, and does not mind a refusal', async () => {
    const saved: StreamKey[] = []
    const flush = ({ thing }: { thing: StreamKey }) => {
      saved.push(thing)
      return Promise.reject(new ApiError('storage-full', 'Full.'))
    }
    const waiting = thingWith({ key: keyOf(1), waiting: 3 })
    await saveWaiting({ flush }, [waiting, thingWith({ key: keyOf(2) }), { ...waiting, mine: false }])
    expect(saved).toEqual([keyOf(1)])
  })
})
