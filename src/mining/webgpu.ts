import { wins } from '../core/crypto/work.ts'
import type { MiningTask } from '../ports.ts'
import { MinerError } from './errors.ts'
import { TASK_WORDS, wgslSearch, WORKGROUP_SIZE } from './kernel/wgsl.ts'
import { assertTask, type ChunkLimits, nonceIn, type NonceSearch, type NonceSpan, spansOf } from './search.ts'

/**
 * A chunk is one dispatch, and what the GPU is asked to draw waits for its end: less than a frame. `first` is that on a
 * phone's GPU, `min` still only some milliseconds at 1 MH/s, `max` on the largest there is.
 */
const CHUNK: ChunkLimits = { ms: 5, first: 2 ** 18, min: 2 ** 12, max: 2 ** 28 }

/** Nonces an invocation tries: what is calculated once for all of them then costs it little. */
const NONCES_EACH = 16

/** Workgroups of a dispatch: every GPU allows so many (WebGPU, limit maxComputeWorkgroupsPerDimension). */
const WORKGROUPS_MAX = 65_535

/** What a buffer is for. WebGPU, `GPUBufferUsage`; TypeScript's library has its types and not its values. */
const USAGE = { MAP_READ: 0x01, COPY_SRC: 0x04, COPY_DST: 0x08, UNIFORM: 0x40, STORAGE: 0x80 } as const

/** WebGPU, `GPUMapMode.READ`. */
const MAP_MODE_READ = 0x01

/** A search in which one nonce of some sixty wins. */
const TRIAL: MiningTask = { key: new Uint8Array(32), digest: new Uint8Array(32), target: 2 ** 26 }

/** What `found` holds where nothing was. */
const NOTHING = 0xffff_ffff

/** Looks for nonces on a GPU. */
export class GpuSearcher implements NonceSearch {
  readonly chunk = CHUNK
  readonly #device: GPUDevice
  readonly #pipeline: GPUComputePipeline
  readonly #bindings: GPUBindGroup
  readonly #task: GPUBuffer
  readonly #found: GPUBuffer
  readonly #copy: GPUBuffer
  readonly #words = new Uint32Array(TASK_WORDS)
  #mined: MiningTask | undefined

  /** @throws whatever the GPU does, MinerError `failed` if it passes over a winner; the device is let go of then */
  static async open(adapter: GPUAdapter): Promise<GpuSearcher> {
    const device = await adapter.requestDevice()
    try {
      const pipeline = await device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module: device.createShaderModule({ code: wgslSearch() }), entryPoint: 'search' },
      })
      const searcher = new GpuSearcher(device, pipeline)
      await searcher.#try()
      return searcher
    } catch (error) {
      device.destroy()
      throw error
    }
  }

  private constructor(device: GPUDevice, pipeline: GPUComputePipeline) {
    const buffer = (size: number, usage: number) => device.createBuffer({ size, usage })
    this.#device = device
    this.#pipeline = pipeline
    this.#task = buffer(this.#words.byteLength, USAGE.UNIFORM | USAGE.COPY_DST)
    this.#found = buffer(4, USAGE.STORAGE | USAGE.COPY_DST | USAGE.COPY_SRC)
    this.#copy = buffer(4, USAGE.MAP_READ | USAGE.COPY_DST)
    this.#bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#task } },
        { binding: 1, resource: { buffer: this.#found } },
      ],
    })
  }

  /** A driver may do nothing, say nothing of it, and be very fast: noble tells which nonce is the first to win. */
  async #try(): Promise<void> {
    let first = 0
    while (!wins(TRIAL, first)) first++
    this.setTask(TRIAL)
    if ((await this.search(0, CHUNK.min)) !== first)
      throw new MinerError('failed', 'The GPU passed over a nonce that wins.')
    this.#mined = undefined
  }

  /** As `NonceSearch` says. */
  setTask(task: MiningTask): void {
    assertTask(task)
    this.#mined = task
    this.#words.set(wordsOf(task.key), 0)
    this.#words.set(wordsOf(task.digest), 8)
  }

  /**
   * As `NonceSearch` says. Not called again before it has settled.
   *
   * @throws MinerError `failed` when the device is lost, or what it found does not win: GPUs and their drivers err
   */
  async search(start: number, count: number): Promise<number | undefined> {
    const task = this.#mined
    if (task === undefined) throw new Error('search before setTask')
    for (const span of spansOf(start, count)) {
      const offset = await this.#dispatch(span, task.target - 1)
      if (offset === NOTHING) continue
      const nonce = nonceIn(span, offset)
      if (offset < span.count && wins(task, nonce)) return nonce
      throw new MinerError('failed', 'The GPU found a nonce that does not win.')
    }
    return undefined
  }

  close(): void {
    this.#device.destroy()
  }

  /** What the shader leaves in `found`. */
  async #dispatch({ high, low, count }: NonceSpan, last: number): Promise<number> {
    const { queue } = this.#device
    this.#words.set([high, low, count, last], 16)
    queue.writeBuffer(this.#task, 0, this.#words)
    queue.writeBuffer(this.#found, 0, Uint32Array.of(NOTHING))
    const commands = this.#device.createCommandEncoder()
    const pass = commands.beginComputePass()
    pass.setPipeline(this.#pipeline)
    pass.setBindGroup(0, this.#bindings)
    pass.dispatchWorkgroups(Math.min(Math.ceil(count / (WORKGROUP_SIZE * NONCES_EACH)), WORKGROUPS_MAX))
    pass.end()
    commands.copyBufferToBuffer(this.#found, 0, this.#copy, 0, 4)
    queue.submit([commands.finish()])
    try {
      await this.#copy.mapAsync(MAP_MODE_READ)
    } catch (cause) {
      throw new MinerError('failed', 'The GPU was lost.', { cause })
    }
    const [offset = NOTHING] = new Uint32Array(this.#copy.getMappedRange())
    this.#copy.unmap()
    return offset
  }
}

/** Eight little-endian words. */
function wordsOf(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true))
}
