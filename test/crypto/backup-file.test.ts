import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backupSeal } from '../../src/crypto/backup-file.ts'
import { isBearable } from '../../src/crypto/passphrase-key.ts'
import { seededRandom } from '../node/make-peer.ts'

/** A guess in these tests takes no time. */
const seal = backupSeal(seededRandom(2), { log2N: 4, r: 8, p: 1 })
const CONTENT = new TextEncoder().encode('{"entropy":"00112233"}')

/** Where magic, version, and the three numbers of the cost end. */
const MAGIC_BYTES = 11
const HEAD_BYTES = MAGIC_BYTES + 4 + 16 + 24

describe('A backup file', () => {
  it('opens under its passphrase, and under no other', async () => {
    const file = await seal.seal(CONTENT, 'correct horse')
    expect(await seal.open(file, 'correct horse')).toEqual(CONTENT)
    expect(await seal.open(file, 'correct hors')).toBe('does-not-open')
  })

  it('is another each time, and shows nothing of what is in it', async () => {
    const [a, b] = [await seal.seal(CONTENT, 'x'), await seal.seal(CONTENT, 'x')]
    expect(a).not.toEqual(b)
    expect(new TextDecoder('latin1').decode(a)).not.toContain('entropy')
  })

  it('says how far it is', async () => {
    const done: number[] = []
    await backupSeal(seededRandom(3), { log2N: 10, r: 8, p: 1 }).seal(CONTENT, 'x', (part) => done.push(part))
    expect(done.at(-1)).toBe(1)
  })

  it('with one bit changed, anywhere, never opens', async () => {
    const file = await seal.seal(CONTENT, 'correct horse')
    const flip = fc.record({ at: fc.nat(file.length - 1), bit: fc.nat(7) })
    const check = async ({ at, bit }: { at: number; bit: number }) => {
      // costs have tests of their own: some that are bearable take a second
      fc.pre(at < MAGIC_BYTES + 1 || at > MAGIC_BYTES + 3)
      const changed = file.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte))
      expect(typeof (await seal.open(changed, 'correct horse'))).toBe('string')
    }
    await fc.assert(fc.asyncProperty(flip, check), { seed: 8, numRuns: 200 })
  })

  it('with another cost in its head does not open: the head is sealed too', async () => {
    const file = await seal.seal(CONTENT, 'correct horse')
    for (const [at, value] of [
      [MAGIC_BYTES + 1, 5],
      [MAGIC_BYTES + 2, 4],
      [MAGIC_BYTES + 3, 2],
    ] as const) {
      const changed = file.map((byte, i) => (i === at ? value : byte))
      expect(await seal.open(changed, 'correct horse')).toBe('does-not-open')
    }
  })

  it('that is cut short never opens', async () => {
    const file = await seal.seal(CONTENT, 'correct horse')
    for (let length = 0; length < file.length; length++) {
      const expected =
        length <= MAGIC_BYTES - 1
          ? 'not-a-backup'
          : length === MAGIC_BYTES
            ? 'other-version'
            : 'does-not-open'
      expect(await seal.open(file.subarray(0, length), 'correct horse')).toBe(expected)
    }
    expect(file.length).toBe(HEAD_BYTES + CONTENT.length + 16)
  })

  it('that is no such file, or of another version, is told apart', async () => {
    const file = await seal.seal(CONTENT, 'x')
    expect(
      await seal.open(new TextEncoder().encode('{"hello":"world, this is no backup at all"}'), 'x'),
    ).toBe('not-a-backup')
    expect(
      await seal.open(
        file.map((byte, i) => (i === MAGIC_BYTES ? 2 : byte)),
        'x',
      ),
    ).toBe('other-version')
  })

  it.each([
    ['N = 2^30', [30, 8, 1]],
    ['N = 2^255', [255, 8, 1]],
    ['huge blocks', [17, 255, 1]],
    ['many passes', [17, 8, 255]],
    ['no work', [0, 8, 1]],
    ['no blocks', [17, 0, 1]],
  ])('that asks for %s is refused before any work is done', async (_, cost) => {
    const file = await seal.seal(CONTENT, 'x')
    file.set(cost, MAGIC_BYTES + 1)
    const done: number[] = []
    expect(await seal.open(file, 'x', (part) => done.push(part))).toBe('too-costly')
    expect(done).toEqual([])
  })
})

describe('What is asked of scrypt', () => {
  it('is borne up to 256 MiB and four passes', () => {
    expect(isBearable({ log2N: 17, r: 8, p: 1 })).toBe(true)
    expect(isBearable({ log2N: 18, r: 8, p: 4 })).toBe(true)
    expect(isBearable({ log2N: 19, r: 8, p: 1 })).toBe(false)
    expect(isBearable({ log2N: 18, r: 8, p: 5 })).toBe(false)
    expect(isBearable({ log2N: 17.5, r: 8, p: 1 })).toBe(false)
    expect(isBearable({ log2N: NaN, r: 8, p: 1 })).toBe(false)
  })
})
