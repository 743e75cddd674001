/**
 * What a browser really holds: the records in the page's IndexedDB, read around the app and decoded here by the
 * project's own codecs.
 */
import type { Page } from '@playwright/test'
import { createHash } from 'node:crypto'
import { decodeBlock } from '../../../src/core/codec/block.ts'
import { decodeData } from '../../../src/core/codec/data.ts'
import { bytesOf } from '../../../src/core/codec/hex.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../../../src/core/crypto/block-id.ts'
import type { Block } from '../../../src/core/model/block.ts'
import type { BlockId, Hash, NetworkId } from '../../../src/core/model/id.ts'
import { decodePack } from '../../../src/reading/senml.ts'
import type { Reading } from '../../../src/reading/reading.ts'
import { decodeHead } from '../../../src/store/ledger-record.ts'
import { decodeRecord as decodeStored } from '../../../src/store/record.ts'
import { decodeRecord, STREAM_TOPIC, type StreamRecord } from '../../../src/stream/record.ts'

export interface HeldBlock {
  readonly id: BlockId
  readonly block: Block
}

/**
 * Every data block of `network` in the page's origin storage, by id; proposals come and go by themselves. Each is
 * checked against its id, payload included, so that what is returned is what was issued.
 */
export async function heldBlocks(page: Page, network: NetworkId): Promise<ReadonlyMap<BlockId, HeldBlock>> {
  const held = await everyBlock(page, network)
  return new Map([...held].filter(([, { block }]) => block.kind === 'data'))
}

/** What a browser holds of a network, in a form that is equal where the graphs and their orders are. */
export interface HeldGraph {
  /** Blocks of every kind. */
  readonly blocks: number
  /** SHA-256 of all their ids in ascending order, hex. */
  readonly ids: string
  /** The newest commit on disk: its index, 0 before the first, and its digest. */
  readonly commit: { readonly index: number; readonly digest?: Hash }
}

/** Each block is checked against its id, payload included. */
export async function heldGraph(page: Page, network: NetworkId): Promise<HeldGraph> {
  const ids = [...(await everyBlock(page, network)).keys()].sort()
  const head = await page.evaluate(ledgerHead, `weft-${network.slice(0, 16)}-ledger`)
  return {
    blocks: ids.length,
    ids: createHash('sha256').update(ids.join()).digest('hex'),
    commit: head === undefined ? { index: 0 } : newestCommit(Uint8Array.from(Buffer.from(head, 'base64'))),
  }
}

function newestCommit(record: Uint8Array): HeldGraph['commit'] {
  const { index, digest } = decodeHead(record).head
  return { index, digest }
}

async function everyBlock(page: Page, network: NetworkId): Promise<ReadonlyMap<BlockId, HeldBlock>> {
  const key = bytesOf(network)
  const held = new Map<BlockId, HeldBlock>()
  for (const text of await page.evaluate(binaryValues)) {
    const stored = decodeStored(Buffer.from(text, 'base64'))
    if (stored.type !== 'blocks') continue
    for (const { id, bytes } of stored.blocks) {
      const block = decodeBlock(Uint8Array.from(bytes))
      if ('type' in block) throw new Error(`a stored block is malformed: ${block.reason}`)
      if (blockIdFrom(key, digestOf(key, block), block.nonce) !== id) continue
      if (payloadHashOf(key, block.payload) !== block.payloadHash)
        throw new Error(`block ${id} lost its payload`)
      held.set(id, { id, block })
    }
  }
  return held
}

/** The ids of the data blocks of `network` the page's browser holds, sorted. */
export async function heldIds(page: Page, network: NetworkId): Promise<readonly BlockId[]> {
  return [...(await heldBlocks(page, network)).keys()].sort()
}

/** The stream record a block carries. Throws where it carries none. */
export function streamRecord({ id, block }: HeldBlock): StreamRecord {
  const data = decodeData(block.payload)
  if ('reason' in data || data.topic !== STREAM_TOPIC) throw new Error(`block ${id} is of no stream`)
  const record = decodeRecord(data.body)
  if (record.type === 'malformed') throw new Error(`block ${id}: ${record.reason}`)
  return record
}

/** The readings anybody can read in a block: none where it is encrypted, or where no SenML decodes. */
export function openReadings(held: HeldBlock): readonly Reading[] {
  const record = streamRecord(held)
  const pack = decodePack(record.type === 'open' ? record.pack : record.ciphertext)
  return 'readings' in pack ? pack.readings : []
}

/** Runs in the page: every byte string in every object store of every database, as base64. */
async function binaryValues(): Promise<string[]> {
  const finished = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('a request failed'))
    })
  const bytesIn = (value: unknown): Uint8Array[] => {
    if (value instanceof Uint8Array) return [value]
    if (value instanceof ArrayBuffer) return [new Uint8Array(value)]
    if (typeof value !== 'object' || value === null || value instanceof CryptoKey) return []
    return Object.values(value).flatMap(bytesIn)
  }
  const base64 = (bytes: Uint8Array): string =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  const found: string[] = []
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue
    const database = await finished(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const values = await finished(database.transaction(store).objectStore(store).getAll())
      found.push(...values.flatMap(bytesIn).map(base64))
    }
    database.close()
  }
  return found
}

/** Runs in the page: the ledger's head, as base64; `undefined` where there is none yet. */
async function ledgerHead(name: string): Promise<string | undefined> {
  const finished = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('a request failed'))
    })
  const database = await finished(indexedDB.open(name))
  const head: unknown = await finished(database.transaction('head').objectStore('head').get(0))
  database.close()
  return head instanceof Uint8Array
    ? btoa(Array.from(head, (byte) => String.fromCharCode(byte)).join(''))
    : undefined
}
