import { afterEach, describe, expect, it } from 'vitest'
import { exposition } from '../../src/gateway/exposition.ts'
import type { RelayFigures } from '../../src/gateway/figures.ts'
import { serveHttp, type Serving } from '../../src/gateway/serve.ts'
import { statusAnswerer } from '../../src/gateway/status.ts'
import { samplesIn } from './exposition-reader.ts'

const FIGURES: RelayFigures = {
  startedMs: 1_500,
  connections: 1,
  connectionsMax: 2,
  reservations: 3,
  reservationsMax: 4,
  circuits: 5,
  circuitsOpened: 6,
  circuitBytes: 7,
  announcements: { forward: 8, ignore: 9, reject: 10 },
  topics: 11,
  topicsMax: 12,
}

describe('figures in the text format', () => {
  it('are written with their kind and meaning', () => {
    const text = exposition([
      { name: 'a_total', type: 'counter', help: 'All.', samples: [{ value: 2 }] },
      { name: 'b', type: 'gauge', help: 'None yet.', samples: [] },
    ])
    expect(text).toBe(
      '# HELP a_total All.\n# TYPE a_total counter\na_total 2\n# HELP b None yet.\n# TYPE b gauge\n',
    )
  })

  it('escape what would end a line or a label', () => {
    const samples = [{ labels: { x: 'a"b\\c\nd', y: '' }, value: 1 }]
    expect(exposition([{ name: 'a', type: 'gauge', help: 'back\\slash, "quotes"\nlines', samples }])).toBe(
      '# HELP a back\\\\slash, "quotes"\\nlines\n# TYPE a gauge\na{x="a\\"b\\\\c\\nd",y=""} 1\n',
    )
  })

  it.each([
    [0.5, '0.5'],
    [1e21, '1e+21'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('write the number %d', (value, numeral) => {
    const text = exposition([{ name: 'a', type: 'gauge', help: '', samples: [{ value }] }])
    expect(text.split('\n')[2]).toBe(`a ${numeral}`)
  })
})

describe('the health and figures of a relay', () => {
  let serving: Serving | undefined

  afterEach(() => serving?.stop())

  async function serve(isDraining: boolean): Promise<string> {
    serving = await serveHttp(statusAnswerer({ isDraining, figures: () => FIGURES }), {
      host: '127.0.0.1',
      port: 0,
      portChosen: true,
    })
    return `http://127.0.0.1:${serving.port}`
  }

  it('are ok while it runs', async () => {
    const response = await fetch(`${await serve(false)}/health?from=balancer`)
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('are draining while it stops', async () => {
    const base = await serve(true)
    const response = await fetch(`${base}/health`)
    expect([response.status, await response.text()]).toEqual([503, 'draining'])
    const figures = await (await fetch(`${base}/metrics`)).text()
    expect(samplesIn(figures).get('weft_relay_draining')).toBe(1)
  })

  it('are all there, each once', async () => {
    const response = await fetch(`${await serve(false)}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(Object.fromEntries(samplesIn(await response.text()))).toEqual({
      weft_relay_connections: 1,
      weft_relay_connections_max: 2,
      weft_relay_reservations: 3,
      weft_relay_reservations_max: 4,
      weft_relay_circuits: 5,
      weft_relay_circuits_opened_total: 6,
      weft_relay_circuit_bytes_total: 7,
      'weft_relay_announcements_total{fate="forwarded"}': 8,
      'weft_relay_announcements_total{fate="ignored"}': 9,
      'weft_relay_announcements_total{fate="rejected"}': 10,
      weft_relay_topics: 11,
      weft_relay_topics_max: 12,
      weft_relay_draining: 0,
      process_start_time_seconds: 1.5,
    })
  })

  it('are all there is', async () => {
    const base = await serve(false)
    expect((await fetch(`${base}/`)).status).toBe(404)
    expect((await fetch(`${base}/health`, { method: 'POST' })).status).toBe(405)
    expect(await (await fetch(`${base}/health`, { method: 'HEAD' })).text()).toBe('')
  })
})
