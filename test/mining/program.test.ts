import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIGEST, HIGH, KEY, lastWordOfId, LOW } from '../../src/mining/kernel/compression.ts'
import { constant, input, ProgramWriter, type Program, type Value } from '../../src/mining/kernel/program.ts'
import { lastWord } from './kernels.ts'

describe('lastWordOfId', () => {
  const program = lastWordOfId()

  it('calculates the last word of an id as noble does', () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const property = (key: Uint8Array, digest: Uint8Array, nonce: number) => {
      const inputs = new Map([
        ...KEY.map((name, i) => [name, wordAt(key, i)] as const),
        ...DIGEST.map((name, i) => [name, wordAt(digest, i)] as const),
        [HIGH, Math.floor(nonce / 2 ** 32)],
        [LOW, nonce % 2 ** 32],
      ])
      expect(run(program, inputs)).toBe(lastWord({ key, digest }, nonce))
    }
    fc.assert(fc.property(bytes32, bytes32, fc.maxSafeNat(), property), { seed: 3, numRuns: 300 })
  })

  it('leaves to the loop only what differs from one nonce to the next', () => {
    expect(program.before.every(({ varies }) => !varies)).toBe(true)
    expect(program.loop.every(({ varies }) => varies)).toBe(true)
    // 7 rounds of 8 mixes of 14 operations are 784
    expect(program.loop.length).toBeLessThan(620)
  })

  it('does nothing twice and nothing in vain', () => {
    const steps = [...program.before, ...program.loop]
    const used = new Set<Value>(steps.flatMap((step) => operandsOf(step)))
    expect(steps.filter((step) => !used.has(step))).toEqual([program.result])
    const texts = steps.map((step) => [step.operation, ...operandsOf(step).map(nameOf), bitsOf(step)].join())
    expect(new Set(texts).size).toBe(texts.length)
  })
})

describe('ProgramWriter', () => {
  it('calculates what is known at once', () => {
    const writer = new ProgramWriter()
    expect(writer.add(constant(0xffff_ffff), constant(2))).toEqual(constant(1))
    expect(writer.xor(constant(0xffff_ffff), constant(1))).toEqual(constant(0xffff_fffe))
    expect(writer.rotate(constant(0x8000_0001), 1)).toEqual(constant(0xc000_0000))
    const x = input('x')
    expect([writer.add(x, constant(0)), writer.xor(constant(0), x)]).toEqual([x, x])
  })

  it('adds first what does not vary, in whichever order it comes', () => {
    const writer = new ProgramWriter()
    const sum = writer.sum([input('low', true), input('a'), input('b')])
    const { before, loop } = writer.finish(sum)
    expect([before.length, loop.length]).toEqual([1, 1])
  })

  it('drops what leads nowhere', () => {
    const writer = new ProgramWriter()
    const kept = writer.add(input('a'), input('b'))
    writer.xor(kept, input('c'))
    expect(writer.finish(kept)).toEqual({ before: [kept], loop: [], result: kept })
  })
})

/** What a program calculates, step by step. */
function run({ before, loop, result }: Program, inputs: ReadonlyMap<string, number>): number {
  const words = new Map(inputs)
  const of = (value: Value) => (value.kind === 'constant' ? value.word : (words.get(value.name) ?? NaN))
  for (const step of [...before, ...loop]) {
    const left = of(step.left)
    if (step.operation === 'rotate')
      words.set(step.name, ((left >>> step.bits) | (left << (32 - step.bits))) >>> 0)
    else if (step.operation === 'add') words.set(step.name, (left + of(step.right)) >>> 0)
    else words.set(step.name, (left ^ of(step.right)) >>> 0)
  }
  return of(result)
}

function operandsOf(value: Value): readonly Value[] {
  if (value.kind !== 'step') return []
  return value.operation === 'rotate' ? [value.left] : [value.left, value.right]
}

function nameOf(value: Value): string {
  return value.kind === 'constant' ? String(value.word) : value.name
}

function bitsOf(value: Value): number {
  return value.kind === 'step' && value.operation === 'rotate' ? value.bits : 0
}

function wordAt(bytes: Uint8Array, index: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * index, true)
}
