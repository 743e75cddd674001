/**
 * `after` with every part of `before` in it that says the same, so that whoever compares by identity finds what has not
 * changed; `before` itself where nothing has.
 *
 * @param after plain data as `structuredClone` makes it, in part replaced; nothing else may hold it
 */
export function shared<T>(before: T | undefined, after: T): T
export function shared(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return before
  if (!isPlain(before) || !isPlain(after) || Array.isArray(before) !== Array.isArray(after)) return after
  let isSame = Object.keys(before).length === Object.keys(after).length
  for (const [key, value] of Object.entries(after)) {
    const part = shared(before[key], value)
    if (part !== value) after[key] = part
    if (!Object.hasOwn(before, key) || !Object.is(part, before[key])) isSame = false
  }
  return isSame ? before : after
}

/** Whether its parts are all there is to a value: an object or an array, no buffer, no date. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype
}
