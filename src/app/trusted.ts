/**
 * The Trusted Types policy `default`. It must be the first import of every program that starts a worker or
 * registers a service worker: under `require-trusted-types-for 'script'` both throw without it. It lets
 * scripts of this origin through and nothing else, and it creates no markup and no script text at all.
 * https://www.w3.org/TR/trusted-types/#default-policy-hdr
 */

/** The part of the Trusted Types API that is used here; the compiler's own libraries do not have it yet. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown
}

function sameOriginScript(url: string): string {
  const { origin, protocol } = new URL(url, location.href)
  // a blob: has the origin of whoever made it
  if (origin === location.origin && protocol === location.protocol) return url
  throw new TypeError(`A script from another origin was refused: ${url}`)
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
factory?.createPolicy('default', { createScriptURL: sameOriginScript })
