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
  peerStopped: (what: string) =>
    `Weft's peer stopped: ${what}. What was saved is kept. Load this page again.`,
}
