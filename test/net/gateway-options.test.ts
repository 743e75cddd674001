import { describe, expect, it } from 'vitest'
import { helpOf } from '../../src/gateway/flags.ts'
import { parseOptions, type GatewayOptions } from '../../src/gateway/options.ts'

function run(
  command: 'start' | 'relay',
  argv: readonly string[],
  env: Record<string, string> = {},
): GatewayOptions {
  const parsed = parseOptions(command, argv, env)
  if (parsed.type !== 'run') throw new Error(JSON.stringify(parsed))
  return parsed.options
}

const listens = (argv: readonly string[], env: Record<string, string> = {}) =>
  run('relay', argv, env).relay.listen

describe('the options of the gateway', () => {
  it('are loopback and the usual ports by default', () => {
    expect(run('start', [])).toEqual({
      http: { host: '127.0.0.1', port: 8080, portChosen: false },
      relay: { listen: [{ host: '127.0.0.1', port: 0 }], announce: [], maxReservations: 512 },
    })
    expect(run('relay', [])).toEqual({
      http: { host: '127.0.0.1', port: 9339, portChosen: false },
      relay: { listen: [{ host: '127.0.0.1', port: 0 }], announce: [], maxReservations: 512 },
    })
  })

  it('come from flags before the environment', () => {
    const env = {
      WEFT_PORT: '81',
      WEFT_RELAY_PORT: '82',
      WEFT_HOST: 'a',
      WEFT_TLS_CERT: 'c',
      WEFT_TLS_KEY: 'k',
      WEFT_DATA: '/a',
      WEFT_MAX_RESERVATIONS: '3',
      WEFT_ANNOUNCE: '/dns4/a/tcp/1/ws, /dns4/b/tcp/1/ws',
    }
    expect(run('start', ['--port', '91', '--host=b'], env)).toEqual({
      http: { host: 'b', port: 91, portChosen: true },
      relay: {
        listen: [{ host: 'b', port: 82 }],
        announce: ['/dns4/a/tcp/1/ws', '/dns4/b/tcp/1/ws'],
        maxReservations: 3,
      },
      data: '/a',
      tls: { cert: 'c', key: 'k' },
    })
    const over = ['--announce', '/dns4/c/tcp/1/wss', '--max-reservations', '4', '--data', '/b']
    const { relay, data } = run('relay', over, env)
    expect([relay.announce, relay.maxReservations, data]).toEqual([['/dns4/c/tcp/1/wss'], 4, '/b'])
  })

  it('take an empty variable for none', () => {
    expect(run('start', [], { WEFT_PORT: '', WEFT_DATA: '', WEFT_HOST: '' })).toEqual(run('start', []))
  })

  it('keep the port with the key', () => {
    expect(listens(['--data', 'd'])).toEqual([{ host: '127.0.0.1', port: 9338 }])
    expect(listens(['--data', 'd', '--relay-port', '0'])).toEqual([{ host: '127.0.0.1', port: 0 }])
  })

  it.each([
    ['0.0.0.0:9338', { host: '0.0.0.0', port: 9338 }],
    ['[::]:1', { host: '::', port: 1 }],
    ['relay.example:0', { host: 'relay.example', port: 0 }],
    ['/ip4/0.0.0.0/tcp/9338/ws', { host: '0.0.0.0', port: 9338 }],
    ['/ip6/::1/tcp/1/ws', { host: '::1', port: 1 }],
    ['/dns4/relay.example/tcp/1/ws', { host: 'relay.example', port: 1 }],
  ])('say where to listen: %s', (text, endpoint) => {
    expect(listens(['--listen', text])).toEqual([endpoint])
  })

  it('name several places, on the line or in the environment, and the line goes first', () => {
    const both = [
      { host: '0.0.0.0', port: 1 },
      { host: '::', port: 1 },
    ]
    expect(listens(['--listen', '0.0.0.0:1', '--listen', '[::]:1'])).toEqual(both)
    expect(listens([], { WEFT_LISTEN: '0.0.0.0:1 [::]:1' })).toEqual(both)
    const single = [{ host: '127.0.0.1', port: 2 }]
    expect(listens(['--relay-port', '2'], { WEFT_LISTEN: '0.0.0.0:1' })).toEqual(single)
    expect(listens(['--listen', '127.0.0.1:2'], { WEFT_HOST: 'a', WEFT_RELAY_PORT: '3' })).toEqual(single)
  })

  it('want TLS in a multiaddr exactly where there is a certificate', () => {
    const tls = ['--tls-cert', 'c', '--tls-key', 'k']
    for (const tail of ['tls/ws', 'wss']) {
      const text = `/ip4/127.0.0.1/tcp/2/${tail}`
      expect(listens([...tls, '--listen', text])).toEqual([{ host: '127.0.0.1', port: 2 }])
      expect(parseOptions('relay', ['--listen', text], {})).toMatchObject({ problem: 'bad-address' })
    }
    const plain = [...tls, '--listen', '/ip4/127.0.0.1/tcp/2/ws']
    expect(parseOptions('relay', plain, {})).toMatchObject({ problem: 'bad-address' })
  })

  it.each([
    ['start', ['--prot', '1'], 'unknown-flag'],
    ['start', ['extra'], 'unknown-flag'],
    ['start', ['--port'], 'unknown-flag'],
    ['start', ['--port', '65536'], 'bad-port'],
    ['start', ['--port', '-1'], 'unknown-flag'],
    ['start', ['--relay-port', '1e3'], 'bad-port'],
    ['start', ['--tls-cert', 'c'], 'half-tls'],
    ['start', ['--listen', '127.0.0.1:1'], 'unknown-flag'],
    ['start', ['--data', ''], 'bad-folder'],
    ['relay', ['--port', '1'], 'unknown-flag'],
    ['relay', ['--listen', '9338'], 'bad-address'],
    ['relay', ['--listen', '127.0.0.1:65536'], 'bad-address'],
    ['relay', ['--listen', '::1:1'], 'bad-address'],
    ['relay', ['--listen', '/ip4/127.0.0.1/tcp/1'], 'bad-address'],
    ['relay', ['--listen', '/ip4/127.0.0.1/udp/1/ws'], 'bad-address'],
    ['relay', ['--listen', '/ip4/127.0.0.256/tcp/1/ws'], 'bad-address'],
    ['relay', ['--listen', '/'], 'bad-address'],
    ['relay', ['--listen', '127.0.0.1:1', '--relay-port', '2'], 'listen-twice'],
    ['relay', ['--http', 'localhost'], 'bad-address'],
    ['relay', ['--announce', 'relay.example:443'], 'bad-address'],
    ['relay', ['--announce', '/dns4/relay.example/tcp/443'], 'bad-address'],
    [
      'relay',
      ['--announce', '/ip4/1.2.3.4/tcp/1/ws/p2p/12D3KooWQVb2DtJwWSthMtijRcy8q1BfAvdrhGdjedGTHQo5G4Lv'],
      'bad-address',
    ],
    ['relay', ['--max-reservations', '0'], 'bad-number'],
    ['relay', ['--max-reservations', '65537'], 'bad-number'],
    ['relay', ['--max-reservations', 'many'], 'bad-number'],
  ] as const)('are refused on one line where they are wrong: %s %j', (command, argv, problem) => {
    const parsed = parseOptions(command, argv, {})
    expect(parsed).toMatchObject({ type: 'bad', problem })
    expect(parsed.type === 'bad' && parsed.message).toMatch(/^[^\n]+\.$/)
  })

  it('say which variable is wrong where a variable is', () => {
    expect(parseOptions('relay', [], { WEFT_MAX_RESERVATIONS: 'x' })).toMatchObject({
      message: 'WEFT_MAX_RESERVATIONS needs a number from 1 to 65536.',
    })
  })

  it('explain themselves', () => {
    expect(parseOptions('start', ['--help', '--port', 'x'], {})).toEqual({ type: 'help' })
    for (const flag of ['listen', 'relay-port', 'host', 'http', 'announce', 'data', 'max-reservations']) {
      expect(helpOf('relay')).toContain(`--${flag} `)
      expect(helpOf('relay')).toContain(`WEFT_${flag.toUpperCase().replace('-', '_')};`)
    }
    expect(helpOf('relay')).not.toContain('WEFT_PORT')
    expect(helpOf('start')).toContain('WEFT_PORT; default: 8080')
  })
})
