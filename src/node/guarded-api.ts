import { IDENTITY_METHODS, METHODS, type Api, type CallOptions, type Method } from './api.ts'
import type { Identity } from './identity.ts'

type Answers = Record<Method, (input: unknown, options?: CallOptions) => Promise<unknown>>

/** All of the api: what is about the identity that answers, and all else the device, which rejects with `locked` where it is. */
export function guardedApi(identity: Identity): Api {
  const entries = (Object.keys(METHODS) as Method[]).map((method) => [
    method,
    async (input: unknown, options?: CallOptions) => {
      const asked: unknown = Object.hasOwn(IDENTITY_METHODS, method) ? identity : await identity.device()
      return (asked as Answers)[method](input, options)
    },
  ])
  return Object.fromEntries(entries) as Api // METHODS names every method of Api, so the object has them all
}
