import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import type { Libp2p } from '@libp2p/interface'
import { AnnouncementGate } from '../net/announce.ts'
import { ANSWERS } from '../net/gossip.ts'
import type { Gossip } from '../net/libp2p.ts'
import { ANNOUNCEMENT_BYTES_MAX, GOSSIP_TOPIC_BYTES_PER_PEER_MAX } from '../net/limits.ts'
import { isPeersTopic, messageId } from '../net/names.ts'
import type { Clock, GossipVerdict } from '../ports.ts'

/** Networks whose announcements are passed on at a time. */
export const TOPICS_MAX = 1024

/** How often topics that nobody is on any more are left. */
const TOPICS_SWEEP_MS = 60_000

/** Clients of one network that get its announcements at once; beyond these, clients tell each other. */
const MESH_MIN = 16
const MESH_MAX = 64

/** An announcement in gossipsub's framing, with control messages. */
const FRAME_BYTES_MAX = 8 * ANNOUNCEMENT_BYTES_MAX

/** Unsent announcements for one client: those of more than a hundred others. A slower one is cut off. */
const BACKLOG_BYTES_MAX = 16 * FRAME_BYTES_MAX

/** The gossip of a relay: announcements only, unsigned, and each passed on after it was judged. */
export function announcementGossip() {
  return gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: messageId,
    asyncValidation: true,
    fallbackToFloodsub: false,
    runOnLimitedConnection: false,
    D: MESH_MIN,
    Dlo: MESH_MIN,
    Dhi: MESH_MAX,
    Dlazy: 0,
    gossipFactor: 0,
    maxInboundDataLength: FRAME_BYTES_MAX,
    maxOutboundBufferSize: BACKLOG_BYTES_MAX,
    maxTopicBytesPerPeer: GOSSIP_TOPIC_BYTES_PER_PEER_MAX,
    // A relay's clients often share one address: a household, a school, a test.
    scoreParams: { IPColocationFactorWeight: 0 },
  }) as (...components: Parameters<ReturnType<typeof gossipsub>>) => Gossip
}

/** What a relay does with announcements, for as long as it runs. */
export interface PassingOn {
  /** Announcements judged since the start, by verdict. */
  readonly judged: Readonly<Record<GossipVerdict, number>>
  stop(): void
}

/** Joins a network's peers topic when a client does and leaves it when all have; never joins a topic of blocks. */
export function passAnnouncementsOn(node: Libp2p<{ pubsub: Gossip }>, clock: Clock): PassingOn {
  const { pubsub } = node.services
  const gate = new AnnouncementGate(clock)
  const judged: Record<GossipVerdict, number> = { forward: 0, ignore: 0, reject: 0 }
  pubsub.addEventListener('subscription-change', ({ detail }) => {
    for (const { topic, subscribe } of detail.subscriptions) {
      if (!subscribe || !isPeersTopic(topic) || pubsub.getTopics().includes(topic)) continue
      if (pubsub.getTopics().length < TOPICS_MAX) pubsub.subscribe(topic)
    }
  })
  pubsub.addEventListener('gossipsub:message', ({ detail: { msgId, msg, propagationSource } }) => {
    const from = propagationSource.toString()
    const { verdict } = gate.judge(msg.data, from)
    judged[verdict]++
    pubsub.reportMessageValidationResult(msgId, from, ANSWERS[verdict])
  })
  node.addEventListener('peer:disconnect', ({ detail }) => gate.forget(detail.toString()))
  const sweep = setInterval(() => {
    for (const topic of pubsub.getTopics()) {
      if (pubsub.getSubscribers(topic).length === 0) pubsub.unsubscribe(topic)
    }
  }, TOPICS_SWEEP_MS)
  return { judged, stop: () => clearInterval(sweep) }
}
