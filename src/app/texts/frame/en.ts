/** What stands around every screen. */
export const en = {
  home: 'Weft, home',
  screens: 'Screens',
  things: 'Things',
  wallet: 'Wallet',
  network: 'Network',
  settings: 'Settings',
  messages: 'Messages',
  starting: 'Starting…',
  notHere: 'This thing is not on this device.',
  seeThings: 'See the things that are.',
  nothingShared: 'What was shared is no invitation and no id that can be paid.',
  /** `what`: as the browser says it; empty where it says nothing. */
  peerStopped: (what: string) =>
    `Weft's peer stopped${what === '' ? '' : `: ${what}`}. What was saved is kept. Load this page again.`,
  loadAgain: 'Load again',
  languageFailed:
    'The words of this language could not be fetched, so Weft goes on in the one before. Your choice and everything else are kept. Try again when you are online, or load this page again.',

  inThatNetwork: 'This device is in that network already.',
  joined: 'Joined. What this device saved before is kept.',
  /** Around the network's name. */
  join: ['Join “', '”?'] as readonly [string, string],
  joinMeans:
    'This device leaves the network it is in now. Everything saved there is kept on this device, and you can go back with an invitation to it.',
  joinIt: 'Join',
  joining: 'Joining…',
  notNow: 'Not now',

  update: {
    offered: 'A new version is ready. What waits is saved first, then every tab is loaded anew.',
    paying: 'A payment is being worked at. The new version comes as soon as it is on its way.',
    saving: 'A new version is ready. What waits is being saved.',
  },
  updateNow: { offered: 'Update now', paying: 'Waiting…', saving: 'Saving…' },

  insecure: 'Weft needs a secure connection',
  /** Around `http`. */
  insecureWhy: [
    'This page came over plain ',
    '. Browsers keep signing keys, Bluetooth and offline storage away from such pages, and Weft cannot work without them. Nothing was stored here.',
  ] as readonly [string, string],
  /** Around `https` and the address of this machine. */
  insecureDo: ['Open it by ', ', or on the machine that serves it as ', '.'] as readonly [
    string,
    string,
    string,
  ],
  openedAs: (address: string) => `Opened as ${address}`,
}
