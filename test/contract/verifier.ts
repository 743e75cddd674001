import { afterEach, describe, expect, it } from 'vitest'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import { passesGuard } from '../../src/core/crypto/signature-guard.ts'
import type { Verifier } from '../../src/ports.ts'
import { crafted, honest, littleEndian, type Case } from './signatures.ts'

/** A verifier under test, and what ends it where it has workers. */
export interface OpenVerifier {
  readonly verifier: Verifier
  readonly close?: () => void
}

/** What every `Verifier` does. `open` makes a fresh one. */
export function verifierContract(name: string, open: () => OpenVerifier): void {
  describe(`verifier contract: ${name}`, () => {
    const opened: OpenVerifier[] = []

    const start = () => {
      const fresh = open()
      opened.push(fresh)
      return fresh.verifier
    }

    afterEach(() => {
      for (const { close } of opened.splice(0)) close?.()
    })

    it('takes the honest and the torsioned and nothing else, behind the byte guard', async () => {
      const verifier = start()
      const cases = crafted()
      const accepted = await Promise.all(cases.map((one) => accepts(verifier, one)))
      for (const [i, { name: caseName, valid }] of cases.entries()) expect(accepted[i], caseName).toBe(valid)
    })

    it('gives each of many its own answer, in whatever order they were asked', async () => {
      const verifier = start()
      const cases = crafted().filter(({ signature, key }, i) => i % 7 === 0 && passesGuard(signature, key))
      const asked = [...cases, ...cases.toReversed()]
      const answers = await Promise.all(
        asked.map(({ signature, message, key }) => verifier.verify(signature, message, publicKeyOf(key))),
      )
      expect(answers).toEqual(asked.map(({ valid }) => valid))
    })

    it('takes views of larger buffers and leaves them as they are', async () => {
      const verifier = start()
      const { signature, message, key } = honest(9)
      const whole = Uint8Array.of(1, ...signature, ...message, 2)
      const before = whole.slice()
      const views = [whole.subarray(1, 65), whole.subarray(65, 65 + message.length)] as const
      expect(await verifier.verify(...views, publicKeyOf(key))).toBe(true)
      expect(whole).toEqual(before)
    })

    it('takes messages of any length', async () => {
      const verifier = start()
      for (const seed of [1, 33, 100, 255]) {
        const { signature, message, key } = honest(seed)
        expect(message).toHaveLength(seed)
        expect(await verifier.verify(signature, message, publicKeyOf(key))).toBe(true)
        expect(await verifier.verify(signature, message.subarray(1), publicKeyOf(key))).toBe(false)
      }
    })

    it('says no, and does not reject, where the key is no point or the signature has another length', async () => {
      const verifier = start()
      const { signature, message, key } = honest(3)
      const ask = (bytes: Uint8Array, by: Uint8Array) => verifier.verify(bytes, message, publicKeyOf(by))
      expect(await ask(signature, littleEndian(2n))).toBe(false)
      expect(await ask(signature.subarray(1), key)).toBe(false)
      expect(await ask(Uint8Array.of(...signature, 0), key)).toBe(false)
      expect(await ask(new Uint8Array(), key)).toBe(false)
      expect(await ask(signature, key)).toBe(true)
    })
  })
}

async function accepts(verifier: Verifier, { signature, message, key }: Case): Promise<boolean> {
  return passesGuard(signature, key) && (await verifier.verify(signature, message, publicKeyOf(key)))
}
