/** What a person is told where something about the identity is refused. */
import type { BackupSeal } from '../ports.ts'
import type { WordsFault } from '../wallet/words.ts'
import { ApiError } from './api.ts'

/** There are no keys just now. */
export function locked(): ApiError {
  return new ApiError('locked', 'Weft is locked. Everything saved is kept. Unlock it first.')
}

/** What was brought does not open the vault. */
export function wrongSecret(type: 'passphrase' | 'passkey'): ApiError {
  return new ApiError(
    'wrong-secret',
    type === 'passphrase'
      ? 'That is not the passphrase. Nothing was changed.'
      : 'That passkey does not open this device. Nothing was changed. Use your passphrase.',
  )
}

/** Nothing is tried just now. */
export function waiting(): ApiError {
  return new ApiError('wait', 'Too many wrong passphrases in a row. Wait a little, then try again.')
}

/** There is no lock yet. */
export function noPassphrase(): ApiError {
  return new ApiError('bad-input', 'That takes a passphrase. Set one first.')
}

/** Another identity would take the place of one that nobody could bring back. */
export function notBackedUp(): ApiError {
  return new ApiError(
    'not-backed-up',
    'The words of this device have not been checked yet, so what it has made would be lost for good. Nothing was changed.',
  )
}

/** Words that are nobody's. The unknown one is told by its place: what was typed may be close to a secret. */
export function badWords(fault: WordsFault): ApiError {
  return new ApiError('bad-words', wordsFaultSentence(fault))
}

function wordsFaultSentence(fault: WordsFault): string {
  switch (fault.type) {
    case 'count':
      return `There have to be twelve words, and there are ${fault.count}. Nothing was changed.`
    case 'unknown-word':
      return `Word ${fault.place + 1} is not one of the words there are. Nothing was changed.`
    case 'checksum':
      return 'These words do not belong together: one is another, or two have changed places. Nothing was changed.'
  }
}

type SealFault = Extract<Awaited<ReturnType<BackupSeal['open']>>, string>

/** A backup file that cannot be used. */
export function badBackup(fault: SealFault): ApiError {
  const words = {
    'not-a-backup': 'This file is no backup of Weft. Nothing was changed.',
    'other-version':
      'This backup was made by another version of Weft. Nothing was changed. Update Weft and try again.',
    'too-costly': 'This file asks for more work than a backup takes, so it was not opened.',
    'does-not-open': 'Another passphrase, or a damaged file: it does not open. Nothing was changed.',
  }
  return new ApiError('bad-backup', words[fault])
}
