import type { MiningProgress, MiningTask } from '../ports.ts'
import { MinerError } from './errors.ts'
import type { FromWorker, MinerScope } from './protocol.ts'
import { type NonceRange, type NowMs, runTask } from './run.ts'
import { Searcher } from './search.ts'

/**
 * The worker's side of `WorkerRacer`. The kernel is loaded for the first task; where that fails, every task is answered
 * with `failed`, and the other side starts a fresh worker.
 */
export function serveMiner(scope: MinerScope, load: () => Promise<WebAssembly.Module>, nowMs: NowMs): void {
  let searcher: Promise<Searcher> | undefined
  let stop = new AbortController()
  const onProgress = (progress: MiningProgress) => scope.postMessage({ type: 'progress', progress })

  scope.addEventListener('message', ({ data }) => {
    if (data.type === 'cancel') return stop.abort()
    stop = new AbortController()
    searcher ??= load().then((module) => new Searcher(module))
    void answer(searcher, data, stop.signal).then((message) => scope.postMessage(message))
  })

  async function answer(
    ready: Promise<Searcher>,
    { task, range }: { readonly task: MiningTask; readonly range: NonceRange },
    signal: AbortSignal,
  ): Promise<FromWorker> {
    try {
      return { type: 'found', nonce: await runTask(await ready, task, range, { signal, onProgress, nowMs }) }
    } catch (error) {
      if (signal.aborted) return { type: 'cancelled' }
      if (error instanceof MinerError) return { type: 'failed', kind: error.kind, message: error.message }
      return { type: 'failed', kind: 'failed', message: String(error) }
    }
  }
}
