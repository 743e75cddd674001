import type { GossipVerdict } from '../ports.ts'
import type { Metric } from './exposition.ts'

/** What a relay does now and has done since its start. */
export interface RelayFigures {
  /** Unix milliseconds. */
  readonly startedMs: number
  readonly connections: number
  readonly connectionsMax: number
  readonly reservations: number
  readonly reservationsMax: number
  /** Open now. */
  readonly circuits: number
  readonly circuitsOpened: number
  /** Both ways, some 100 of each circuit for opening it. */
  readonly circuitBytes: number
  readonly announcements: Readonly<Record<GossipVerdict, number>>
  readonly topics: number
  readonly topicsMax: number
}

/** A verdict in words for who looks after a relay. */
const FATES: Readonly<Record<GossipVerdict, string>> = {
  forward: 'forwarded',
  ignore: 'ignored',
  reject: 'rejected',
}

/** A relay's figures for Prometheus. */
export function metricsOf(figures: RelayFigures, isDraining: boolean): readonly Metric[] {
  const announcements = Object.entries(figures.announcements).map(([verdict, value]) => ({
    labels: { fate: FATES[verdict as GossipVerdict] },
    value,
  }))
  return [
    gauge('weft_relay_connections', 'Connections open now.', figures.connections),
    gauge(
      'weft_relay_connections_max',
      'Connections beyond which new ones are refused.',
      figures.connectionsMax,
    ),
    gauge(
      'weft_relay_reservations',
      'Peers that can be reached through this relay now.',
      figures.reservations,
    ),
    gauge(
      'weft_relay_reservations_max',
      'Reservations beyond which new ones are refused.',
      figures.reservationsMax,
    ),
    gauge('weft_relay_circuits', 'Circuits from one peer to another that are open now.', figures.circuits),
    counter(
      'weft_relay_circuits_opened_total',
      'Circuits asked for at the called peer.',
      figures.circuitsOpened,
    ),
    counter(
      'weft_relay_circuit_bytes_total',
      'Bytes that went over circuits, both ways, with the messages that open them.',
      figures.circuitBytes,
    ),
    {
      name: 'weft_relay_announcements_total',
      type: 'counter',
      help: 'Announcements by what became of them: ignored are those beyond the rate, rejected the malformed.',
      samples: announcements,
    },
    gauge('weft_relay_topics', 'Networks whose announcements are passed on now.', figures.topics),
    gauge('weft_relay_topics_max', 'Networks beyond which new ones are not taken on.', figures.topicsMax),
    gauge(
      'weft_relay_draining',
      '1 while nobody new is let in because the relay stops, else 0.',
      Number(isDraining),
    ),
    gauge(
      'process_start_time_seconds',
      'When the relay started, in seconds since 1970-01-01 UTC.',
      figures.startedMs / 1000,
    ),
  ]
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: 'gauge', help, samples: [{ value }] }
}

function counter(name: string, help: string, value: number): Metric {
  return { name, type: 'counter', help, samples: [{ value }] }
}
