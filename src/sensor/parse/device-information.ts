/** Characters of a manufacturer's name or a version that are kept: more would not fit into a row of the screen. */
const FACT_CHARACTERS_MAX = 64

// Controls would break a line or a file, invisible formatting could show another text than there is.
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * What a device says of itself: Device Information Service 1.1 §3, manufacturer name, model number, serial number, firmware,
 * hardware and software revision, each a text in UTF-8. What follows a zero byte is padding and left out, so are control
 * and formatting characters and space around the text.
 *
 * @param charactersMax the most UTF-16 units; a longer text is cut
 * @returns `undefined` where that is no text, or none is left
 */
export function parseText(bytes: DataView, charactersMax = FACT_CHARACTERS_MAX): string | undefined {
  const all = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = all.indexOf(0)
  let decoded: string
  try {
    // Of a shared buffer a decoder takes nothing: `slice` copies.
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(all.slice(0, end < 0 ? undefined : end))
  } catch {
    return undefined
  }
  const cut = decoded.replace(NOT_SHOWN, '').trim().slice(0, charactersMax)
  // The cut may go through a pair of surrogates.
  const text = (cut.isWellFormed() ? cut : cut.slice(0, -1)).trimEnd()
  return text === '' ? undefined : text
}
