import { afterEach, describe, expect, it, vi } from 'vitest'
import { askPasskey, makePasskey, mayHavePasskeys } from '../../src/app/passkey.ts'

const random = (length: number) => new Uint8Array(length).fill(3)
const SECRET = new Uint8Array(32).fill(9)

/** What an authenticator answers with. */
class StandInCredential {
  readonly rawId = Uint8Array.of(1, 2).buffer
  readonly #prf: unknown

  constructor(prf: unknown) {
    this.#prf = prf
  }

  getClientExtensionResults(): unknown {
    return { prf: this.#prf }
  }
}

vi.stubGlobal('PublicKeyCredential', StandInCredential)
afterEach(() => vi.stubGlobal('PublicKeyCredential', StandInCredential))

type Credentials = Parameters<typeof makePasskey>[0]

const answering = (made: unknown, asked?: unknown): Credentials => ({
  create: async () => (made === null ? null : (new StandInCredential(made) as unknown as Credential)),
  get: async () => new StandInCredential(asked) as unknown as Credential,
})

const failing = (name: string): Credentials => {
  const fail = () => Promise.reject(new DOMException('no', name))
  return { create: fail, get: fail }
}

const made = { credentialId: Uint8Array.of(1, 2), salt: random(32), prf: SECRET }

describe('A passkey', () => {
  it('gives its 32 bytes when it is made', async () => {
    const credentials = answering({ enabled: true, results: { first: SECRET.buffer } })
    expect(await makePasskey(credentials, random)).toEqual(made)
  })

  it('or when it is asked a second time', async () => {
    const credentials = answering({ enabled: true }, { results: { first: SECRET } })
    expect(await makePasskey(credentials, random)).toEqual(made)
  })

  it.each([
    ['makes no secret', answering({ enabled: false }), 'no-prf'],
    ['says nothing of secrets', answering(undefined), 'no-prf'],
    ['gives too few bytes', answering({ enabled: true }, { results: { first: SECRET.slice(1) } }), 'no-prf'],
    ['was closed', failing('NotAllowedError'), 'cancelled'],
    ['is nothing', answering(null), 'cancelled'],
    ['is not allowed on this page', failing('SecurityError'), 'not-here'],
  ])('that %s is told as such', async (_, credentials, fault) => {
    expect(await makePasskey(credentials, random)).toBe(fault)
  })

  it('is asked by its own id and salt', async () => {
    const get = vi.fn(answering({}, { results: { first: SECRET } }).get)
    await askPasskey({ ...failing('none'), get }, made, random)
    const { publicKey } = get.mock.calls[0]?.[0] ?? {}
    expect(publicKey?.allowCredentials).toEqual([{ type: 'public-key', id: made.credentialId }])
    expect(publicKey?.extensions?.prf?.eval?.first).toEqual(made.salt)
  })
})

describe('Whether a browser may have them', () => {
  it.each([
    ['it says so', { 'extension:prf': true }, true],
    ['it does not say', {}, true],
    ['it says not', { 'extension:prf': false }, false],
  ])('where %s', async (_, capabilities, may) => {
    vi.stubGlobal('PublicKeyCredential', { getClientCapabilities: async () => capabilities })
    expect(await mayHavePasskeys()).toBe(may)
  })

  it('where there are none, and where it is too old to be asked', async () => {
    vi.stubGlobal('PublicKeyCredential', undefined)
    expect(await mayHavePasskeys()).toBe(false)
    vi.stubGlobal('PublicKeyCredential', {})
    expect(await mayHavePasskeys()).toBe(true)
  })
})
