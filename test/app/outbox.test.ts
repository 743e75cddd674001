import { describe, expect, it } from 'vitest'
import { Outbox, OUTBOX_READINGS_MAX } from '../../src/app/outbox.ts'
import { ApiError, READINGS_PER_CALL_MAX, type ApiErrorKind } from '../../src/node/api.ts'
import type { Reading } from '../../src/reading/reading.ts'

const readings = (from: number, to: number): Reading[] =>
  Array.from({ length: to - from }, (_, i) => ({ quantity: 'x', value: from + i, atMs: from + i }))

/** An outbox whose peer answers each call when the test says so. */
function outbox() {
  const calls: { values: unknown[]; resolve: () => void; reject: (kind: ApiErrorKind) => void }[] = []
  const lost: [number, string][] = []
  let called = Promise.withResolvers<void>()
  const box = new Outbox({
    send: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      calls.push({
        values: batch.map(({ value }) => value),
        resolve,
        reject: (kind) => reject(new ApiError(kind, `It ${kind}.`)),
      })
      called.resolve()
      called = Promise.withResolvers()
      return promise
    },
    onLost: (count, message) => lost.push([count, message]),
  })
  return { box, calls, lost, nextCall: () => called.promise }
}

describe('handing readings to the peer', () => {
  it('sends at once, and then in order what came meanwhile', async () => {
    const { box, calls, nextCall } = outbox()
    box.push(readings(0, 1))
    box.push(readings(1, 2))
    box.push(readings(2, 3))
    expect(calls.map(({ values }) => values)).toEqual([[0]])
    const next = nextCall()
    calls[0]?.resolve()
    await next
    expect(calls.map(({ values }) => values)).toEqual([[0], [1, 2]])
  })

  it('keeps what was under way when the peer moved to another tab', async () => {
    const { box, calls, lost, nextCall } = outbox()
    box.push(readings(0, 2))
    box.push(readings(2, 3))
    const next = nextCall()
    calls[0]?.reject('peer-moved')
    await next
    expect(calls[1]?.values).toEqual([0, 1, 2])
    expect(lost).toEqual([])
  })

  it('says what is lost when the peer refuses, and goes on with the next', async () => {
    const { box, calls, lost, nextCall } = outbox()
    box.push(readings(0, 2))
    box.push(readings(2, 3))
    const next = nextCall()
    calls[0]?.reject('storage-full')
    await next
    expect(lost).toEqual([[2, 'It storage-full.']])
    expect(calls[1]?.values).toEqual([2])
  })

  it('is silent about the last readings of a thing that was just forgotten', async () => {
    const { box, calls, lost, nextCall } = outbox()
    box.push(readings(0, 1))
    box.push(readings(1, 2))
    const next = nextCall()
    calls[0]?.reject('unknown-thing')
    await next
    expect(lost).toEqual([])
  })

  it('asks for no more at a time than a call takes', async () => {
    const { box, calls, nextCall } = outbox()
    box.push(readings(0, 1))
    box.push(readings(1, 2 + READINGS_PER_CALL_MAX))
    const next = nextCall()
    calls[0]?.resolve()
    await next
    expect(calls[1]?.values).toHaveLength(READINGS_PER_CALL_MAX)
  })

  it('drops the oldest when the peer does not answer for hours', () => {
    const { box, lost } = outbox()
    box.push(readings(0, 1))
    box.push(readings(1, 1 + OUTBOX_READINGS_MAX))
    box.push(readings(0, 3))
    expect(lost.map(([count]) => count)).toEqual([3])
  })
})
