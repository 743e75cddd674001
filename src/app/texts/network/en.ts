/** The network: this device in it, the peers it meets, and joining, leaving, making and inviting. */
import { count } from '../../numbers.ts'

export const en = {
  thisDevice: 'This device',
  thisDeviceId: 'this device’s id',
  agreed: 'Agreed',
  catchingUp: 'Catching up with the others',

  connectedPeers: 'Connected peers',
  nobodyElse: 'Nobody else is connected now.',
  andMore: (peers: number) => `and ${count(peers)} more`,
  direct: 'direct',
  throughRelay: 'through the relay',
  wayAndTime: (way: string, ms: number) => `${way}, ${count(ms)} ms`,

  choices: {
    pair: 'Connect a phone nearby',
    share: 'Invite others',
    join: 'Join another',
    found: 'Make a new one',
    leave: 'Leave',
  },
  titles: {
    pair: 'Connect a phone nearby',
    share: 'Invite others',
    join: 'Join a network',
    found: 'Make a network',
    leave: 'Leave this network?',
  },
  notNow: 'Not now',

  noInvitation: 'This is no invitation. Copy the whole link.',
  alreadyThere: 'This device is in that network already.',
  joinedNow: 'Joined. What this device saved before is kept.',
  /** Around the network's name. */
  joinBefore: 'Join “',
  joinAfter: '”?',
  joinMeans:
    'This device leaves the network it is in now. Everything saved there is kept on this device, and you can go back with an invitation to it.',
  joining: 'Joining…',
  join: 'Join',
  back: 'Back',
  joinHow: 'Somebody in the network shows you a QR code, or sends you a link.',
  invitationLink: 'Invitation link',
  pasteHere: 'Paste it here.',
  continue: 'Continue',

  leftNow: 'Left. This device is in a network of its own again.',
  leaveMeans: 'This device goes back to a network of its own, and its things go on there.',
  leaveKeeps:
    'Everything saved in this network is kept on this device, its money stays where it is, and an invitation leads back to both. To go back you need one: copy it before you leave, or ask for it later.',
  leaving: 'Leaving…',
  leave: 'Leave',
  stay: 'Stay',

  shareMeans:
    'Whoever opens this link joins this network and sees what you share openly, and nothing private.',
  noWayYet: 'Without a relay the link names no way to this device yet.',
  invitationCode: 'QR code of the invitation link',
  sendElsewhere: 'Send it with another app',
  notSent: 'The browser did not send it. Copy the link instead.',
  preparing: 'Preparing the link…',

  work: 'Work',
  workForOthers: 'Work for others',
  workMeans:
    'Each block takes a little work, and a slow device may ask this one to do it. Its own work comes first, it learns nothing of what the block says, and it takes some battery.',
}
