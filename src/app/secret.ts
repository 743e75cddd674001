/** A secret that money can be locked by, and its hash. Protocol §5: 32 bytes, SHA-256. */

export interface Secret {
  /** 64 hex digits each. */
  readonly secret: string
  readonly hashlock: string
}

const SECRET_BYTES = 32

/** A new secret. @param random fills what it is given with random bytes */
export async function makeSecret(
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  subtle: Pick<SubtleCrypto, 'digest'>,
): Promise<Secret> {
  const bytes = random(new Uint8Array(SECRET_BYTES))
  const hash = await subtle.digest('SHA-256', bytes)
  return { secret: hex(bytes), hashlock: hex(new Uint8Array(hash)) }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
