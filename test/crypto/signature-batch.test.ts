import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { passesGuard } from '../../src/core/crypto/signature-guard.ts'
import { batchVerifier } from '../../src/crypto/batch-verifier.ts'
import { judgesTogether } from '../../src/crypto/self-test.ts'
import { loadBatchEngine, wasmBatchEngine, type BatchEngine } from '../../src/crypto/signature-batch.ts'
import type { SignatureClaim } from '../../src/crypto/verify-messages.ts'
import { crafted, honest, littleEndian, type Case } from '../contract/signatures.ts'
import { at } from '../core/make.ts'
import { CHANCE, nodeBatchEngine, readBatchModule } from './batch-engine.ts'

const L = ed25519.Point.Fn.ORDER
const unheard = (error: unknown) => expect.unreachable(String(error))
const module = await WebAssembly.compile(await readBatchModule())
const engine = wasmBatchEngine(module, CHANCE)

/** What passes the byte guard, the engine's equation decides. */
const cases = crafted().filter(({ signature, key }) => passesGuard(signature, key))
const good = cases.filter(({ valid }) => valid)
const bad = cases.filter(({ valid }) => !valid)

const claimOf = ({ signature, message, key }: Case): SignatureClaim => ({
  signature,
  message,
  key: publicKeyOf(key),
})
const judge = (asked: readonly Case[], by: BatchEngine = engine) => by(asked.map(claimOf))
const truth = (asked: readonly Case[]) => asked.map(({ valid }) => valid)

/** With another S, `step` further on. */
function stepped(one: Case, step: bigint): Case {
  const s = BigInt(`0x${Buffer.from(one.signature.slice(32).toReversed()).toString('hex')}`)
  const signature = Uint8Array.of(
    ...one.signature.subarray(0, 32),
    ...littleEndian((((s + step) % L) + L) % L),
  )
  return { ...one, valid: false, signature }
}

describe('the crafted signatures, many at once', () => {
  it('are judged as they were made, however they come together', () => {
    expect(good.length).toBeGreaterThan(60)
    expect(bad.length).toBeGreaterThan(60)
    expect(judge(cases)).toEqual(truth(cases))
    const mix = fc.array(fc.constantFrom(...good, ...good, ...bad), { minLength: 0, maxLength: 140 })
    fc.assert(
      fc.property(mix, (asked) => {
        expect(judge(asked)).toEqual(truth(asked))
      }),
      { seed: 15, numRuns: 40 },
    )
  })

  it('do not lend their keys to claims whose key has another length', () => {
    const one = claimOf(at(good, 0))
    const cut = { ...one, key: one.key.slice(0, -2) as PublicKey }
    const long = { ...one, key: `${one.key}00` as PublicKey }
    const none = { ...one, key: '' as PublicKey }
    expect(engine([one, cut, long, none, one])).toEqual([true, false, false, false, true])
  })

  it.each([1, 2, 3, 64, 127, 128, 129, 257])('hold where all %i of them do', (count) => {
    const asked = Array.from({ length: count }, (_, i) => at(good, i % good.length))
    expect(judge(asked)).toEqual(truth(asked))
  })

  it('are told from a false one wherever it stands', () => {
    const asked = good.slice(0, 21)
    for (const i of asked.keys()) {
      const spoilt = asked.with(i, at(bad, i % bad.length))
      expect(judge(spoilt)).toEqual(truth(spoilt))
    }
  })

  it('hold by one key, and by as many as there are signatures', () => {
    const oneKey = Array.from({ length: 50 }, () => honest(7))
    const manyKeys = Array.from({ length: 128 }, (_, i) => honest(i + 1))
    expect(judge(oneKey)).not.toContain(false)
    expect(judge(manyKeys)).not.toContain(false)
    const last = manyKeys.with(127, stepped(honest(128), 1n))
    expect(judge(last)).toEqual(truth(last))
  })

  it('do not hold with S at the order or above, which means the same scalar', () => {
    const above = good.slice(0, 3).map((one): Case => {
      const s = BigInt(`0x${Buffer.from(one.signature.slice(32).toReversed()).toString('hex')}`)
      const signature = Uint8Array.of(...one.signature.subarray(0, 32), ...littleEndian(s + L))
      return { ...one, valid: false, signature }
    })
    const asked = [at(good, 3), ...above, at(good, 4)]
    expect(judge(asked)).toEqual(truth(asked))
  })

  it('are left to others where the message is longer than 960 bytes', async () => {
    const secret = new Uint8Array(32).fill(3)
    const key = publicKeyOf(ed25519.getPublicKey(secret))
    const [most, more] = [960, 961].map((length): SignatureClaim => {
      const message = new Uint8Array(length).fill(5)
      return { key, message, signature: ed25519.sign(message, secret) }
    }) as [SignatureClaim, SignatureClaim]
    expect(engine([most, more, most])).toEqual([true, false, true])
    const asked: number[] = []
    const verifier = batchVerifier(Promise.resolve(engine), {
      verify: async (_signature, message) => asked.push(message.length) > 0,
    })
    const answers = [most, more].map(({ signature, message }) => verifier.verify(signature, message, key))
    expect(await Promise.all(answers)).toEqual([true, true])
    expect(asked).toEqual([961])
  })

  it('hold after more keys than are kept, and again', async () => {
    const many = await Promise.all(
      Array.from({ length: 1100 }, async (_, i) => {
        const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
        const message = Uint8Array.of(i >> 8, i)
        const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message))
        const key = publicKeyOf(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
        return { signature, message, key }
      }),
    )
    const mixed = many.map((claim, i) => (i % 100 === 50 ? { ...claim, key: at(many, i - 1).key } : claim))
    const expected = mixed.map((_, i) => i % 100 !== 50)
    expect(engine(mixed)).toEqual(expected)
    expect(engine(mixed.toReversed())).toEqual(expected.toReversed())
  })

  it('are not held up by keys that are no points', () => {
    const none = Array.from({ length: 40 }, (_, i): Case => ({
      ...honest(1),
      valid: false,
      key: littleEndian(BigInt(i) + 2n),
    }))
    const asked = none.flatMap((one, i) => [one, honest((i % 9) + 1)])
    expect(judge(asked)).toEqual(truth(asked))
  })
})

