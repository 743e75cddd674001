import type { Miner } from '../ports.ts'
import { noncesOf, type NowMs, runTask } from './run.ts'
import { Searcher } from './search.ts'
import { SerialMiner } from './serial.ts'

/**
 * A miner on the calling thread, which it shares in slices of a millisecond: for Node and for tests. It finds the
 * smallest nonce there is from the task's start on.
 *
 * @param module a compiled kernel, from `loadKernel`
 */
export function localMiner(module: WebAssembly.Module, nowMs: NowMs): Miner {
  const searcher = new Searcher(module)
  return new SerialMiner(
    (task, signal, onProgress) => runTask(searcher, task, noncesOf(task), { signal, onProgress, nowMs }),
    () => {},
  )
}
