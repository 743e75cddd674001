/** The shader of the nonce search against noble, on whatever GPU the page has. Bundled into a page by a browser test. */
import { blockIdFrom } from '../../src/core/crypto/block-id.ts'
import { workValueOf } from '../../src/core/crypto/work.ts'
import { wgslSearch } from '../../src/mining/kernel/wgsl.ts'
import { GpuSearcher } from '../../src/mining/webgpu.ts'
import type { MiningTask } from '../../src/ports.ts'
import { seededWords } from '../store/cases.ts'

/** How the comparison went. */
export interface GpuCheck {
  readonly adapter: string
  /** Last words compared, and how many of them differ. */
  readonly words: number
  readonly wrongWords: number
  /** First winners compared, and the searches that found another. */
  readonly searches: number
  readonly wrongSearches: number
}

/** A dispatch whose first nonces are at `high` and `first`, and go over 2^32 nowhere. */
interface Part {
  readonly key: Uint8Array
  readonly digest: Uint8Array
  readonly high: number
  readonly first: number
}

/** One winner in 256: each search ends early. */
const TARGET = 2 ** 24

const SEARCHES = 50

/**
 * Compares `parts` times `each` last words, and some searches. Undefined where the browser has no adapter.
 *
 * @param parts how many pairs of a network id and a digest
 */
async function checkGpu(parts: number, each: number): Promise<GpuCheck | undefined> {
  const adapter = await navigator.gpu.requestAdapter()
  if (adapter === null) return undefined
  const random = seededWords(7)
  const bytes32 = () => new Uint8Array(Uint32Array.from({ length: 8 }, random).buffer)
  let wrongWords = 0
  const words = await wordsOnGpu(adapter, each)
  for (let part = 0; part < parts; part++) {
    const asked = {
      key: bytes32(),
      digest: bytes32(),
      high: random() % 2 ** 21,
      first: random() % (2 ** 32 - each),
    }
    const found = await words(asked)
    const start = asked.high * 2 ** 32 + asked.first
    for (const [i, word] of found.entries()) if (word !== wordOf(asked, start + i)) wrongWords++
  }
  const another = await navigator.gpu.requestAdapter() // each gives one device
  if (another === null) throw new Error('The adapter is there once and not again.')
  const searcher = await GpuSearcher.open(another)
  let wrongSearches = 0
  for (let search = 0; search < SEARCHES; search++) {
    const task = { key: bytes32(), digest: bytes32(), target: TARGET }
    // the middle is where the high word changes
    const [start, count] = [2 ** 32 * (1 + search) - 500, 1000]
    searcher.setTask(task)
    if ((await searcher.search(start, count)) !== firstWinner(task, start, count)) wrongSearches++
  }
  searcher.close()
  const { vendor, architecture, description } = adapter.info
  return {
    adapter: [vendor, architecture, description].join(' ').trim(),
    words: parts * each,
    wrongWords,
    searches: SEARCHES,
    wrongSearches,
  }
}

/** The shader as it is, with one line more: it also hands out each word it compares. */
async function wordsOnGpu(adapter: GPUAdapter, each: number): Promise<(part: Part) => Promise<Uint32Array>> {
  const device = await adapter.requestDevice()
  const compares = 'if (word <= task.last)'
  const code = wgslSearch().replace(compares, `words[i] = word;\n    ${compares}`)
  if (!code.includes('words[i]')) throw new Error('The shader compares no word.')
  const module = device.createShaderModule({
    code: `${code}\n@group(0) @binding(2) var<storage, read_write> words: array<u32>;`,
  })
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } })
  const [MAP_READ, COPY_SRC, COPY_DST, UNIFORM, STORAGE] = [1, 4, 8, 64, 128]
  const task = device.createBuffer({ size: 80, usage: UNIFORM | COPY_DST })
  const found = device.createBuffer({ size: 4, usage: STORAGE })
  const words = device.createBuffer({ size: 4 * each, usage: STORAGE | COPY_SRC })
  const copy = device.createBuffer({ size: 4 * each, usage: MAP_READ | COPY_DST })
  const entries = [task, found, words].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
  return async ({ key, digest, high, first }) => {
    device.queue.writeBuffer(task, 0, Uint8Array.from([...key, ...digest]))
    device.queue.writeBuffer(task, 64, Uint32Array.of(high, first, each, 0))
    const commands = device.createCommandEncoder()
    const pass = commands.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, bindings)
    pass.dispatchWorkgroups(4)
    pass.end()
    commands.copyBufferToBuffer(words, 0, copy, 0, 4 * each)
    device.queue.submit([commands.finish()])
    await copy.mapAsync(1)
    const result = new Uint32Array(copy.getMappedRange().slice(0))
    copy.unmap()
    return result
  }
}

function wordOf({ key, digest }: Pick<MiningTask, 'key' | 'digest'>, nonce: number): number {
  return workValueOf(blockIdFrom(key, digest, nonce))
}

function firstWinner(task: MiningTask, start: number, count: number): number | undefined {
  for (let nonce = start; nonce < start + count; nonce++) if (wordOf(task, nonce) < task.target) return nonce
  return undefined
}

Object.assign(globalThis, { checkGpu })
