/** Records as a follower of the block store hands them to an index, and the crashes in between. */
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import type { PageStore } from '../../src/ports.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { HistoryIndex, type IndexedRecord, type RecordRow } from '../../src/stream/history-index.ts'

/** Midnight, where buckets of every level begin. */
export const START_MS = Date.UTC(2026, 0, 1)

export const HOUR_MS = 3_600_000

/** 64 hex digits that begin with the number's. */
export function digits(number: number): string {
  return number.toString(16).padStart(16, '0').padEnd(64, '0')
}

export const OWN = digits(0xa) as PublicKey
export const STRANGER = digits(0xb) as PublicKey
export const STREAM = { issuer: OWN, streamId: digits(0xc) as Hash }
export const KEY = `${OWN}:${STREAM.streamId}`

/** @param block tells blocks apart; `payload` what is in them, and is the block's own unless it is issued again */
export function record(
  place: {
    readonly epoch?: number
    readonly index: number
    readonly block: number
    readonly payload?: number
  },
  readings: readonly Reading[] | undefined,
  issuedAtMs = START_MS,
): IndexedRecord {
  const { epoch = 0, index, block, payload = block } = place
  return {
    id: digits(block) as BlockId,
    epoch,
    index,
    issuedAtMs,
    payloadHash: digits(payload) as Hash,
    encrypted: readings === undefined,
    ...(readings && { readings }),
  }
}

export function temperature(atMs: number, value: number): Reading {
  return { quantity: 'temperature', unit: 'Cel', value, atMs }
}

/** A record each five seconds of a sensor that speaks each second; `isThere` says which seconds it did. */
export function secondsOf(fromS: number, toS: number, isThere = (_second: number) => true): IndexedRecord[] {
  const records: IndexedRecord[] = []
  const next = new Map<number, number>()
  for (let second = fromS; second < toS; second += 5) {
    const seconds = [0, 1, 2, 3, 4].map((i) => second + i).filter(isThere)
    const [first] = seconds
    if (first === undefined) continue
    const epoch = Math.floor(first / 3600)
    const index = next.get(epoch) ?? 0
    next.set(epoch, index + 1)
    const readings = seconds.map((at) => temperature(START_MS + at * 1000, at % 60))
    records.push(record({ epoch, index, block: second + 1 }, readings, START_MS + (second + 5) * 1000))
  }
  return records
}

/** The index over these records, as far as they are not in it, written where it ends. */
export async function follow(pages: PageStore, records: readonly IndexedRecord[]): Promise<HistoryIndex> {
  const index = await HistoryIndex.open(pages, OWN)
  for (const added of records.slice(index.place)) await index.add(STREAM, added)
  await index.flush(records.length)
  return index
}

export async function rowsOf(index: HistoryIndex, fromMs = 0, toMs = Infinity): Promise<RecordRow[]> {
  const rows: RecordRow[] = []
  for await (const batch of index.records(KEY, fromMs, toMs)) rows.push(...batch)
  return rows
}

/** How many pages of each kind there are. */
export async function pagesIn(pages: PageStore): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const [key] of await pages.range(' ', '~', Infinity)) {
    const [kind = ''] = key
    found[kind] = (found[kind] ?? 0) + 1
  }
  return found
}
