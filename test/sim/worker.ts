import { parentPort } from 'node:worker_threads'
import { simulate } from './run.ts'
import type { Options } from './scenario.ts'
import type { Answer } from './seeds.ts'

parentPort?.on('message', (options: Options) => {
  const startedMs = performance.now()
  const outcome = simulate(options)
  const answer: Answer = {
    seed: options.seed,
    outcome: { ...outcome, wallMs: performance.now() - startedMs },
  }
  parentPort?.postMessage(answer)
})