describe('the factors', () => {
  /** Random bytes as they are not: for the first signature `first`, for the second `second`, and so on. */
  const factors = (...numbers: readonly number[]) => ({
    bytes: (length: number) => {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length / 16; i++) bytes[16 * i] = numbers[i % numbers.length] ?? 0
      return bytes
    },
  })
  const cancelling = [stepped(honest(1), 5n), stepped(honest(2), -3n)]

  it('must be unknown to whoever makes the signatures: knowing them, errors can be made to cancel', () => {
    expect(judge(cancelling, wasmBatchEngine(module, factors(3, 5)))).toEqual([true, true])
    expect(judge(cancelling, wasmBatchEngine(module, factors(3, 7)))).toEqual([false, false])
    for (let i = 0; i < 20; i++) expect(judge(cancelling)).toEqual([false, false])
  })

  it('are 16 bytes for each signature of a batch, all of which count', () => {
    const asked: number[] = []
    const counting = wasmBatchEngine(module, {
      bytes: (length) => {
        asked.push(length)
        return CHANCE.bytes(length)
      },
    })
    judge(good.slice(0, 50), counting)
    expect(asked).toEqual([800])
    // errors in the ratio of factors that differ in one byte of the first alone
    for (let byte = 0; byte < 16; byte++) {
      const [z1, z2] = [1n + (2n << BigInt(8 * byte)), 1n]
      const pair = [stepped(honest(1), z2), stepped(honest(2), -z1)]
      const bytes = new Uint8Array(32)
      bytes.set(littleEndian(z1).subarray(0, 16))
      bytes.set(littleEndian(z2).subarray(0, 16), 16)
      expect(judge(pair, wasmBatchEngine(module, { bytes: () => bytes }))).toEqual([true, true])
      bytes[byte] = (bytes[byte] ?? 0) ^ 4
      expect(judge(pair, wasmBatchEngine(module, { bytes: () => bytes }))).toEqual([false, false])
    }
  })

  it('may be as large as they get', () => {
    const ones = wasmBatchEngine(module, { bytes: (length) => new Uint8Array(length).fill(255) })
    expect(judge([at(bad, 0)], ones)).toEqual([false])
    expect(judge(good.slice(0, 40), ones)).not.toContain(false)
  })

  it('are never zero, whatever their source says', () => {
    const zeros = wasmBatchEngine(module, factors(0))
    expect(judge([at(bad, 0)], zeros)).toEqual([false])
    expect(judge([at(good, 0)], zeros)).toEqual([true])
  })

  it.each([
    ['zeros', factors(0)],
    ['the same for each', factors(77)],
  ])('that are %s are found out by the self test', async (_, random) => {
    const heard: unknown[] = []
    expect(await loadBatchEngine(readBatchModule, random, (error) => heard.push(error))).toBeUndefined()
    expect(String(heard)).toContain('arithmetic')
  })
})

