import { count, counted, form } from '../../numbers.ts'

/** By the name of a quantity, a kind of thing, or a unit; empty where they are called as src/reading has them. */
type Names = Readonly<Record<string, string>>

/** What all areas say: values, times, blocks, peers and storage. */
export const en = {
  quantities: {} as Names,
  kinds: {} as Names,
  units: {} as Names,

  unnamedThing: 'Unnamed thing',
  yes: 'yes',
  no: 'no',
  percent: (value: string) => `${value} %`,
  cancel: 'Cancel',
  close: 'Close',
  dismiss: 'Dismiss',
  later: 'Later',
  tryAgain: 'Try again',
  oneMoment: 'One moment…',
  copy: 'Copy',
  copied: 'Copied',
  copyWhat: (what: string) => `Copy ${what}`,
  copyRefused: 'The browser refused to copy. The text is selected: copy it by hand.',
  notCopied: 'The browser refused to copy.',
  othersId: 'the other’s id',
  idOf: (name: string) => `the id of ${name}`,

  blocks: (n: number) => counted(n, { one: 'block', other: 'blocks' }),
  peers: (n: number) => counted(n, { one: 'peer', other: 'peers' }),

  now: 'now',
  duration: {
    seconds: (n: number) => `${count(n)} s`,
    minutes: (n: number) => `${count(n)} min`,
    hours: (n: number) => `${count(n)} h`,
    days: (n: number) => `${count(n)} days`,
  },
  ago: {
    seconds: (n: number) => `${count(n)} s ago`,
    minutes: (n: number) => `${count(n)} min ago`,
    hours: (n: number) => `${count(n)} h ago`,
    days: (n: number) => `${count(n)} days ago`,
  },
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  bytes: {
    kilo: (value: string) => `${value} kB`,
    mega: (value: string) => `${value} MB`,
    giga: (value: string) => `${value} GB`,
  },

  live: {
    idle: 'not connected',
    connecting: 'connecting…',
    live: 'live',
    reconnecting: 'reconnecting…',
    failed: 'stopped',
    elsewhere: 'live in another tab',
  },
  malformed: (messages: number, name: string) =>
    `${counted(messages, { one: 'message', other: 'messages' })} from ${name} could not be read and ${form(messages, { one: 'was', other: 'were' })} passed over. Every other reading is kept.`,

  status: {
    none: 'nothing saved yet',
    here: 'on this phone only',
    final: 'final',
    sharedWith: (n: number) => `shared with ${count(n)}`,
  },
  noBlocks: 'No blocks yet',
  blocksShared: (shared: number, total: number) =>
    `${count(shared)} of ${counted(total, { one: 'block', other: 'blocks' })} shared`,
  blocksFinal: (final: number, total: number) =>
    `${count(final)} of ${counted(total, { one: 'block', other: 'blocks' })} final`,

  access: { private: 'private', open: 'shared openly', sealed: 'sealed' },
  accessMeans: {
    othersSealed:
      'This device keeps the blocks and cannot read them: their owner has not shared what is in them.',
    othersOpen: 'The owner lets everyone in this network read this.',
    mineOpen:
      'Everyone in this network can read what follows. What was saved while it was private stays private.',
    minePrivate: 'Only you can read this. Others may keep the blocks, and cannot read them.',
  },
  shareWhatFollows: 'Share what follows',

  catchingUpPercent: (percent: number) => `Catching up: ${count(percent)}%`,
  catchingUp: (index: number, upTo: number, left: string | undefined) =>
    `Catching up: ${count(index)} of ${counted(upTo, { one: 'commit', other: 'commits' })}${left === undefined ? '' : `, ${left}`}.`,
  aboutLeft: (duration: string) => `about ${duration} left`,
  andLeft: (left: string) => `, ${left}`,
  noPeersYet: 'No peers yet',
  connecting: 'Connecting…',
  offline: 'Offline',
  offlineWaiting: (blocks: number) =>
    `Offline: ${counted(blocks, { one: 'block', other: 'blocks' })} waiting`,
  otherVersion: 'Someone nearby runs another version of Weft. Update both.',
  otherNetwork: (network: string) => `Someone nearby is in another network (${network}).`,
  relay: {
    connected: 'Connected to a relay, so others can find this device.',
    connecting: 'Looking for the relay. Readings are kept here meanwhile.',
    loading: 'Getting ready to meet others. Readings are kept here meanwhile.',
    loadingAgain:
      'No network, so nobody can be met yet. It is tried again by itself, and readings are kept here meanwhile. If it stays so, load this page again.',
    none: 'No relay. Readings are kept here and shared when there is a way to others.',
  },

  storageFull:
    'Storage is full. Everything saved before is kept. Free some space on this device and saving goes on by itself.',
  storageFails:
    'This browser fails to save. Everything saved before is kept. Keep this tab open; saving is tried again.',
  blocksWait: (n: number) => `${counted(n, { one: 'block', other: 'blocks' })} wait in memory until then.`,
  damaged: (n: number) =>
    `${counted(n, { one: 'damaged record', other: 'damaged records' })} set aside. Everything else is kept, and other peers are asked for what is missing.`,
  notHereYet:
    'This part of Weft is not on this device yet, and there is no network to get it from. Everything saved is kept.',
}
