import { describe, expect, it } from 'vitest'
import { wordsText } from '../../src/app/texts/words/text.ts'
import { NoticesState } from '../../src/app/state/notices.svelte.ts'
import { HERE, startsAlone, type Made, type Wanted } from '../../src/app/state/feed.ts'
import { SensorsState } from '../../src/app/state/sensors.ts'
import { saveWaiting, welcome } from '../../src/app/welcome.ts'
import { ApiError, type Snapshot, type StreamKey } from '../../src/node/api.ts'
import { FileReader } from '../../src/reading/history-file.ts'
import type { ThingKind } from '../../src/reading/kinds.ts'
import type { Reading } from '../../src/reading/reading.ts'
import type { Sensor, SensorState } from '../../src/sensor/sensor.ts'
import type { TextHandlers } from '../../src/sensor/text-source.ts'
import { keyOf, snapshotWith, thingWith } from './views.ts'

/** A sensor the test speaks through. */
class FakeSensor implements Sensor {
  readonly kind: ThingKind
  readonly handlers: TextHandlers
  state: SensorState = { type: 'stopped' }
  readonly #first: SensorState | Promise<SensorState>

  constructor(kind: ThingKind, handlers: TextHandlers, first: SensorState | Promise<SensorState>) {
    this.kind = kind
    this.handlers = handlers
    this.#first = first
  }

  become(state: SensorState): void {
    this.state = state
    this.handlers.onState(state)
  }

