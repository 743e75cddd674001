import type { NetworkId } from '../core/model/id.ts'
import { MINE_MS_MAX, type Clock, type PeerId, type TransportHandlers } from '../ports.ts'
import { IDS_BYTES_MAX } from './exchange.ts'
import { answerFetch } from './fetch.ts'
import type { Libp2pNode } from './libp2p.ts'
import { SYNC_BUFFER_BYTES_MAX, SYNC_PACE, SYNC_REQUEST_BYTES, type Timings } from './limits.ts'
import { answerMine, MINE_REQUEST_BYTES } from './mine.ts'
import type { Names } from './names.ts'
import { Pace, paused } from './pace.ts'
import { serve, type Service } from './serve.ts'
import { answerSync, SYNC_FRAME_BYTES_MAX } from './sync.ts'
import { answerTips, TIPS_BYTES_MAX, type ClockPair } from './tips.ts'

interface AnsweringParts extends Pick<Service, 'admits' | 'failed'> {
  readonly network: NetworkId
  readonly names: Names
  readonly clock: Clock
  readonly timings: Timings
  readonly handlers: TransportHandlers
}

/** Answers fetches, tips, syncs and requests for work of connected peers with what the handlers say. Protocol §8. */
export async function answerAll(node: Libp2pNode, parts: AnsweringParts): Promise<void> {
  const { network, names, clock, handlers, admits, failed } = parts
  const { requestMs, fetchMs, tipsMs, syncMs, syncIdleMs } = parts.timings
  const common = { requestMs, admits, failed }
  const pace = new Pace(clock, SYNC_PACE)
  const clocks = (from: PeerId): ClockPair => ({
    clock,
    heard: (offsetMs) => handlers.onClock(offsetMs, from),
  })
  await serve(node, {
    ...common,
    protocol: names.fetch,
    requestBytesMax: IDS_BYTES_MAX,
    answerMs: fetchMs,
    answer: (frames, from) =>
      answerFetch(
        frames,
        (ids) => handlers.onFetch(ids, from),
        (ids) => handlers.onServed(ids, from),
      ),
  })
  await serve(node, {
    ...common,
    protocol: names.tips,
    requestBytesMax: TIPS_BYTES_MAX,
    answerMs: tipsMs,
    answer: (frames, from) => answerTips(frames, clocks(from), (ids) => handlers.onTips(ids, from)),
  })
  await serve(node, {
    ...common,
    protocol: names.mine,
    requestBytesMax: MINE_REQUEST_BYTES,
    answerMs: requestMs + MINE_MS_MAX,
    answer: (frames, from) => answerMine(frames, (request, signal) => handlers.onMine(request, from, signal)),
  })
  await serve(node, {
    ...common,
    protocol: names.sync,
    requestBytesMax: SYNC_FRAME_BYTES_MAX,
    bufferBytesMax: SYNC_BUFFER_BYTES_MAX,
    answerMs: syncMs,
    idleMs: syncIdleMs,
    answer: (frames, from) =>
      answerSync(frames, network, handlers, clocks(from), from, (bytes) =>
        paused(pace.delayMs(from, SYNC_REQUEST_BYTES + bytes)),
      ),
  })
}
