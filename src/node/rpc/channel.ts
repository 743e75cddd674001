/** What goes over the channel between page and peer. */
import { ApiError, type ApiErrorKind, type IdentityView, type Method, type Snapshot } from '../api.ts'

/** The broadcast channel's name. */
export const API_CHANNEL = 'weft-api'

/** What rpc needs of a `BroadcastChannel`; a `MessagePort` pair serves in tests. */
export interface Channel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  close(): void
}

/** What a tab says. */
export type ToPeer =
  | { to: 'peer'; type: 'hello' }
  | { to: 'peer'; type: 'wake' }
  | { to: 'peer'; type: 'hidden' }
  | { to: 'peer'; type: 'seen' }
  | { to: 'peer'; type: 'used' }
  /** `leader`: whom the tab takes for the peer. Another one that hears it lets it be: the tab is told who leads, and asks again. */
  | {
      to: 'peer'
      type: 'call'
      leader: string
      client: string
      call: number
      method: Method
      input: unknown
      tell: boolean
    }
  | { to: 'peer'; type: 'cancel'; client: string; call: number }

/** What the peer says; `client` is whom it is for. */
export type ToPages =
  | { to: 'pages'; type: 'leader'; leader: string }
  | { to: 'pages'; type: 'identity'; identity: IdentityView }
  | { to: 'pages'; type: 'snapshot'; snapshot: Snapshot }
  | { to: 'pages'; type: 'progress'; client: string; call: number; done: number }
  | { to: 'pages'; type: 'result'; client: string; call: number; value: unknown }
  | { to: 'pages'; type: 'error'; client: string; call: number; kind: ApiErrorKind; message: string }

/** Posts on a channel until it is closed: after that a channel throws, and there is nobody to tell. */
export function outletOf<Message>(channel: Channel) {
  let open = true
  return {
    isOpen: () => open,
    send: (message: Message) => {
      if (open) channel.postMessage(message)
    },
    close: () => {
      open = false
      channel.close()
    },
  }
}

/** Its caller gave it up. */
export function cancelled(): ApiError {
  return new ApiError('cancelled', 'Cancelled. What was stored before is kept.')
}

/** What a call rejects with, whatever went wrong. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('failed', error instanceof Error ? error.message : String(error))
}
