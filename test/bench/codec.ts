/** Encoding and decoding of blocks against JSON of the same content, interleaved. Runs in Node. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { decodeBlock, encodeBlock } from '../../src/core/codec/block.ts'
import { encodeData } from '../../src/core/codec/data.ts'
import type { Block } from '../../src/core/model/block.ts'
import { makeBlock, scatteredIdOf } from '../core/make.ts'
import { ratios } from './figure.ts'
import type { Found } from './runner.ts'

const ROUNDS = 9

/** Blocks each contender takes in a round: some tens of milliseconds. */
const BLOCKS = 5000

/** With header, two parents and signature, 400 bytes a block. */
const BODY_BYTES = 177

/** Blocks a second of each way in and out, and how many times as fast as JSON each is. */
export async function benchCodec(): Promise<Found> {
  const blocks = Array.from({ length: BLOCKS }, (_, i) => blockAt(i))
  const encoded = blocks.map(encodeBlock)
  const texts = blocks.map(toJson)
  const contenders = {
    encode: () => blocks.forEach(encodeBlock),
    'JSON.stringify': () => blocks.forEach(toJson),
    decode: () => encoded.forEach(decodeBlock),
    'JSON.parse': () => texts.forEach(fromJson),
  }
  const rates: Record<keyof typeof contenders, number[]> = {
    encode: [],
    'JSON.stringify': [],
    decode: [],
    'JSON.parse': [],
  }
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, run] of Object.entries(contenders)) {
      const start = performance.now()
      run()
      const rate = (BLOCKS / (performance.now() - start)) * 1000
      if (round > 0) rates[name as keyof typeof contenders].push(rate) // the first is compiled meanwhile
    }
  const bytes = (sizes: readonly { readonly length: number }[]) =>
    sizes.reduce((sum, { length }) => sum + length, 0)
  const speed = (name: keyof typeof contenders) =>
    ({ name, unit: 'blocks/s', better: 'more', rounds: rates[name] }) as const
  const times = (name: string, rounds: readonly number[]) =>
    ({ name, unit: 'times', better: 'more', rounds }) as const
  return {
    figures: [
      speed('encode'),
      speed('decode'),
      times('encode, to JSON.stringify', ratios(rates.encode, rates['JSON.stringify'])),
      times('decode, to JSON.parse', ratios(rates.decode, rates['JSON.parse'])),
      {
        name: 'bytes, to those of JSON',
        unit: 'share',
        better: 'less',
        isExact: true,
        rounds: [bytes(encoded) / bytes(texts)],
      },
    ],
  }
}

/** A block of two parents whose every byte but the payload's is like chance. */
function blockAt(index: number): Block {
  const { block } = makeBlock({
    parents: [scatteredIdOf(2 * index), scatteredIdOf(2 * index + 1)],
    issuedAtMs: 1_700_000_000_000 + index,
    payload: encodeData({ topic: 'bench', body: new Uint8Array(BODY_BYTES) }),
    nonce: index,
  })
  // as it comes off the wire: of its own buffer
  return { ...block, payload: block.payload.slice(), signature: block.signature.slice() }
}

function toJson(block: Block): string {
  return JSON.stringify({
    ...block,
    signature: bytesToHex(block.signature),
    payload: bytesToHex(block.payload),
  })
}

function fromJson(text: string): Block {
  const json = JSON.parse(text) as Omit<Block, 'signature' | 'payload'> &
    Record<'signature' | 'payload', string>
  return { ...json, signature: hexToBytes(json.signature), payload: hexToBytes(json.payload) }
}
