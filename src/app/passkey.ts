/**
 * A passkey that makes 32 secret bytes of a salt: the PRF extension of WebAuthn Level 3 §10.1.4. What it signs is not
 * looked at, for there is no server to tell; only the bytes count.
 */
import type { PasskeyLock } from '../node/api.ts'
import { lockText } from './texts/lock/text.ts'

/** Why there is none. `cancelled`: the person closed it, or took too long. `no-prf`: it signs, and makes no secret bytes. */
export type PasskeyFault = 'not-here' | 'cancelled' | 'no-prf'

/** What is needed of `navigator.credentials`. */
type Credentials = Pick<CredentialsContainer, 'create' | 'get'>

/** A person has so long to touch a key or look at a phone. */
const TIMEOUT_MS = 120_000

/** ES256, EdDSA and RS256: every authenticator has one of them. COSE algorithms, RFC 9053 and RFC 8812. */
const ALGORITHMS = [-7, -8, -257]

/** Whether this browser may have such passkeys; one that does not say may still, and is tried. */
export async function mayHavePasskeys(): Promise<boolean> {
  if (typeof PublicKeyCredential === 'undefined') return false
  const capabilities = await PublicKeyCredential.getClientCapabilities?.().catch(() => undefined)
  return capabilities?.['extension:prf'] !== false
}

/** Makes a passkey and asks it at once. Call it from a click. */
export async function makePasskey(
  credentials: Credentials,
  random: (length: number) => Uint8Array<ArrayBuffer>,
): Promise<(PasskeyLock & { readonly prf: Uint8Array }) | PasskeyFault> {
  const salt = random(32)
  const name = lockText().passkeyName
  const made = await attempt(() =>
    credentials.create({
      publicKey: {
        rp: { name: 'Weft' },
        user: { id: random(16), name, displayName: name },
        challenge: random(32),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  )
  if (typeof made === 'string') return made
  const { prf } = made.getClientExtensionResults()
  if (prf?.enabled !== true) return 'no-prf'
  const passkey = { credentialId: new Uint8Array(made.rawId), salt }
  // some answer only when they are asked a second time
  const first = bytesOf(prf.results?.first) ?? (await askPasskey(credentials, passkey, random))
  return typeof first === 'string' ? first : { ...passkey, prf: first }
}

/** Asks a passkey for its 32 bytes. Call it from a click. */
export async function askPasskey(
  credentials: Credentials,
  { credentialId, salt }: PasskeyLock,
  random: (length: number) => Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | PasskeyFault> {
  const asked = await attempt(() =>
    credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: 'public-key', id: Uint8Array.from(credentialId) }],
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: Uint8Array.from(salt) } } },
      },
    }),
  )
  if (typeof asked === 'string') return asked
  return bytesOf(asked.getClientExtensionResults().prf?.results?.first) ?? 'no-prf'
}

/** What a person is told where a passkey did not come about. */
export function passkeyWords(fault: PasskeyFault): string {
  return lockText().passkeyFaults[fault]
}

async function attempt(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | PasskeyFault> {
  try {
    const credential = await ask()
    return credential instanceof PublicKeyCredential ? credential : 'cancelled'
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    return name === 'NotAllowedError' || name === 'AbortError' ? 'cancelled' : 'not-here'
  }
}

function bytesOf(source: BufferSource | undefined): Uint8Array | undefined {
  if (source === undefined) return undefined
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
  return bytes.length === 32 ? Uint8Array.from(bytes) : undefined
}