  async start(): Promise<void> {
    this.become(this.#first instanceof Promise ? await this.#first : this.#first)
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

/** Kinds of which a tab here needs no click once it has started them, as it needs none where the source says so. */
const ALONE: readonly ThingKind[] = ['simulated', 'motion']

/** What of a sensor the peer is to keep: its device, once it has one. */
const DEVICE = 'strap 7'

interface TabOptions {
  readonly locks?: ReturnType<typeof browserLocks>
  /** What a sensor becomes when it is started. */
  readonly first?: (kind: ThingKind) => SensorState | Promise<SensorState>
  /** Whether the code of sensors can be loaded. */
  readonly isOnline?: boolean
}

/** One tab of a browser. */
function tab({ locks = browserLocks(), first = () => LIVE, isOnline = true }: TabOptions = {}) {
  const sensors: FakeSensor[] = []
  const wanted: Wanted[] = []
  const changed: string[] = []
  const logged: [StreamKey, unknown[]][] = []
  const sources: (string | undefined)[] = []
  const imported: [StreamKey, unknown[]][] = []
  /** What the next imports are refused with. */
  const imports: ApiError[] = []
  const notices = new NoticesState()
  let refusal: ApiError | undefined
  const make = (asked: Wanted, handlers: TextHandlers): Promise<Made> => {
    if (!isOnline) return Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
    const sensor = new FakeSensor(asked.kind, handlers, first(asked.kind))
    sensors.push(sensor)
    wanted.push(asked)
    if (ALONE.includes(asked.kind)) return Promise.resolve(startsAlone(sensor, asked.source))
    const isKnown = asked.source !== undefined
    const resume = async () => {
      if (isKnown) await sensor.start()
      return isKnown
    }
    const source = () => DEVICE
    if (asked.kind !== 'lines') return Promise.resolve({ sensor, source, resume })
    const change = (text: string) => Promise.resolve(void changed.push(text))
    return Promise.resolve({ sensor, source, resume, change })
  }
  const state = new SensorsState({
    notices,
    locks,
    make,
    api: {
      addThing: ({ source }) => {
        if (refusal) return Promise.reject(refusal)
        sources.push(source)
        return Promise.resolve(keyOf(1))
      },
      setThing: ({ source }) => {
        if (refusal) return Promise.reject(refusal)
        sources.push(source)
        return Promise.resolve()
      },
      importHistory: async ({ thing, format, file }) => {
        const answer = imports.shift()
        if (answer) throw answer
        const reader = new FileReader(format)
        const rows = [...reader.push(await file.text()), ...reader.end()]
        const taken = rows.map((row) => ('reading' in row ? row.reading.value : row))
        imported.push([thing, taken])
        return { taken: taken.length, known: 1, bad: 0, badRows: [] }
      },
      logReadings: ({ thing, readings }) => {
        logged.push([thing, readings.map(({ value }) => value)])
        return Promise.resolve()
      },
    },
  })
  const refuse = (error: ApiError) => (refusal = error)
  return { state, sensors, wanted, changed, logged, imported, imports, sources, notices, refuse }
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
    const { state, notices } = tab({ first: () => ({ type: 'failed', problem }) })
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

describe('adding that goes no further', () => {
  it('is given up by its person, and what comes after is nothing', async () => {
    const chooser = Promise.withResolvers<SensorState>()
    const { state, sensors, sources } = tab({ first: () => chooser.promise })
    const giving = new AbortController()
    const added = state.add('heart-rate', { signal: giving.signal })
    await settled()
    giving.abort()
    expect(await added).toBeUndefined()
    expect(sensors[0]?.state.type).toBe('stopped')
    chooser.resolve(LIVE)
    await settled()
    expect(sources).toEqual([])
  })

  it('says so where the code of the sensor cannot be loaded', async () => {
    const { state, notices } = tab({ isOnline: false })
    expect(await state.add('heart-rate')).toBeUndefined()
    expect(notices.list.map(({ text }) => text)).toEqual([wordsText().notHereYet])
  })
})

describe('after a reload', () => {
  const things = [
    thingWith({ key: keyOf(1), kind: 'simulated', source: HERE }),
    thingWith({ key: keyOf(2), kind: 'heart-rate' }),
    thingWith({ key: keyOf(3), kind: 'simulated', mine: false }),
  ]

  it('starts what needs no click, and leaves the rest to its person', async () => {
    const { state, sensors } = tab()
    state.follow(things)
    await settled()
    expect(sensors.map(({ kind }) => kind)).toEqual(['simulated', 'heart-rate'])
    expect(state.of(keyOf(1))?.state).toBe('live')
    expect(state.of(keyOf(2))?.state).toBe('idle')
    expect(state.of(keyOf(3))).toBeUndefined()
  })

  it('leaves alone what another device measured, whose things came with the words, until its person asks', async () => {
    const came = thingWith({ key: keyOf(4), kind: 'motion' })
    const { state, sensors, sources, logged } = tab()
    state.follow([came])
    await settled()
    expect(state.of(came.key)?.state).toBe('idle')
    expect(sensors.map(({ state: { type } }) => type)).toEqual(['stopped'])
    await state.reconnect(came)
    sensors[0]?.handlers.onReadings([reading(1)])
    await settled()
    expect([state.of(came.key)?.state, sources, logged]).toEqual(['live', [HERE], [[came.key, [1]]]])
  })

  it('keeps of a thing that is added here that it was', async () => {
    const { state, sources } = tab()
    await state.add('motion')
    expect(sources).toEqual([HERE])
  })

  it('goes on with a device that is known without a click', async () => {
    const { state, wanted, sources } = tab()
    state.follow([thingWith({ key: keyOf(2), kind: 'heart-rate', source: DEVICE })])
    await settled()
    expect(wanted).toEqual([{ kind: 'heart-rate', source: DEVICE }])
    expect(state.of(keyOf(2))?.state).toBe('live')
    expect(sources).toEqual([])
  })

  it('reconnects by a click, and keeps which device it was', async () => {
    const { state, sensors, sources } = tab()
    state.follow(things)
    await settled()
    await state.reconnect(thingWith({ key: keyOf(2), kind: 'heart-rate' }))
    expect(sensors.map(({ kind }) => kind)).toEqual(['simulated', 'heart-rate'])
    expect(state.of(keyOf(2))?.state).toBe('live')
    expect(sources).toEqual([DEVICE])
  })

  it('makes one sensor of a thing, however often it is asked for while its code comes', async () => {
    const { state, sensors } = tab()
    state.follow(things)
    await Promise.all([state.reconnect(things[0]!), state.reconnect(things[0]!)])
    expect(sensors.filter(({ kind }) => kind === 'simulated')).toHaveLength(1)
  })

  it('lets go of a thing that was forgotten', async () => {
    const { state, sensors } = tab()
    state.follow(things)
    await settled()
    state.follow([])
    await settled()
    expect(sensors[0]?.state.type).toBe('stopped')
    expect(state.of(keyOf(1))).toBeUndefined()
  })
})

describe('two tabs', () => {
  const thing = thingWith({ key: keyOf(1), kind: 'simulated', source: HERE })

  it('never feed one thing both, and the second goes on when the first lets go', async () => {
    const locks = browserLocks()
    const [first, second] = [tab({ locks }), tab({ locks })]
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
    const [first, second] = [tab({ locks }), tab({ locks })]
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

describe('what is shown', () => {
  const doubled = { shaping: { 'heart-rate': { gain: 2, offset: 1 } }, saveEveryMs: 5000, alerts: [] }

  it('is calibrated once, and what is logged is as it was measured', async () => {
    const { state, sensors, logged } = tab()
    await state.add('heart-rate')
    state.follow([thingWith({ kind: 'heart-rate', settings: doubled })])
    sensors[0]?.handlers.onReadings([reading(70)])
    await settled()
    expect(state.of(keyOf(1))?.readings).toMatchObject([{ value: 141 }])
    expect(logged).toEqual([[keyOf(1), [70]]])
  })

  it('goes by a changed calibration at once, from what was measured', async () => {
    const { state, sensors } = tab()
    await state.add('heart-rate')
    sensors[0]?.handlers.onReadings([reading(70)])
    const of = (gain: number) =>
      thingWith({ kind: 'heart-rate', settings: { ...doubled, shaping: { 'heart-rate': { gain } } } })
    for (const gain of [2, 3]) {
      state.follow([of(gain)])
      expect(state.of(keyOf(1))?.readings).toMatchObject([{ value: 70 * gain }])
    }
    state.follow([thingWith({ kind: 'heart-rate' })])
    expect(state.of(keyOf(1))?.readings).toMatchObject([{ value: 70 }])
  })
})

describe('a thing with another source', () => {
  it('goes on by another sensor', async () => {
    const { state, sensors, wanted, sources } = tab()
    await state.add('location')
    const thing = thingWith({ kind: 'location' })
    expect(await state.change(thing, 'precise')).toBe(true)
    expect(sources).toEqual([DEVICE, 'precise', DEVICE])
    expect(wanted.map(({ source }) => source)).toEqual([undefined, 'precise'])
    expect(sensors.map(({ state: { type } }) => type)).toEqual(['stopped', 'live'])
    expect(state.of(keyOf(1))?.state).toBe('live')
  })

  it('goes on by the same one where that can change', async () => {
    const { state, sensors, changed } = tab()
    await state.add('lines')
    await state.change(thingWith({ kind: 'lines' }), 'slower')
    expect(changed).toEqual(['slower'])
    expect(sensors).toHaveLength(1)
  })

  it('stays as it is where the peer refuses', async () => {
    const { state, sensors, notices, refuse } = tab()
    await state.add('location')
    refuse(new ApiError('storage-full', 'Full.'))
    expect(await state.change(thingWith({ kind: 'location' }), 'precise')).toBe(false)
    expect(sensors.map(({ state: { type } }) => type)).toEqual(['live'])
    expect(notices.list.map(({ text }) => text)).toEqual(['Full.'])
  })
})

describe('a file', () => {
  it('is read with its progress, and what could not be read is said once at the end', async () => {
    const { state, sensors, notices } = tab()
    await state.add('lines', { source: 'text' })
    const [sensor] = sensors
    const of = (bytes: number, bad: number) => ({
      bytes,
      bytesTotal: 80,
      good: bytes / 8,
      bad,
      badRows: [2, 9],
      known: 3,
    })
    sensor?.handlers.onProgress(of(40, 1))
    sensor?.become({ type: 'live', name: 'log.csv', malformed: 1 })
    expect(state.of(keyOf(1))).toMatchObject({ state: 'live', progress: { bytes: 40 } })
    expect(notices.list).toEqual([])
    sensor?.handlers.onProgress(of(80, 2))
    sensor?.become({ type: 'stopped' })
    sensor?.become({ type: 'stopped' })
    expect(notices.list.map(({ text }) => text)).toEqual([
      '10 rows read. 3 readings were here already. 2 rows could not be read and were passed over: 2, 9.',
    ])
  })
})

describe('what a file says', () => {
  const { signal } = new AbortController()
  const row = (value: number): Reading => ({ ...reading(value), atMs: 1_700_000_000_000 + value })

  it('is taken in as a file is, by the calibration of its thing, over a peer that moves', async () => {
    const { state, sensors, imported, imports, logged } = tab()
    await state.add('lines', { source: 'text' })
    const shaping = { 'heart-rate': { gain: 2, offset: 1 } }
    state.follow([thingWith({ kind: 'lines', settings: { shaping, saveEveryMs: 5000, alerts: [] } })])
    imports.push(new ApiError('peer-moved', 'Moved.'))
    expect(await sensors[0]?.handlers.store([row(70), row(71)], signal)).toBe(1)
    expect([imported, logged]).toEqual([[[keyOf(1), [141, 143]]], []])
    expect(state.of(keyOf(1))?.readings).toMatchObject([{ value: 143 }])
  })

  it('that cannot be taken in is said, and that it was called off is not', async () => {
    const { state, sensors, notices, imports } = tab()
    await state.add('lines', { source: 'text' })
    imports.push(new ApiError('failed', 'The disk fails.'), new ApiError('cancelled', 'Cancelled.'))
    for (let i = 0; i < 2; i++) expect(await sensors[0]?.handlers.store([row(70)], signal)).toBeUndefined()
    expect(notices.list.map(({ text }) => text)).toEqual(['The disk fails.'])
  })

  it('can be called off', async () => {
    const { state, sensors } = tab()
    await state.add('lines', { source: 'text' })
    await state.halt(keyOf(1))
    expect(sensors[0]?.state.type).toBe('stopped')
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

  it('tells of what could not be read once, and counts it on its screen, while it is away too', async () => {
    const { state, sensors, notices } = tab()
    await state.add('heart-rate')
    for (const malformed of [1, 2, 3]) sensors[0]?.become({ type: 'live', name: 'Strap 7', malformed })
    expect(notices.list).toHaveLength(1)
    const about = { model: 'S7' }
    sensors[0]?.become({ type: 'live', name: 'Strap 7', malformed: 3, skipped: 9, about })
    sensors[0]?.become({ type: 'lost', attempt: 1, nextMs: 1000 })
    expect(state.of(keyOf(1))?.said).toMatchObject({ malformed: 3, skipped: 9, about })
    expect(notices.list).toHaveLength(1)
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
    await welcome(clientWith(snapshotWith({})), state, Promise.resolve())
    expect(sensors.map(({ kind }) => kind)).toEqual(['motion'])
  })

  it('begins with a simulated room elsewhere', async () => {
    const { state, sensors, notices } = tab({ first: noMotion })
    await welcome(clientWith(snapshotWith({})), state, Promise.resolve())
    expect(sensors.map(({ kind }) => kind)).toEqual(['motion', 'simulated'])
    expect(notices.list).toEqual([])
  })

  it('adds nothing where there is something already', async () => {
    const { state, sensors } = tab()
    await welcome(clientWith(snapshotWith({ things: [thingWith()] })), state, Promise.resolve())
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
