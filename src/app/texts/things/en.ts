/** The list of things, a thing's card and its readings, and what this browser can read. */
export const en = {
  none: "No things yet. Add a sensor, this phone's motion, or a simulated one.",
  onThisDevice: (blocks: string, bytes: string) => `${blocks}, ${bytes} on this device`,
  thisDevicesId: "this device's id",
  simulatedRoom: 'Simulated room',

  noReading: 'no reading yet',
  battery: 'Battery',
  readMore: 'Read more',
  reconnect: 'Reconnect',
  fromPeer: 'from a peer',

  noValues: 'No values yet.',
  noReadings: 'No readings in this range.',
  reading: 'Reading…',
  newestReadings: 'Newest readings',
  newestFirst: 'The newest readings, newest first',
  time: 'Time',
  what: 'What',
  value: 'Value',

  thisBrowser: 'This browser',
  otherSensors: 'Other sensors',
  /** By what src/sensor/capabilities.ts says in English; empty where that is said. */
  capabilities: {} as Readonly<Record<string, string>>,
}
