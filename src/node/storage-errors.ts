import { StoreError } from '../ports.ts'
import { ApiError } from './api.ts'

/** A note that the disk refuses becomes an error a person can read. */
export async function stored<T>(write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'quota-exceeded') throw full()
    throw error
  }
}

/** What a person is told while the browser fails to write. */
export function failing(): ApiError {
  return new ApiError(
    'failed',
    'The browser cannot write to its storage just now. Everything stored is kept, new readings wait in memory, and Weft tries again by itself.',
  )
}

/** What a person is told when there is no space left. */
export function full(): ApiError {
  return new ApiError(
    'storage-full',
    'The browser has no space left for Weft. Everything stored is kept, and new readings wait in memory. Free some space on the device.',
  )
}
