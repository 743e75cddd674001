import { pbkdf2Sync } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { DEVICE_PATH, ENTROPY_BYTES, derivePrivateKey, seedOf } from '../../src/wallet/keys.ts'
import { BIP_0039 } from '../vectors/bip-0039.ts'
import { SLIP_0010 } from '../vectors/slip-0010.ts'

describe('SLIP-0010 for Ed25519', () => {
  for (const [index, { seed, steps }] of SLIP_0010.entries())
    it.each(steps)(`vector ${index + 1}, path $path`, ({ path, secret, public: publicKey }) => {
      const found = derivePrivateKey(hexToBytes(seed), path)
      expect(bytesToHex(found)).toBe(secret)
      expect(bytesToHex(ed25519.getPublicKey(found))).toBe(publicKey)
    })
})

describe('BIP-39', () => {
  it.each(BIP_0039)('the words "$words" give the seed', async ({ entropy, words }) => {
    expect(hexToBytes(entropy)).toHaveLength(ENTROPY_BYTES)
    const seed = pbkdf2Sync(words, 'mnemonic', 2048, 64, 'sha512')
    expect(bytesToHex(await seedOf(hexToBytes(entropy)))).toBe(seed.toString('hex'))
  })

  it('has the seed everybody knows for twelve times abandon', async () => {
    expect(bytesToHex(await seedOf(new Uint8Array(16)))).toBe(
      '5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc1' +
        '9a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4',
    )
  })

  it('takes no entropy of a length that has no words', async () => {
    await expect(seedOf(new Uint8Array(15))).rejects.toThrow()
  })
})

describe('the device key', () => {
  it("lies at m/2003134068'/0', for good: another path would lose every device its identity", async () => {
    expect(DEVICE_PATH).toEqual([2_003_134_068, 0])
    expect(Buffer.from('weft').readUInt32BE()).toBe(DEVICE_PATH[0])
    const secret = derivePrivateKey(await seedOf(new Uint8Array(16)), DEVICE_PATH)
    expect(bytesToHex(secret)).toBe('fce631b8645f8ead2a8e97c20a90b4d33f49f76005877be364b81813eb29ff22')
    expect(bytesToHex(ed25519.getPublicKey(secret))).toBe(
      '181eee2e9de21eb810f8b78ebda2e54a6a168dfe8f0fa47222e1f6125af099ac',
    )
  })
})
