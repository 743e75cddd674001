import { AT_MS_MAX, AT_MS_MIN } from '../reading/check.ts'
import type { Span } from './chart-window.ts'

/** From the first to the last moment a reading can have. */
export const EVERYTHING: Span = { fromMs: AT_MS_MIN, toMs: AT_MS_MAX + 1 }
