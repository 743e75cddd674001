import * as v from 'valibot'
import {
  BACKUP_BYTES_MAX,
  LOCK_AFTER_MS,
  PASSPHRASE_CHARACTERS_MAX,
  PASSPHRASE_CHARACTERS_MIN,
} from './api.ts'

/** Bytes of a credential's id. WebAuthn Level 3 §4, "Credential ID". */
const CREDENTIAL_ID_BYTES_MAX = 1023

/** More words than anybody types by mistake. */
const WORDS_MAX = 64

const Passphrase = v.pipe(v.string(), v.maxLength(PASSPHRASE_CHARACTERS_MAX))
const Next = v.pipe(Passphrase, v.minLength(PASSPHRASE_CHARACTERS_MIN))
const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array)
const Bytes32 = v.pipe(
  Bytes,
  v.check(({ length }) => length === 32),
)
const ASKED = { passphrase: v.exactOptional(Passphrase) }

/** What each call about the identity takes; anything else is `bad-input`. */
export const IDENTITY_INPUTS = {
  unlock: v.variant('type', [
    v.object({ type: v.literal('passphrase'), passphrase: Passphrase }),
    v.object({ type: v.literal('passkey'), prf: Bytes32 }),
  ]),
  asked: v.object(ASKED),
  next: v.object({ ...ASKED, next: Next }),
  addPasskey: v.object({
    ...ASKED,
    credentialId: v.pipe(
      Bytes,
      v.check(({ length }) => length > 0 && length <= CREDENTIAL_ID_BYTES_MAX),
    ),
    salt: Bytes32,
    prf: Bytes32,
  }),
  lockAfter: v.object({ afterMs: v.exactOptional(v.picklist(LOCK_AFTER_MS)) }),
  restore: v.object({
    words: v.pipe(v.array(v.pipe(v.string(), v.maxLength(WORDS_MAX))), v.maxLength(WORDS_MAX)),
    givesUp: v.boolean(),
  }),
  importBackup: v.object({
    file: v.pipe(
      v.instance(Blob),
      v.check(({ size }) => size <= BACKUP_BYTES_MAX),
    ),
    passphrase: Passphrase,
    givesUp: v.boolean(),
  }),
} as const
