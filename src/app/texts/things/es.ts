import type { en } from './en.ts'

export const es: typeof en = {
  none: 'Aún no hay cosas. Añade un sensor, el movimiento de este teléfono o un sensor simulado.',
  onThisDevice: (blocks, bytes) => `${blocks}, ${bytes} en este dispositivo`,
  thisDevicesId: 'el identificador de este dispositivo',
  simulatedRoom: 'Habitación simulada',

  noReading: 'aún sin lecturas',
  battery: 'Batería',
  readMore: 'Seguir leyendo',
  reconnect: 'Reconectar',
  fromPeer: 'de un par',

  noValues: 'Aún no hay valores.',
  noReadings: 'No hay lecturas en este periodo.',
  reading: 'Leyendo…',
  newestReadings: 'Lecturas más recientes',
  newestFirst: 'Las lecturas más recientes, la última primero',
  time: 'Hora',
  what: 'Qué',
  value: 'Valor',

  thisBrowser: 'Este navegador',
  otherSensors: 'Otros sensores',
  capabilities: {
    'Sensors that only broadcast can be heard, such as Ruuvi, BTHome and caps on tyres':
      'Se reciben los sensores que solo emiten, como Ruuvi, BTHome y las tapas de válvula de los neumáticos',
    'This browser does not hear what Bluetooth sensors broadcast; Chrome does once “Experimental Web Platform features” is on at chrome://flags':
      'Este navegador no recibe lo que emiten los sensores Bluetooth; Chrome sí, si se activa «Experimental Web Platform features» en chrome://flags',
    'This browser cannot read motion: use a phone':
      'Este navegador no puede medir el movimiento: usa un teléfono',
    'Motion can be read, if this device has a sensor for it':
      'Se puede medir el movimiento, si este dispositivo tiene un sensor para ello',
    'This browser cannot read which way it is held: use a phone':
      'Este navegador no sabe cómo se sostiene el dispositivo: usa un teléfono',
    'Heading and tilt can be read, if this device has sensors for them':
      'Se pueden medir el rumbo y la inclinación, si este dispositivo tiene sensores para ello',
    'This browser does not read light, as nearly all do not; Chrome on Android does once “Generic Sensor Extra Classes” is on at chrome://flags':
      'Este navegador no mide la luz, como casi ninguno; Chrome en Android sí, si se activa «Generic Sensor Extra Classes» en chrome://flags',
    'Light can be read, if this device has a sensor for it':
      'Se puede medir la luz, si este dispositivo tiene un sensor para ello',
    'This browser does not say where it is: use another': 'Este navegador no dice dónde está: usa otro',
    'Location can be read, rounded to about a kilometre':
      'Se puede leer la ubicación, redondeada a un kilómetro más o menos',
    'This browser cannot use a microphone: use another':
      'Este navegador no puede usar un micrófono: usa otro',
    'The sound level can be estimated with a microphone, and no sound is kept':
      'El nivel de sonido se puede estimar con un micrófono, y no se guarda ningún sonido',
    'The battery of this device can be read': 'Se puede leer la batería de este dispositivo',
    'This page did not come over a secure connection: open it by https, or on localhost':
      'Esta página no ha llegado por una conexión segura: ábrela por https o en localhost',
    'Bluetooth sensors can be paired': 'Se pueden emparejar sensores Bluetooth',
    'Bluetooth is off or missing: turn it on to pair a sensor':
      'El Bluetooth está apagado o no existe: enciéndelo para emparejar un sensor',
    'This browser cannot use a camera: use another': 'Este navegador no puede usar una cámara: usa otro',
    'QR codes can be read with a camera; for bar codes use Chrome on Android':
      'Se pueden leer códigos QR con una cámara; para códigos de barras, usa Chrome en Android',
    'QR and bar codes can be read with a camera': 'Se pueden leer códigos QR y de barras con una cámara',
    'Chrome on Linux has Web Bluetooth once “Experimental Web Platform features” is on at chrome://flags':
      'Chrome en Linux tiene Web Bluetooth si se activa «Experimental Web Platform features» en chrome://flags',
    'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone':
      'iPhone: Safari no tiene Web Bluetooth; usa Bluefy o empareja el sensor en otro teléfono',
    'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device':
      'iPad: Safari no tiene Web Bluetooth; usa Bluefy o empareja el sensor en otro dispositivo',
    'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone':
      'Firefox no tiene Web Bluetooth; usa Chrome o Edge, o empareja el sensor en otro teléfono',
    'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone':
      'Este navegador no tiene Web Bluetooth; usa Chrome o Edge, o empareja el sensor en otro teléfono',
    'Serial devices can be read over Bluetooth; by cable only with a new Chrome, so a computer is safer':
      'Se pueden leer dispositivos serie por Bluetooth; por cable solo con un Chrome reciente, así que mejor un ordenador',
    'Serial devices can be read: receivers, readers, meters and boards on a USB or serial cable':
      'Se pueden leer dispositivos serie: receptores, lectores, contadores y placas con cable USB o serie',
    'This phone cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says':
      'Este teléfono no puede leer un cable serie: usa Chrome o Edge en un ordenador, o añade un archivo con lo que dice el dispositivo',
    'This browser cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says':
      'Este navegador no puede leer un cable serie: usa Chrome o Edge en un ordenador, o añade un archivo con lo que dice el dispositivo',
    'iPhone: no browser reads its battery': 'iPhone: ningún navegador lee su batería',
    'iPad: no browser reads its battery': 'iPad: ningún navegador lee su batería',
    'Firefox does not read the battery; use Chrome or Edge': 'Firefox no lee la batería; usa Chrome o Edge',
    'This browser does not read the battery; use Chrome or Edge':
      'Este navegador no lee la batería; usa Chrome o Edge',
  },
}
