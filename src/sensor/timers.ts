/** Timers that end with what they belong to. */
import type { SensorTime } from './sensor.ts'

/** Runs `task` once, `delayMs` from now, unless `ended` is aborted by then or the function returned is called. */
export function after(
  time: Pick<SensorTime, 'after'>,
  delayMs: number,
  ended: AbortSignal,
  task: () => void,
): () => void {
  if (ended.aborted) return () => undefined
  const cancelTimer = time.after(delayMs, () => {
    ended.removeEventListener('abort', cancel)
    task()
  })
  const cancel = () => {
    ended.removeEventListener('abort', cancel)
    cancelTimer()
  }
  ended.addEventListener('abort', cancel)
  return cancel
}
