/** What contract cases are made of. They run under vitest and in a browser page alike, so they import neither. */
import type { BlockId } from '../../src/core/model/id.ts'
import { StoreError, type BlockStore, type StoreErrorKind, type StoredBlock } from '../../src/ports.ts'

/** One story told of a store. `run` throws where it does not hold; `open` opens the store of that name. */
export interface ContractCase<Store> {
  readonly name: string
  readonly run: (open: (name: string) => Promise<Store>) => Promise<void>
}

/** Throws unless `condition` holds. */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** Throws unless the two have the same JSON, with byte strings written as lists. */
export function checkSame(actual: unknown, expected: unknown, what: string): void {
  const [shown, wanted] = [actual, expected].map((value) => JSON.stringify(value, asList) ?? 'undefined')
  check(shown === wanted, `${what}: expected ${wanted?.slice(0, 200)}, got ${shown?.slice(0, 200)}`)
}

/** Throws unless the promise rejects with a `StoreError` of this kind. */
export async function checkRejects(promise: Promise<unknown>, kind: StoreErrorKind): Promise<void> {
  const outcome = await promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof StoreError ? error.kind : String(error)),
  )
  check(outcome === kind, `expected a StoreError ${kind}, got ${outcome}`)
}

/** Numbers from 0 up to, not including, 2^32, the same for the same seed (the "mulberry32" generator). */
export function seededWords(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return (word ^ (word >>> 14)) >>> 0
  }
}

/**
 * A stand-in for a block: bytes in the shape of protocol §4 under an id that is as random as a hash, though
 * not the hash of these bytes. `payloadBytes` makes it 184 bytes longer than that.
 */
export function standInBlock(words: () => number, payloadBytes: number): StoredBlock {
  const bytes = new Uint8Array(184 + payloadBytes)
  const view = new DataView(bytes.buffer)
  for (let offset = 0; offset + 4 <= bytes.length; offset += 4) view.setUint32(offset, words())
  bytes.set([1, 1, 1, 0])
  view.setUint32(4, payloadBytes, true)
  return { id: standInId(words), bytes }
}

export function standInId(words: () => number): BlockId {
  let id = ''
  while (id.length < 64) id += words().toString(16).padStart(8, '0')
  return id as BlockId
}

/** `count` stand-in blocks of the size of a pack of readings, about 250 bytes. */
export function standInBlocks(seed: number, count: number): readonly StoredBlock[] {
  const words = seededWords(seed)
  return Array.from({ length: count }, () => standInBlock(words, 40 + (words() % 50)))
}

/** Appends in batches, one after the other. */
export async function appendAll(
  store: BlockStore,
  blocks: readonly StoredBlock[],
  batch = 256,
): Promise<void> {
  for (let first = 0; first < blocks.length; first += batch) {
    await store.append(blocks.slice(first, first + batch), 'relaxed')
  }
}

/** Everything `newest` hands over, put back into the order appended. */
export async function newestInOrder(store: BlockStore, count: number): Promise<readonly StoredBlock[]> {
  const batches: (readonly StoredBlock[])[] = []
  for await (const batch of store.newest(count)) batches.unshift(batch)
  return batches.flat()
}

/** What is left of a stand-in block when it is erased: it has one parent, so 184 bytes. */
export function erasedStandIn({ id, bytes }: StoredBlock): StoredBlock {
  return { id, bytes: bytes.slice(0, 184), erased: true }
}

/** Everything `since` hands over from a place on, and the places where its answers ended. */
export async function allSince(
  store: BlockStore,
  place: number,
  count: number,
): Promise<{ readonly blocks: readonly StoredBlock[]; readonly places: readonly number[] }> {
  const blocks: StoredBlock[] = []
  const places: number[] = []
  for (let next = place; ;) {
    const answer = await store.since(next, count)
    if (answer.blocks.length === 0) return { blocks, places }
    check(answer.next > next, `since(${next}) ended at ${answer.next}`)
    blocks.push(...answer.blocks)
    places.push(answer.next)
    next = answer.next
  }
}

/** Throws unless the store holds exactly these blocks, in this order, and finds each by its id. */
export async function checkHolds(store: BlockStore, blocks: readonly StoredBlock[]): Promise<void> {
  const { blocks: count, bytes } = store.stats()
  checkSame(count, blocks.length, 'blocks held')
  const bytesExpected = blocks.reduce((sum, block) => sum + block.bytes.length, 0)
  checkSame(bytes, bytesExpected, 'bytes held')
  const streamed = await newestInOrder(store, blocks.length + 1)
  checkSameBlocks(streamed, blocks, 'blocks streamed')
  const ids = blocks.map(({ id }) => id)
  const found = await store.find(ids)
  checkSameBlocks(
    found.flatMap((block) => block ?? []),
    blocks,
    'blocks found',
  )
  const read = await store.read(ids)
  checkSameBlocks(
    ids.flatMap((id, index) => (read[index] === undefined ? [] : [{ id, bytes: read[index] }])),
    blocks.filter(({ erased }) => !erased),
    'blocks read',
  )
}

export function checkSameBlocks(
  actual: readonly StoredBlock[],
  expected: readonly StoredBlock[],
  what: string,
): void {
  checkSame(actual.length, expected.length, `${what}, how many`)
  expected.forEach((block, index) => {
    check(actual[index]?.id === block.id, `${what}: another block at ${index}`)
    check(sameBytes(actual[index].bytes, block.bytes), `${what}: other bytes at ${index}`)
    check(actual[index].erased === block.erased, `${what}: erased or not at ${index}`)
  })
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

function asList(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value
}
