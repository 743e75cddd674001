/** Twelve words as they are typed, and the proof that they were written down. Pure. */

/** Words of one identity. */
export const WORDS_COUNT = 12

/** Words that are asked for. Three of twelve are not guessed, and are soon typed. */
export const WORDS_ASKED = 3

/** Completions that are offered at once. */
const OFFERED_MAX = 6

/**
 * The places, from 0 and in order, that are asked for.
 *
 * @param random from 0 to less than 1
 */
export function placesToAsk(random: () => number): readonly number[] {
  const places = Array.from({ length: WORDS_COUNT }, (_, place) => place)
  const drawn = Array.from({ length: WORDS_ASKED }, () =>
    places.splice(Math.floor(random() * places.length), 1),
  )
  return drawn.flat().sort((a, b) => a - b)
}

/** Whether the answers are the words at those places, whatever their case. */
export function areRight(
  words: readonly string[],
  places: readonly number[],
  answers: readonly string[],
): boolean {
  return places.every((place, i) => plain(answers[i] ?? '') === words[place])
}

/** What a person typed or pasted, in words: numbers before them and what lies between them are left out. */
export function wordsIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
}

/** Whether a typed word is none of the list's. One that is still being typed may become one. */
export function isUnknown(typed: string, list: readonly string[]): boolean {
  const word = plain(typed)
  return word !== '' && list.length > 0 && !list.includes(word)
}

/** Words of the list that begin so, a few of them; none for a single letter. */
export function completions(typed: string, list: readonly string[]): readonly string[] {
  const begin = plain(typed)
  return begin.length < 2 ? [] : list.filter((word) => word.startsWith(begin)).slice(0, OFFERED_MAX)
}

function plain(word: string): string {
  return word.trim().toLowerCase()
}
