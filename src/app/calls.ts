/** Calls whose refusal is shown where they were asked for. */
import { ApiError } from '../node/api.ts'

/** Waits for a call; resolves with the words of its refusal, or with nothing where it was done. */
export async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
}