describe('the self test of batches', () => {
  it('trusts the engine that is here', async () => {
    expect(judgesTogether(engine)).toBe(true)
    expect(await loadBatchEngine(readBatchModule, CHANCE, unheard)).toBeDefined()
    expect(await nodeBatchEngine()).toBeDefined()
  })

  it.each<[string, BatchEngine]>([
    ['takes everything', (claims) => claims.map(() => true)],
    ['takes nothing', (claims) => claims.map(() => false)],
    ['takes none where one is false', (claims) => claims.map(() => engine(claims).every((holds) => holds))],
    ['takes all where one holds', (claims) => claims.map(() => engine(claims).includes(true))],
    ['takes two of any kind', (claims) => (claims.length === 2 ? [true, true] : engine(claims))],
    ['answers in another order', (claims) => engine(claims).toReversed()],
  ])('does not trust one that %s', (_, other) => {
    expect(judgesTogether(other)).toBe(false)
  })

  it('does not trust an arithmetic that is another', async () => {
    const wasm = Buffer.from(await readBatchModule())
    const [madd, nmadd] = [Buffer.of(0xfd, 0x87, 0x02), Buffer.of(0xfd, 0x88, 0x02)]
    let changed = 0
    for (let i = wasm.indexOf(madd); i >= 0; i = wasm.indexOf(madd, i + 1), changed++) nmadd.copy(wasm, i)
    expect(changed).toBeGreaterThan(50)
    const heard: unknown[] = []
    expect(
      await loadBatchEngine(
        async () => Uint8Array.from(wasm),
        CHANCE,
        (e) => heard.push(e),
      ),
    ).toBeUndefined()
    expect(heard).toHaveLength(1)
  })

  it('leaves an engine that has not what it takes, and says so', async () => {
    const heard: unknown[] = []
    const noModule = async () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99)
    expect(await loadBatchEngine(noModule, CHANCE, (error) => heard.push(error))).toBeUndefined()
    expect(
      await loadBatchEngine(
        () => Promise.reject(new Error('offline')),
        CHANCE,
        (error) => heard.push(error),
      ),
    ).toBeUndefined()
    expect(heard).toHaveLength(2)
  })
})

describe('batchVerifier', () => {
  it('checks together what is asked in one turn, and asks others of what is left alone', async () => {
    const sizes: number[] = []
    const asked: Uint8Array[] = []
    const counting: BatchEngine = (claims) => {
      sizes.push(claims.length)
      return engine(claims)
    }
    const verifier = batchVerifier(Promise.resolve(counting), {
      verify: async (_signature, message) => {
        asked.push(message)
        return false
      },
    })
    const ask = (these: readonly Case[]) =>
      Promise.all(
        these.map(({ signature, message, key }) => verifier.verify(signature, message, publicKeyOf(key))),
      )
    const mixed = [at(good, 0), at(bad, 0), at(good, 1)]
    expect(await ask(mixed)).toEqual([true, false, true])
    expect(await ask([at(good, 2)])).toEqual([true])
    expect(sizes).toEqual([3, 1])
    expect(asked).toEqual([at(bad, 0).message])
  })
})
