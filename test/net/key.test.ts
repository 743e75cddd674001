import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { createNode } from '../../src/net/libp2p.ts'
import { keyOf, peerIdOf, privateKeyOf } from '../../src/net/key.ts'
import { TIMINGS } from '../../src/net/limits.ts'
import { namesOf } from '../../src/net/names.ts'
import { NETWORK, skippingClock, testRandom, testSigner } from './support.ts'

const LISTEN = ['/ip4/127.0.0.1/tcp/0/ws']

async function start(privateKey: PrivateKey) {
  const node = await createNode({
    privateKey,
    names: namesOf(NETWORK),
    gater: { denyDialMultiaddr: () => false },
    listen: LISTEN,
    timings: TIMINGS,
    pairing: {
      network: NETWORK,
      clock: skippingClock(),
      random: testRandom,
      connectMs: 1000,
      isFull: () => true,
    },
  })
  await node.start()
  return node
}

describe('a libp2p key that only signs', () => {
  it('never shows a secret', () => {
    const key = privateKeyOf(testSigner(1))
    expect(() => key.raw).toThrow('never shows itself')
  })

  it('makes signatures that its public key verifies', async () => {
    const key = privateKeyOf(testSigner(1))
    const message = new TextEncoder().encode('a message')
    expect(await key.publicKey.verify(message, await key.sign(message))).toBe(true)
    expect(key.equals(privateKeyOf(testSigner(1)))).toBe(true)
    expect(key.equals(privateKeyOf(testSigner(2)))).toBe(false)
  })

  it('carries a node through noise, identify and a signed peer record', async () => {
    const signers = [testSigner(1), testSigner(2)] as const
    const ours = await start(privateKeyOf(signers[0]))
    const theirs = await start(privateKeyOf(signers[1]))
    try {
      const identified = new Promise<{ id: string; record: boolean; sealedBy: string | undefined }>(
        (resolve) => {
          theirs.addEventListener('peer:identify', ({ detail }) => {
            const sealedBy = detail.signedPeerRecord?.addresses.map(String).join()
            resolve({ id: detail.peerId.toString(), record: detail.signedPeerRecord !== undefined, sealedBy })
          })
        },
      )
      // Noise checks that whoever answers holds the key of the id in the address dialled.
      const connection = await ours.dial(theirs.getMultiaddrs())
      expect(connection.encryption).toBe('/noise')
      expect(connection.remotePeer.toString()).toBe(peerIdOf(signers[1].publicKey))
      const seen = await identified
      expect(seen.id).toBe(peerIdOf(signers[0].publicKey))
      expect(seen.record).toBe(true)
      expect(seen.sealedBy).toContain('/ws')
    } finally {
      await Promise.all([ours.stop(), theirs.stop()])
    }
  })

  it('is refused when its signer signs with another key', async () => {
    const liar = {
      publicKey: testSigner(3).publicKey,
      sign: (message: Uint8Array) => testSigner(4).sign(message),
    }
    const ours = await start(privateKeyOf(liar))
    const theirs = await start(privateKeyOf(testSigner(2)))
    try {
      await expect(theirs.dial(ours.getMultiaddrs()).then(() => 'connected')).rejects.toThrow()
    } finally {
      await Promise.all([ours.stop(), theirs.stop()])
    }
  })

  it('has the peer id that libp2p gives the same key', async () => {
    const theirs = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1))
    expect(peerIdOf(testSigner(1).publicKey)).toBe(peerIdFromPrivateKey(theirs).toString())
  })

  it('is found in its peer id again', () => {
    const { publicKey } = testSigner(1)
    expect(keyOf(peerIdFromString(peerIdOf(publicKey)))).toBe(publicKey)
  })

  it('is not found in the peer id of a key of another kind', async () => {
    expect(keyOf(peerIdFromPrivateKey(await generateKeyPair('secp256k1')))).toBeUndefined()
    // an RSA key is named by its hash
    expect(keyOf(peerIdFromString('QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'))).toBeUndefined()
  })
})
