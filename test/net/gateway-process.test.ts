import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { libp2pTransport } from '../../src/net/transport.ts'
import { samplesIn } from './exposition-reader.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner } from './support.ts'
import { unusedHandlers } from './unused-handlers.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

const ANYWHERE = ['--listen', '127.0.0.1:0', '--http', '127.0.0.1:0']

/** `npm run relay` as a process of its own. */
describe('the relay process', { timeout: 60_000 }, () => {
  const stops: (() => unknown)[] = []
  let folder = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weft-relay-'))
  })

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
    await rm(folder, { recursive: true })
  })

  function start(args: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, ['src/gateway/relay-main.ts', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    stops.push(() => child.kill('SIGKILL'))
    let said = ''
    let complained = ''
    child.stdout.on('data', (part: Buffer) => (said += part.toString()))
    child.stderr.on('data', (part: Buffer) => (complained += part.toString()))
    // `close` comes after the last output.
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, said, complained }))
    const running = async () => {
      const [, base = ''] = await vi.waitUntil(() => / (http:\S+)\/health/.exec(said), PATIENCE)
      const metric = async (name: string) =>
        samplesIn(await (await fetch(`${base}/metrics`)).text()).get(name)
      return { base, metric, addresses: said.match(/^\/\S+\/p2p\/\w+$/gm) ?? [], said }
    }
    return { child, ended, running }
  }

  /** A peer that can call others through a relay, and be called. */
  async function peer(listen: readonly string[] = []) {
    const node = await createLibp2p({
      addresses: { listen: [...listen] },
      transports: [webSockets(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
    })
    stops.push(() => node.stop())
    return node
  }

  /** A relay with one open circuit. */
  async function withCircuit() {
    const relay = start(ANYWHERE)
    const running = await relay.running()
    const address = running.addresses[0] ?? ''
    const callee = await peer([`${address}/p2p-circuit`])
    const caller = await peer()
    const target = multiaddr(`${address}/p2p-circuit/p2p/${callee.peerId.toString()}`)
    const circuit = await vi.waitFor(() => caller.dial(target), PATIENCE)
    return { ...relay, ...running, address, circuit }
  }

  it('is the same relay after a restart where it keeps its key', async () => {
    const ids: (string | undefined)[] = []
    for (let times = 0; times < 2; times++) {
      const relay = start([...ANYWHERE, '--data', folder])
      const { addresses, said } = await relay.running()
      ids.push(addresses[0]?.split('/p2p/')[1])
      expect(said).toContain(`kept in ${folder}`)
      relay.child.kill('SIGTERM')
      expect((await relay.ended).code).toBe(0)
    }
    expect(ids[0]).toMatch(/^12D3/)
    expect(ids[1]).toBe(ids[0])
  })

  it('does not start with a damaged key, and leaves it', async () => {
    const file = join(folder, 'relay.key')
    await writeFile(file, 'half a ke')
    const { code, complained } = await start([...ANYWHERE, '--data', folder]).ended
    expect([code, complained.split('\n').length]).toEqual([1, 2])
    expect(complained).toContain(`${file} is damaged`)
    expect(await readFile(file, 'latin1')).toBe('half a ke')
  })

  it('is told what to do by flags, then by the environment', async () => {
    const env = {
      WEFT_MAX_RESERVATIONS: '7',
      WEFT_ANNOUNCE: '/dns4/relay.example/tcp/443/wss',
      WEFT_LISTEN: 'no place',
    }
    const { metric, addresses } = await start([...ANYWHERE, '--max-reservations', '5'], env).running()
    expect(addresses).toEqual([expect.stringMatching(/^\/dns4\/relay\.example\/tcp\/443\/wss\/p2p\/12D3/)])
    expect(await metric('weft_relay_reservations_max')).toBe(5)
    expect(await metric('weft_relay_connections_max')).toBe(10)
  })

  it('ends with code 2 and one line where it is told nonsense', async () => {
    const { code, said, complained } = await start([], { WEFT_MAX_RESERVATIONS: '-1' }).ended
    expect([code, said]).toEqual([2, ''])
    expect(complained).toMatch(/^WEFT_MAX_RESERVATIONS needs [^\n]+\n$/)
  })

  it('says that a port is taken', async () => {
    const { addresses, base } = await start(ANYWHERE).running()
    const listening = `127.0.0.1:${/\/tcp\/(\d+)/.exec(addresses[0] ?? '')?.[1]}`
    const status = new URL(base).host
    const [relay, http] = await Promise.all([
      start(['--listen', listening, '--http', '127.0.0.1:0']).ended,
      start(['--listen', '127.0.0.1:0', '--http', status]).ended,
    ])
    expect([relay.code, http.code]).toEqual([1, 1])
    expect(relay.complained).toMatch(new RegExp(`^The relay .* address already in use ${listening}\\..*\n$`))
    expect(http.complained).toMatch(new RegExp(`^The relay .* address already in use ${status}\\..*\n$`))
  })

  it('tells how many it serves', async () => {
    const { base, metric, addresses, said } = await start(ANYWHERE).running()
    expect(said).toContain('--data FOLDER keeps it')
    const health = await fetch(`${base}/health`)
    expect([health.status, await health.text()]).toEqual([200, 'ok'])
    expect(await metric('weft_relay_reservations')).toBe(0)
    const transport = libp2pTransport({
      network: NETWORK,
      signer: testSigner(1),
      clock: skippingClock(),
      random: testRandom,
      findRelays: async () => addresses,
      listen: ['/p2p-circuit'],
      timings: SHORT,
    })
    stops.push(() => transport.stop())
    await transport.start(unusedHandlers)
    await vi.waitFor(async () => expect(await metric('weft_relay_reservations')).toBe(1), PATIENCE)
    expect(await metric('weft_relay_connections')).toBe(1)
    await vi.waitFor(async () => expect(await metric('weft_relay_topics')).toBe(1), PATIENCE)
    await transport.stop()
    await vi.waitFor(async () => expect(await metric('weft_relay_reservations')).toBe(0), PATIENCE)
  })

  it('lets a circuit end before it stops, and nobody new in meanwhile', async () => {
    const { child, ended, base, metric, address, circuit } = await withCircuit()
    expect(await metric('weft_relay_circuits')).toBe(1)
    expect(await metric('weft_relay_circuit_bytes_total')).toBeGreaterThan(200)
    child.kill('SIGTERM')
    await vi.waitFor(async () => expect((await fetch(`${base}/health`)).status).toBe(503), PATIENCE)
    expect(await metric('weft_relay_circuits')).toBe(1)
    const late = await peer()
    await expect(late.dial(multiaddr(address))).rejects.toThrow()
    expect(circuit.status).toBe('open')
    await circuit.close()
    expect(await ended).toMatchObject({ code: 0, complained: '' })
  })

  it('does not wait for ever for a circuit to end', async () => {
    const { child, ended, base, circuit } = await withCircuit()
    child.kill('SIGINT')
    await vi.waitFor(
      async () => expect(await (await fetch(`${base}/health`)).text()).toBe('draining'),
      PATIENCE,
    )
    expect((await ended).code).toBe(0)
    await vi.waitFor(() => expect(circuit.status).not.toBe('open'), PATIENCE)
  })

  it('stops at once when it is told twice', async () => {
    const { child, ended, base } = await withCircuit()
    child.kill('SIGTERM')
    await vi.waitFor(async () => expect((await fetch(`${base}/health`)).status).toBe(503), PATIENCE)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(1)
  })
})
