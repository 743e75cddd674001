import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerer, readSite } from '../../src/gateway/files.ts'
import { serveHttp, type Serving } from '../../src/gateway/serve.ts'

/** A request by its raw path, which `fetch` would tidy up. */
function ask(port: number, path: string, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (part: string) => (body += part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
      })
        .on('error', reject)
        .end()
    },
  )
}

describe('the files of the app', () => {
  let folder = ''
  let server: Serving

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weft-files-'))
    await mkdir(join(folder, 'dist/assets'), { recursive: true })
    const files = {
      'secret.txt': 'not served',
      'dist/index.html': '<!doctype html>',
      'dist/sw.js': '//',
      'dist/manifest.webmanifest': '{}',
      'dist/assets/app-B3barqSB.js': 'let a',
      'dist/assets/kernel-0WdbJw2T.wasm': '\0asm',
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    const site = await readSite(join(folder, 'dist'))
    server = await serveHttp(
      answerer(site, () => ['/ip4/127.0.0.1/tcp/1/ws/p2p/x']),
      { host: '127.0.0.1', port: 0, portChosen: true },
    )
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html?x=1', 'text/html; charset=utf-8', 'no-cache'],
    ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
    ['/assets/app-B3barqSB.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/kernel-0WdbJw2T.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
    ['/relay.json', 'application/json; charset=utf-8', 'no-store'],
  ])('are served as what they are: %s', async (path, type, cache) => {
    const { status, headers } = await ask(server.port, path)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, cache])
  })

  it('come with the headers that keep everything else out', async () => {
    for (const path of ['/', '/nowhere', '/relay.json']) {
      const { headers } = await ask(server.port, path)
      expect(headers['content-security-policy']).toContain("default-src 'self'")
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
      expect(headers['content-security-policy']).not.toContain('unsafe-inline')
      expect(headers['x-content-type-options']).toBe('nosniff')
      for (const sensor of ['accelerometer', 'geolocation', 'microphone', 'camera', 'serial']) {
        expect(headers['permissions-policy']).toContain(`${sensor}=(self)`)
      }
    }
  })

  it('name the relay at /relay.json', async () => {
    const { body } = await ask(server.port, '/relay.json')
    expect(JSON.parse(body)).toEqual({ multiaddrs: ['/ip4/127.0.0.1/tcp/1/ws/p2p/x'] })
  })

  it('answer HEAD without a body, and nothing but GET and HEAD', async () => {
    const head = await ask(server.port, '/', 'HEAD')
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '15'])
    const post = await ask(server.port, '/', 'POST')
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD'])
  })

  it.each([
    '/secret.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '/assets',
    '/%',
    '/%00',
    '/__proto__',
  ])('are nothing else: %s', async (path) => {
    const { status, headers, body } = await ask(server.port, path)
    expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
    expect(body).not.toContain('not served')
  })

  it('are served at the next free port where nobody chose one', async () => {
    const answer = answerer(new Map(), () => [])
    const next = await serveHttp(answer, { host: '127.0.0.1', port: server.port, portChosen: false })
    expect(next.port).toBeGreaterThan(server.port)
    await next.stop()
    const chosen = serveHttp(answer, { host: '127.0.0.1', port: server.port, portChosen: true })
    await expect(chosen).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
