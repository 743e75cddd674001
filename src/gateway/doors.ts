import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import type { ConnectionGater, Libp2p, PeerId } from '@libp2p/interface'

type Places = CircuitRelayService['reservations']

/** Who may come in, and who keeps a reserved place. */
export class Doors {
  #places: Places | undefined
  #isShut = false

  /** What libp2p asks before it lets anyone in. */
  readonly gater: ConnectionGater = {
    denyInboundConnection: () => this.#isShut,
    denyInboundRelayReservation: (peer) => {
      if (this.#isShut) return true
      // libp2p renews a reservation by setting its timer again. From the second time on the timers before go on, and one
      // of them ends it. A new reservation in place of the old one has only its own.
      this.#release(peer)
      return false
    },
    denyOutboundRelayedConnection: () => this.#isShut,
  }

  /** Frees the place of whoever goes: libp2p would keep it for two hours. */
  watch(node: Libp2p<{ relay: CircuitRelayService }>): void {
    this.#places = node.services.relay.reservations
    node.addEventListener('peer:disconnect', ({ detail }) => this.#release(detail))
  }

  /** True once nobody new is let in. */
  get isShut(): boolean {
    return this.#isShut
  }

  /** From now on there are no new connections, reservations and circuits. */
  shut(): void {
    this.#isShut = true
  }

  #release(peer: PeerId): void {
    this.#places?.get(peer)?.signal.clear()
    this.#places?.delete(peer)
  }
}
