import type { en } from './en.ts'

export const de: typeof en = {
  none: 'Noch keine Dinge. Füge einen Sensor hinzu, die Bewegung dieses Telefons oder einen simulierten Sensor.',
  onThisDevice: (blocks, bytes) => `${blocks}, ${bytes} auf diesem Gerät`,
  thisDevicesId: 'die Kennung dieses Geräts',
  simulatedRoom: 'Simulierter Raum',

  noReading: 'noch kein Messwert',
  battery: 'Akku',
  readMore: 'Weiterlesen',
  reconnect: 'Neu verbinden',
  fromPeer: 'von einem Peer',

  noValues: 'Noch keine Werte.',
  noReadings: 'Keine Messwerte in diesem Zeitraum.',
  reading: 'Liest …',
  newestReadings: 'Neueste Messwerte',
  newestFirst: 'Die neuesten Messwerte, der neueste zuerst',
  time: 'Zeit',
  what: 'Was',
  value: 'Wert',

  thisBrowser: 'Dieser Browser',
  otherSensors: 'Andere Sensoren',
  capabilities: {
    'Sensors that only broadcast can be heard, such as Ruuvi, BTHome and caps on tyres':
      'Sensoren, die nur senden, sind zu empfangen, etwa Ruuvi, BTHome und Ventilkappen an Reifen',
    'This browser does not hear what Bluetooth sensors broadcast; Chrome does once “Experimental Web Platform features” is on at chrome://flags':
      'Dieser Browser empfängt nicht, was Bluetooth-Sensoren aussenden; Chrome kann es, sobald „Experimental Web Platform features“ unter chrome://flags an ist',
    'This browser cannot read motion: use a phone':
      'Dieser Browser kann keine Bewegung messen: Nimm ein Telefon',
    'Motion can be read, if this device has a sensor for it':
      'Bewegung lässt sich messen, wenn dieses Gerät einen Sensor dafür hat',
    'This browser cannot read which way it is held: use a phone':
      'Dieser Browser weiß nicht, wie das Gerät gehalten wird: Nimm ein Telefon',
    'Heading and tilt can be read, if this device has sensors for them':
      'Himmelsrichtung und Neigung lassen sich messen, wenn dieses Gerät Sensoren dafür hat',
    'This browser does not read light, as nearly all do not; Chrome on Android does once “Generic Sensor Extra Classes” is on at chrome://flags':
      'Dieser Browser misst kein Licht, wie fast alle; Chrome auf Android kann es, sobald „Generic Sensor Extra Classes“ unter chrome://flags an ist',
    'Light can be read, if this device has a sensor for it':
      'Licht lässt sich messen, wenn dieses Gerät einen Sensor dafür hat',
    'This browser does not say where it is: use another':
      'Dieser Browser verrät nicht, wo er ist: Nimm einen anderen',
    'Location can be read, rounded to about a kilometre':
      'Der Standort lässt sich bestimmen, auf etwa einen Kilometer gerundet',
    'This browser cannot use a microphone: use another':
      'Dieser Browser kann kein Mikrofon benutzen: Nimm einen anderen',
    'The sound level can be estimated with a microphone, and no sound is kept':
      'Die Lautstärke lässt sich mit einem Mikrofon schätzen; kein Ton wird behalten',
    'The battery of this device can be read': 'Der Akku dieses Geräts lässt sich ablesen',
    'This page did not come over a secure connection: open it by https, or on localhost':
      'Diese Seite kam nicht über eine sichere Verbindung: Öffne sie über https oder auf localhost',
    'Bluetooth sensors can be paired': 'Bluetooth-Sensoren lassen sich koppeln',
    'Bluetooth is off or missing: turn it on to pair a sensor':
      'Bluetooth ist aus oder fehlt: Schalte es ein, um einen Sensor zu koppeln',
    'This browser cannot use a camera: use another':
      'Dieser Browser kann keine Kamera benutzen: Nimm einen anderen',
    'QR codes can be read with a camera; for bar codes use Chrome on Android':
      'QR-Codes lassen sich mit einer Kamera lesen; für Strichcodes nimm Chrome auf Android',
    'QR and bar codes can be read with a camera': 'QR- und Strichcodes lassen sich mit einer Kamera lesen',
    'Chrome on Linux has Web Bluetooth once “Experimental Web Platform features” is on at chrome://flags':
      'Chrome auf Linux hat Web Bluetooth, sobald „Experimental Web Platform features“ unter chrome://flags an ist',
    'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone':
      'iPhone: Safari hat kein Web Bluetooth; nimm Bluefy oder kopple den Sensor an einem anderen Telefon',
    'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device':
      'iPad: Safari hat kein Web Bluetooth; nimm Bluefy oder kopple den Sensor an einem anderen Gerät',
    'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone':
      'Firefox hat kein Web Bluetooth; nimm Chrome oder Edge oder kopple den Sensor an einem anderen Telefon',
    'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone':
      'Dieser Browser hat kein Web Bluetooth; nimm Chrome oder Edge oder kopple den Sensor an einem anderen Telefon',
    'Serial devices can be read over Bluetooth; by cable only with a new Chrome, so a computer is safer':
      'Serielle Geräte lassen sich über Bluetooth lesen; per Kabel nur mit einem neuen Chrome, also besser am Computer',
    'Serial devices can be read: receivers, readers, meters and boards on a USB or serial cable':
      'Serielle Geräte lassen sich lesen: Empfänger, Lesegeräte, Zähler und Platinen an USB oder seriellem Kabel',
    'This phone cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says':
      'Dieses Telefon kann kein serielles Kabel lesen: Nimm Chrome oder Edge am Computer oder füge eine Datei mit den Ausgaben des Geräts hinzu',
    'This browser cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says':
      'Dieser Browser kann kein serielles Kabel lesen: Nimm Chrome oder Edge am Computer oder füge eine Datei mit den Ausgaben des Geräts hinzu',
    'iPhone: no browser reads its battery': 'iPhone: Kein Browser liest seinen Akku',
    'iPad: no browser reads its battery': 'iPad: Kein Browser liest seinen Akku',
    'Firefox does not read the battery; use Chrome or Edge':
      'Firefox liest den Akku nicht; nimm Chrome oder Edge',
    'This browser does not read the battery; use Chrome or Edge':
      'Dieser Browser liest den Akku nicht; nimm Chrome oder Edge',
  },
}
