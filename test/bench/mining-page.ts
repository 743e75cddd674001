/** The app's own miner in a page: workers on the fastest kernel the browser takes. Bundled into a page by the bench runner. */
import { poolMiner } from '../../src/mining/pool.ts'
import { Searcher, type KernelBuild } from '../../src/mining/search.ts'
import { WorkerRacer } from '../../src/mining/worker-racer.ts'
import type { Miner, MiningProgress, MiningTask } from '../../src/ports.ts'
import { hashWasmSearch, type LibrarySearch } from './mining-libraries.ts'

/** What was done in a turn, and how long it took. */
export interface Mined {
  readonly hashes: number
  readonly ms: number
}

/** No nonce there is in reach wins. */
const ENDLESS: MiningTask = {
  key: new Uint8Array(32).fill(1),
  digest: new Uint8Array(32).fill(2),
  target: 1,
}

/** A search on the page's own thread looks up this often. */
const TURN_NONCES = 2 ** 18

/** … and a library's, which is slower by far. */
const LIBRARY_TURN_NONCES = 2 ** 13

const kernels: Readonly<Record<KernelBuild, URL>> = {
  relaxed: new URL('../../src/mining/kernel.relaxed.wasm', import.meta.url),
  simd: new URL('../../src/mining/kernel.simd.wasm', import.meta.url),
  scalar: new URL('../../src/mining/kernel.scalar.wasm', import.meta.url),
}

const pools = new Map<number, Miner>()
const searchers = new Map<KernelBuild, Searcher>()
let hashWasm: LibrarySearch | undefined

/** So many workers on one task for about `ms`, by their own reports. The same workers each time. */
async function mineInWorkers(workers: number, ms: number): Promise<Mined> {
  const racers = () =>
    Array.from(
      { length: workers },
      () =>
        new WorkerRacer(
          () => new Worker(new URL('../../workers/miner.ts', import.meta.url), { type: 'module' }),
        ),
    )
  const miner = pools.get(workers) ?? poolMiner(racers())
  pools.set(workers, miner)
  const stop = new AbortController()
  let mined: Mined = { hashes: 0, ms: 0 }
  const startMs = performance.now()
  const onProgress = ({ hashes }: MiningProgress) => {
    mined = { hashes, ms: performance.now() - startMs }
    if (mined.ms >= ms) stop.abort()
  }
  await miner.mine(ENDLESS, { signal: stop.signal, onProgress }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  return mined
}

/** One build on this thread for about `ms`; undefined where the browser refuses it. */
async function mineHere(build: KernelBuild, ms: number): Promise<Mined | undefined> {
  const searcher = searchers.get(build) ?? (await open(build))
  if (searcher === undefined) return undefined
  searchers.set(build, searcher)
  searcher.setTask(ENDLESS)
  return mineFor(ms, TURN_NONCES, (start) => searcher.search(start, TURN_NONCES))
}

/** The library on this thread for about `ms`. */
async function mineByHashWasm(ms: number): Promise<Mined> {
  hashWasm ??= await hashWasmSearch()
  const search = hashWasm
  return mineFor(ms, LIBRARY_TURN_NONCES, () => search(LIBRARY_TURN_NONCES, 0))
}

function mineFor(ms: number, nonces: number, search: (start: number) => void): Mined {
  const startMs = performance.now()
  let hashes = 0
  for (; performance.now() - startMs < ms; hashes += nonces) search(hashes)
  return { hashes, ms: performance.now() - startMs }
}

async function open(build: KernelBuild): Promise<Searcher | undefined> {
  const bytes = await (await fetch(kernels[build])).arrayBuffer()
  return WebAssembly.validate(bytes) ? new Searcher(await WebAssembly.compile(bytes)) : undefined
}

Object.assign(globalThis, { mineInWorkers, mineHere, mineByHashWasm })
