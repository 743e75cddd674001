/** Validators: who they are, what losing one does, this device as one, and making a network with them. */
import { count, counted } from '../../numbers.ts'

/** Some of several may be lost; `stops` where one more is too many whichever they are. */
interface Losses {
  readonly bearable: number
  readonly of: number
  readonly stops: boolean
}

export const en = {
  validators: (validators: number) => counted(validators, { one: 'validator', other: 'validators' }),
  agree: 'Validators agree on the order of payments.',
  validatorId: 'the validator’s id',
  thisDevice: 'this device',
  weight: (weight: number) => `weight ${count(weight)}`,

  oneOnly: 'There is one validator. If it is lost, payments stop.',
  someMayBeLost: ({ bearable, of, stops }: Losses) =>
    `Any ${count(bearable)} of ${counted(of, { one: 'validator', other: 'validators' })} may be lost and payments go on. If ${count(bearable + 1)} are, payments ${stops ? 'stop' : 'may stop'}.`,
  noneMayBeLost: 'If any one of them is lost, payments stop.',
  heaviestNeeded: 'If the heaviest of them is lost, payments stop.',
  heavyNeeded: (needed: number) => `If any one of the ${count(needed)} heaviest is lost, payments stop.`,

  atLeastOne: 'A network needs at least one validator.',
  atMost: (most: number) => `A network has at most ${count(most)} validators.`,
  noId: (line: number) =>
    `Line ${count(line)} is no id of a device. An id starts with did:key:z6Mk; the wallet shows it under Receive.`,
  twice: 'One validator is there twice.',

  states: {
    none: 'This device is not a validator: it pays, and others agree.',
    proposing: 'This device is a validator and takes part in agreeing.',
    listening:
      'This device is a validator whose identity was typed in here, so it waits to hear the other validators. Then it takes part in agreeing.',
    alone:
      'This device is a validator whose identity was typed in here. It takes part in agreeing once you say that no other copy of it is running. Two running copies of one validator break the network: what is final for some is not for others.',
    diverged: 'This device is a validator and has stopped taking part in agreeing.',
  },
  clockBehind: (duration: string) =>
    `This device’s clock is ${duration} behind the others’. Set it right; until then it does not take part in agreeing.`,
  clockAhead: (duration: string) =>
    `This device’s clock is ${duration} ahead of the others’. Set it right; until then it does not take part in agreeing.`,

  noCommits: 'none yet',
  commits: (commits: number, age: string) =>
    `${counted(commits, { one: 'commit', other: 'commits' })}, the newest ${age}`,

  isOnlyOne: 'Is this the only one, on every device and in every browser?',
  yesOnlyOne: 'Yes, the only one',
  notSure: 'I am not sure',
  noOtherRuns: 'No other copy is running…',

  name: 'Name',
  nameMissing: 'Give it a name.',
  oneALine: 'Validators, one id a line',
  frail: (validators: number) =>
    `With ${count(validators)} validators every one of them has to be there, which is less sure than one alone. From four on, one may be away.`,
  money: (amount: string) =>
    `All its money, ${amount}, is this device’s at first. This device leaves the network it is in now. What is saved there is kept, and an invitation leads back.`,
  making: 'Making…',
  makeAndEnter: 'Make and enter',
  notNow: 'Not now',
  made: 'The network is made, and this device is in it. Invite others by the link.',
}
