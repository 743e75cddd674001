import { expect, it } from 'vitest'
import { NoticesState } from '../../src/app/state/notices.svelte.ts'
import { SensorsState } from '../../src/app/state/sensors.ts'
import { TextSource, type TextFile } from '../../src/sensor/text-source.ts'
import { eachWithWorld, type World } from '../node/make-peer.ts'
import { strap } from '../node/make-strap.ts'

let world: World
eachWithWorld((made) => (world = made))

/** Time of no length. */
const TIME = {
  nowMs: () => 1_700_000_000_000,
  after: (_: number, task: () => void) => {
    const timer = setImmediate(task)
    return () => clearImmediate(timer)
  },
}

const HEAD = 'time,temperature,humidity,pressure\n'

/** A logger's rows, five seconds apart. */
const rowsOf = (count: number) =>
  Array.from(
    { length: count },
    (_, i) =>
      `${1_600_000_000 + i * 5},${(20 + (i % 50) / 10).toFixed(1)},${40 + (i % 30)},${1000 + (i % 20)}\n`,
  ).join('')

it('a long file becomes history whole, and what it grows by is all that is new the next time', async () => {
  const [a] = await strap(world)
  const files = [new File([HEAD + rowsOf(12_000)], 'log.csv'), new File([HEAD + rowsOf(12_500)], 'log.csv')]
  const notices = new NoticesState()
  const locks = { request: (_: string, __: object, work: () => Promise<unknown>) => work() }
  const ended: (() => void)[] = []
  const state = new SensorsState({
    api: a.peer,
    notices,
    locks: locks as unknown as LockManager,
    make: (_, handlers) => {
      const file: TextFile = {
        name: 'log.csv',
        size: files[0]?.size ?? 0,
        stream: () => files.shift()!.stream(),
      }
      const sensor = new TextSource(file, { decoder: 'guess', framing: 'guess' }, TIME, {
        ...handlers,
        onState: (now) => {
          handlers.onState(now)
          if (now.type === 'stopped') ended.shift()?.()
        },
      })
      return Promise.resolve({ sensor, source: () => undefined, resume: () => Promise.resolve(false) })
    },
  })
  const read = async (start: () => Promise<unknown>) => {
    const end = new Promise<void>((resolve) => ended.push(resolve))
    await start()
    await end
    await world.quiet()
  }
  const stored = async (thing: string) => {
    const span = { thing, fromMs: 0, toMs: 4e12 }
    return (await (await a.peer.exportHistory({ ...span, format: 'csv' })).text()).split('\r\n').length - 2
  }
  let thing: string | undefined
  await read(async () => {
    const added = await state.add('lines')
    if (typeof added === 'string') thing = added
  })
  if (thing === undefined) throw new Error('no thing was added')
  const key = thing
  expect(await stored(key)).toBe(3 * 12_000)
  const { blocks } = a.snapshot().things.find((shown) => shown.key === key)!
  // One of a sensor that speaks now has 64 readings at most.
  expect(blocks.total).toBeLessThan((3 * 12_000) / 64 / 3)
  await read(() => state.reconnect(a.snapshot().things.find((shown) => shown.key === key)!))
  expect(await stored(key)).toBe(3 * 12_500)
  // The head is a row that says in good order that there is no reading in it.
  expect(notices.list.map(({ text, tone }) => [tone, text])).toEqual([
    ['info', '12,001 rows read.'],
    ['info', '12,501 rows read. 36,000 readings were here already.'],
  ])
}, 60_000)
