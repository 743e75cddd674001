/** What checking a block in isolation costs, by each engine there is. Runs in Node and, by `verify-page.ts`, in a page. */
import { checkPayloadHash, identify, signedMessage } from '../../src/core/check/isolation.ts'
import { encodeData } from '../../src/core/codec/data.ts'
import { bytesOf, publicKeyOf } from '../../src/core/codec/hex.ts'
import { nobleHasher, type BlockHasher } from '../../src/core/crypto/block-hasher.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { batchVerifier } from '../../src/crypto/batch-verifier.ts'
import { loadBlockHasher } from '../../src/crypto/block-hash.ts'
import { loadBatchEngine } from '../../src/crypto/signature-batch.ts'
import type { Port } from '../../src/crypto/verify-messages.ts'
import { VerifierPool } from '../../src/crypto/verify-pool.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { Intake } from '../../src/node/intake.ts'
import type { Verifier } from '../../src/ports.ts'
import { at, CREATED_AT_MS, makeBlock, NETWORK, NETWORK_KEY, scatteredIdOf } from '../core/make.ts'
import { ratios, type Figure } from './figure.ts'
import type { Found } from './runner.ts'

const ROUNDS = 7

/** Blocks a batch, as a node takes them at a stretch, and batches a round: some hundred milliseconds. */
const BATCH = 256
const BATCHES = 8

/** Noble verifies a few thousand a second: a part of a batch says as much. */
const NOBLE_BLOCKS = 64

/** With header, two parents and signature, 400 bytes a block. */
const BODY_BYTES = 177

/** Issuers whose blocks come mixed. */
const ISSUERS = 16

interface Contender {
  readonly name: string
  readonly blocks: number
  readonly run: () => Promise<void> | void
}

/** What differs between Node and a page. */
interface Place {
  readonly readHash: () => Promise<Uint8Array<ArrayBuffer>>
  readonly readBatch: () => Promise<Uint8Array<ArrayBuffer>>
  readonly startWorker: () => Port
}

/** Blocks a second: hashed, verified, and taken through the whole check in isolation; and each to the plainest way. */
export async function benchVerify({ readHash, readBatch, startWorker }: Place): Promise<Found> {
  const blocks = await signedBlocks(BATCH * BATCHES)
  const hasher = await loadBlockHasher(readHash, mustLoad)
  const here = webCryptoVerifier(crypto.subtle)
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
  const batches = batchVerifier(loadBatchEngine(readBatch, random, mustLoad), here)
  const pools = [1, 2].map((workers) => new VerifierPool(startWorker, workers, here))
  const [one, two] = [at(pools, 0), at(pools, 1)]
  try {
    const rates = await contest([
      hashing('noble', nobleHasher, blocks.slice(0, BATCH)),
      hashing('WebAssembly', hasher, blocks),
      await rawWebCrypto(blocks),
      verifying('noble', webCryptoVerifier(undefined), blocks.slice(0, NOBLE_BLOCKS)),
      verifying('this thread', here, blocks),
      verifying('this thread, in batches', batches, blocks),
      verifying('one worker', one, blocks),
      verifying('two workers', two, blocks),
      taking('noble and this thread', here, nobleHasher, blocks),
      taking('WebAssembly and this thread', here, hasher, blocks),
      taking('WebAssembly and one worker', one, hasher, blocks),
      taking('WebAssembly and two workers', two, hasher, blocks),
    ])
    const raw = 'verify: WebCrypto and nothing else'
    return {
      figures: [
        ...[...rates].map(([name, rounds]): Figure => ({ name, unit: 'blocks/s', better: 'more', rounds })),
        times(rates, 'identify: WebAssembly', 'identify: noble'),
        times(rates, 'verify: this thread, in batches', 'verify: noble'),
        times(rates, 'verify: this thread, in batches', raw),
        times(rates, 'verify: one worker', 'verify: noble'),
        times(rates, 'verify: one worker', raw),
        times(rates, 'verify: two workers', raw),
        times(rates, 'take: WebAssembly and one worker', 'verify: one worker'),
        times(rates, 'take: WebAssembly and one worker', 'take: noble and this thread'),
        times(rates, 'take: WebAssembly and two workers', 'take: noble and this thread'),
      ],
    }
  } finally {
    for (const pool of pools) pool.close()
  }
}

function mustLoad(error: unknown): never {
  throw error
}

