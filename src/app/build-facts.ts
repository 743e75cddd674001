/** What the build puts in: see `define` in vite.config.ts. */
declare const __WEFT_VERSION__: string
declare const __WEFT_BUILT__: string

/** The version of Weft: `0.7.0`. */
export const VERSION = __WEFT_VERSION__

/** When it was built, in ISO 8601. */
export const BUILT = __WEFT_BUILT__
