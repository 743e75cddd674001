import { describe, expect, it } from 'vitest'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import { passesGuard } from '../../src/core/crypto/signature-guard.ts'
import { batchVerifier } from '../../src/crypto/batch-verifier.ts'
import { judgesWell, type Engine } from '../../src/crypto/self-test.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { crafted, flipped, honest, littleEndian, signWithTorsion } from '../contract/signatures.ts'
import { verifierContract } from '../contract/verifier.ts'
import { nodeBatchEngine } from './batch-engine.ts'

const { subtle } = crypto

verifierContract('WebCrypto', () => ({ verifier: webCryptoVerifier(subtle) }))
verifierContract('noble alone', () => ({ verifier: webCryptoVerifier(undefined) }))
verifierContract('a WebCrypto that says yes to all', () => ({
  verifier: webCryptoVerifier(subtleThat(async () => true)),
}))
verifierContract('a WebCrypto that cannot judge', () => ({
  verifier: webCryptoVerifier(subtleThat(() => Promise.reject(new Error('not supported')))),
}))

verifierContract('batches, then WebCrypto', () => ({
  verifier: batchVerifier(nodeBatchEngine(), webCryptoVerifier(subtle)),
}))
verifierContract('batches and nothing else', () => ({
  verifier: batchVerifier(nodeBatchEngine(), { verify: async () => false }),
}))
verifierContract('batches that confirm nothing', () => ({
  verifier: batchVerifier(
    Promise.resolve(() => []),
    webCryptoVerifier(subtle),
  ),
}))
verifierContract('batches that are not to be had', () => ({
  verifier: batchVerifier(Promise.resolve(undefined), webCryptoVerifier(subtle)),
}))

/** WebCrypto as it is, but for what it says of signatures. */
function subtleThat(verify: () => Promise<boolean>): SubtleCrypto {
  const fake: Pick<SubtleCrypto, 'importKey' | 'verify'> = {
    importKey: subtle.importKey.bind(subtle),
    verify,
  }
  return fake as SubtleCrypto
}

/** WebCrypto alone. */
const engine: Engine = async (signature, message, key) => {
  const imported = await subtle
    .importKey('raw', Uint8Array.from(key), 'Ed25519', false, ['verify'])
    .catch(() => undefined)
  return (
    imported !== undefined &&
    subtle.verify('Ed25519', imported, Uint8Array.from(signature), Uint8Array.from(message))
  )
}

describe('the crafted cases', () => {
  const cases = crafted()

  it('are several hundred, each of its own', () => {
    expect(cases.length).toBeGreaterThan(500)
    expect(new Set(cases.map(({ name }) => name)).size).toBeGreaterThan(500)
  })

  it('hold some that WebCrypto alone refuses: they are worth their while', async () => {
    const { signature, message, key, valid } = signWithTorsion(1, 1, 0)
    expect(valid).toBe(true)
    expect(await engine(signature, message, key)).toBe(false)
  })
})

describe('the self test', () => {
  it('trusts the WebCrypto that is here', async () => {
    expect(await judgesWell(engine)).toBe(true)
  })

  it('asks about nothing that the byte guard would have stopped', async () => {
    const asked: boolean[] = []
    await judgesWell(async (signature, _message, key) => {
      asked.push(passesGuard(signature, key))
      return true
    })
    expect(asked.length).toBeGreaterThan(40)
    expect(asked).not.toContain(false)
  })

  it('trusts an engine that goes by the cofactored equation as well', async () => {
    const noble = webCryptoVerifier(undefined)
    const cofactored: Engine = (signature, message, key) => noble.verify(signature, message, publicKeyOf(key))
    expect(await judgesWell(cofactored)).toBe(true)
  })

  it.each<[string, (bit: number) => Engine]>([
    ['takes everything', () => async () => true],
    ['takes nothing', () => async () => false],
    [
      'does not look at one bit of the signature',
      (bit) => async (signature, message, key) =>
        (await engine(signature, message, key)) || engine(flipped(signature, bit), message, key),
    ],
    [
      'does not look at the message',
      () => async (signature, message, key) =>
        (await engine(signature, message, key)) ||
        engine(signature, Uint8Array.of(0x72), key) ||
        engine(signature, Uint8Array.of(0xaf, 0x82), key),
    ],
    [
      'does not look at the sign of the key',
      () => async (signature, message, key) =>
        (await engine(signature, message, key)) || engine(signature, message, flipped(key, 255)),
    ],
  ])('does not trust one that %s', async (_, make) => {
    expect(await judgesWell(make(255))).toBe(false)
    expect(await judgesWell(make(256))).toBe(false)
  })
})

describe('webCryptoVerifier', () => {
  it('asks nobody twice about a key it holds', async () => {
    let imports = 0
    const counting: Pick<SubtleCrypto, 'importKey' | 'verify'> = {
      importKey: ((...args: Parameters<SubtleCrypto['importKey']>) => {
        imports++
        return subtle.importKey(...args)
      }) as SubtleCrypto['importKey'],
      verify: subtle.verify.bind(subtle),
    }
    const verifier = webCryptoVerifier(counting as SubtleCrypto)
    const { signature, message, key } = honest(4)
    expect(await verifier.verify(signature, message, publicKeyOf(key))).toBe(true)
    const before = imports
    expect(await verifier.verify(signature, message, publicKeyOf(key))).toBe(true)
    expect(imports).toBe(before)
  })

  it('goes on after more keys than are kept imported', async () => {
    const verifier = webCryptoVerifier(subtle)
    const good = honest(4)
    for (let i = 0; i < 1100; i++) {
      const other = publicKeyOf(littleEndian(BigInt(i) + 2n))
      if (i % 100 === 0)
        expect(await verifier.verify(good.signature, good.message, publicKeyOf(good.key))).toBe(true)
      expect(await verifier.verify(good.signature, good.message, other)).toBe(false)
    }
  })
})
