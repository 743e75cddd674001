/**
 * Runs in the page, as one more tab would: a client of the peer on the app's own channel, for what a test has to ask
 * the peer itself. Bundled by `client.ts`.
 */
import type { Api, Snapshot } from '../../../src/node/api.ts'
import { API_CHANNEL, connectApi, type ApiClient } from '../../../src/node/rpc.ts'

/** What a test finds on the page as `weftTest`. */
export interface PageClient {
  readonly api: Api
  /** The next snapshot for which `accept` holds, the newest one included. */
  snapshot(accept: (snapshot: Snapshot) => boolean): Promise<Snapshot>
}

let client: ApiClient | undefined
let newest: Snapshot | undefined

function open(): ApiClient {
  if (client === undefined) {
    client = connectApi(new BroadcastChannel(API_CHANNEL), crypto.randomUUID())
    client.onSnapshot((snapshot) => {
      newest = snapshot
    })
  }
  return client
}

const pageClient: PageClient = {
  get api() {
    return open().api
  },
  snapshot(accept) {
    const opened = open()
    if (newest !== undefined && accept(newest)) return Promise.resolve(newest)
    return new Promise((resolve) => {
      const stop = opened.onSnapshot((snapshot) => {
        if (!accept(snapshot)) return
        stop()
        resolve(snapshot)
      })
    })
  },
}

Object.assign(globalThis, { weftTest: pageClient })