/** Blocks a second of each contender, one value for each of the interleaved rounds; a first round is not counted. */
async function contest(contenders: readonly Contender[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const rates = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round <= ROUNDS; round++)
    for (const { name, blocks, run } of contenders) {
      const start = performance.now()
      await run()
      const rate = (blocks / (performance.now() - start)) * 1000
      if (round > 0) rates.get(name)?.push(rate)
    }
  return rates
}

function times(rates: ReadonlyMap<string, readonly number[]>, name: string, than: string): Figure {
  const rounds = ratios(rates.get(name) ?? [], rates.get(than) ?? [])
  return { name: `${name}, to ${than}`, unit: 'times', better: 'more', rounds }
}

function hashing(name: string, hasher: BlockHasher, blocks: readonly CheckedBlock[]): Contender {
  const run = () => {
    for (const { bytes, id } of blocks) {
      const found = identify(bytes, NETWORK_KEY, hasher)
      if ('type' in found || found.id !== id || checkPayloadHash(found, NETWORK_KEY, hasher))
        throw new Error('a wrong hash')
    }
  }
  return { name: `identify: ${name}`, blocks: blocks.length, run }
}

function verifying(name: string, verifier: Verifier, blocks: readonly CheckedBlock[]): Contender {
  const run = () =>
    inBatches(blocks, async (batch) => {
      const holds = await Promise.all(
        batch.map(({ id, block }) => verifier.verify(block.signature, signedMessage(id), block.issuer)),
      )
      if (holds.includes(false)) throw new Error('a true signature was refused')
    })
  return { name: `verify: ${name}`, blocks: blocks.length, run }
}

/** Keys imported, bytes laid out, and nothing but the calls in the time that counts. */
async function rawWebCrypto(blocks: readonly CheckedBlock[]): Promise<Contender> {
  const keys = new Map<string, CryptoKey>()
  const calls: (readonly [CryptoKey, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>])[] = []
  for (const { id, block } of blocks) {
    const { issuer, signature } = block
    const key =
      keys.get(issuer) ??
      (await crypto.subtle.importKey('raw', Uint8Array.from(bytesOf(issuer)), 'Ed25519', false, ['verify']))
    keys.set(issuer, key)
    calls.push([key, Uint8Array.from(signature), Uint8Array.from(signedMessage(id))])
  }
  const run = () =>
    inBatches(calls, async (batch) => {
      await Promise.all(batch.map((call) => crypto.subtle.verify('Ed25519', ...call)))
    })
  return { name: 'verify: WebCrypto and nothing else', blocks: blocks.length, run }
}

function taking(
  name: string,
  verifier: Verifier,
  hasher: BlockHasher,
  blocks: readonly CheckedBlock[],
): Contender {
  const run = async () => {
    const intake = new Intake(NETWORK, verifier, hasher)
    const none = new Set<BlockId>()
    await inBatches(blocks, async (batch) => {
      const taken = await intake.takeAll(
        batch.map(({ bytes }) => bytes),
        async () => none,
        'peer',
      )
      if (taken.some(({ type }) => type !== 'checked')) throw new Error('a good block was refused')
    })
  }
  return { name: `take: ${name}`, blocks: blocks.length, run }
}

async function inBatches<T>(all: readonly T[], run: (batch: readonly T[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < all.length; start += BATCH) await run(all.slice(start, start + BATCH))
}

/** Truly signed blocks that cost no work, of two parents each. */
async function signedBlocks(count: number): Promise<readonly CheckedBlock[]> {
  const pairs = await Promise.all(
    Array.from({ length: ISSUERS }, () => crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])),
  )
  const issuers = await Promise.all(
    pairs.map(async ({ publicKey }) =>
      publicKeyOf(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))),
    ),
  )
  const payload = encodeData({ topic: 'bench', body: new Uint8Array(BODY_BYTES) })
  const blocks: CheckedBlock[] = []
  for (let i = 0; i < count; i++) {
    const parts = {
      issuer: at(issuers, i % ISSUERS),
      issuedAtMs: CREATED_AT_MS + 1 + i,
      payload,
      parents: [scatteredIdOf(2 * i), scatteredIdOf(2 * i + 1)],
    }
    const message = Uint8Array.from(signedMessage(makeBlock(parts).id))
    const signature = await crypto.subtle.sign('Ed25519', at(pairs, i % ISSUERS).privateKey, message)
    blocks.push(makeBlock({ ...parts, signature: new Uint8Array(signature) }))
  }
  return blocks
}
