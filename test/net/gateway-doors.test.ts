import { describe, expect, it } from 'vitest'
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { Doors } from '../../src/gateway/doors.ts'

// the doors only compare peers
const PEER = 'a peer' as unknown as PeerId

/** A relay's node with one place taken. */
function nodeWithPlace() {
  const timer = { runs: true }
  const places = new Map([[PEER, { signal: { clear: () => (timer.runs = false) } }]])
  const node = Object.assign(new EventTarget(), { services: { relay: { reservations: places } } })
  const doors = new Doors()
  // of a node they use its events and its relay's reservations
  doors.watch(node as unknown as Libp2p<{ relay: CircuitRelayService }>)
  return { node, doors, places, timer }
}

describe('the doors of a relay', () => {
  it('give a place that is asked for again anew, and end the timer of the old one', () => {
    const { doors, places, timer } = nodeWithPlace()
    expect(doors.gater.denyInboundRelayReservation?.(PEER)).toBe(false)
    expect([places.size, timer.runs]).toEqual([0, false])
  })

  it('free the place of whoever goes', () => {
    const { node, places, timer } = nodeWithPlace()
    node.dispatchEvent(new CustomEvent('peer:disconnect', { detail: PEER }))
    expect([places.size, timer.runs]).toEqual([0, false])
  })

  it('once shut let nobody in, and leave the places there are', () => {
    const { doors, places, timer } = nodeWithPlace()
    doors.shut()
    expect(doors.gater.denyInboundRelayReservation?.(PEER)).toBe(true)
    expect(doors.gater.denyInboundConnection?.({} as never)).toBe(true)
    expect(doors.gater.denyOutboundRelayedConnection?.(PEER, PEER)).toBe(true)
    expect([places.size, timer.runs, doors.isShut]).toEqual([1, true, true])
  })
})
