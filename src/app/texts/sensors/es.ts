import { count, counted, form } from '../../numbers.ts'
import type { en, ProblemWords } from './en.ts'

export const es: typeof en = {
  unread: (messages) =>
    counted(messages, { one: 'mensaje no se pudo leer', other: 'mensajes no se pudieron leer' }),
  tooFast: (messages) =>
    counted(messages, {
      one: 'mensaje llegó demasiado rápido',
      other: 'mensajes llegaron demasiado rápido',
    }),
  both: (one, other) => `${one} y ${other}`,
  passedOver: (what, messages) =>
    `${what}; ${form(messages, { one: 'se ha omitido', other: 'se han omitido' })}. Todos los demás se conservan.`,
  firmware: (version) => `firmware ${version}`,
  rowsRead: (rows) => `${counted(rows, { one: 'línea leída', other: 'líneas leídas' })}.`,
  knownBefore: (readings) =>
    form(readings, {
      one: `${count(readings)} lectura ya estaba aquí.`,
      other: `${count(readings)} lecturas ya estaban aquí.`,
    }),
  badRows: (rows, named) =>
    form(rows, {
      one: `${count(rows)} línea no se pudo leer y se ha omitido: ${named}.`,
      other: `${count(rows)} líneas no se pudieron leer y se han omitido: ${named}.`,
    }),
  andMore: (named) => `${named} y más`,
  comma: ', ',
  reading: (percent) => `leyendo, ${percent} %`,
  allRead: 'todo leído',
  problems: {
    insecure:
      'Esta página no ha llegado por una conexión segura, así que el navegador oculta sus sensores. No se ha perdido nada. Ábrela por https o en localhost.',
    'bluetooth-unsupported':
      'Este navegador no tiene Web Bluetooth, así que aquí no se puede emparejar ningún sensor. No se ha perdido nada. Usa Chrome o Edge (en un iPhone: Bluefy; en Linux: con «Experimental Web Platform features» activado en chrome://flags) o empareja el sensor en otro teléfono.',
    'bluetooth-off':
      'El Bluetooth está apagado o este dispositivo no tiene. Las lecturas anteriores se conservan. Enciende el Bluetooth e inténtalo de nuevo.',
    'bluetooth-refused':
      'El navegador no tenía permiso para usar el Bluetooth. Las lecturas anteriores se conservan. Permítelo para esta página en el navegador y para el navegador en los ajustes del sistema, e inténtalo de nuevo.',
    cancelled:
      'No se ha elegido ningún sensor, así que no se ha emparejado nada. Si el tuyo no estaba en la lista, despiértalo (póntelo, súbete encima, pulsa su botón) o enchufa su cable e inténtalo de nuevo.',
    unreachable:
      'No se ha podido conectar con el sensor. Las lecturas anteriores se conservan. Despiértalo, acércalo, desconéctalo de otras aplicaciones y relojes, y vuelve a conectarlo.',
    'wrong-device':
      'Este dispositivo no ofrece estas lecturas. No se ha perdido nada. Activa en él la emisión o el uso compartido, si los tiene, o empareja otro sensor.',
    'changed-device':
      'Este sensor ha vuelto sin las lecturas que daba antes. Las lecturas anteriores se conservan. Apágalo y vuelve a encenderlo, o deja que termine de actualizarse, y vuelve a conectarlo.',
    'adverts-unsupported':
      'Este navegador no recibe lo que emiten los sensores Bluetooth. No se ha perdido nada. En Chrome, activa «Experimental Web Platform features» en chrome://flags, o usa un sensor que se empareje.',
    'no-adverts':
      'No se ha recibido de este sensor nada que se pueda leer. No se ha perdido nada. Despiértalo, acércalo, desactiva el cifrado en su propia aplicación e inténtalo de nuevo.',
    'bluetooth-failed':
      'El Bluetooth ha dejado de funcionar. Las lecturas anteriores se conservan. Apaga el Bluetooth, enciéndelo otra vez y vuelve a conectar.',
    'serial-unsupported':
      'Este navegador no puede leer un cable serie. No se ha perdido nada. Usa Chrome o Edge en un ordenador, o guarda en un archivo lo que dice el dispositivo y añádelo.',
    'serial-refused':
      'El navegador no tenía permiso para usar el puerto serie. Las lecturas anteriores se conservan. Permítelo para esta página en el navegador e inténtalo de nuevo.',
    'port-busy':
      'No se ha podido abrir el puerto: quizá lo use otro programa u otra página, o el sistema no lo permita. Las lecturas anteriores se conservan. Cierra lo que lo use, o desenchufa el cable y vuelve a enchufarlo, e inténtalo de nuevo.',
    'port-lost':
      'El dispositivo se ha desenchufado o su línea ha dejado de responder. Las lecturas anteriores se conservan. Enchúfalo otra vez y vuelve a conectarlo.',
    'no-data':
      'Del dispositivo no ha llegado nada que se pueda leer, a ninguna de las velocidades probadas. Las lecturas anteriores se conservan. Enciéndelo, comprueba que el puerto y el cable son los correctos, fija tú la velocidad si la sabes e inténtalo de nuevo.',
    'no-file':
      'No se ha elegido ningún archivo, así que no se ha leído nada. Las lecturas anteriores se conservan. Elige uno cuando quieras seguir.',
    'unreadable-text':
      'En este archivo o texto no había nada que se pudiera leer como lecturas. No se ha perdido nada. Elige uno con una lectura por línea: JSON, valores separados por comas, sentencias NMEA o marcas de animales.',
    'motion-unsupported':
      'Este navegador no puede leer sensores de movimiento. No se ha perdido nada. Usa otro navegador o añade esta cosa en un teléfono.',
    'motion-refused':
      'El navegador no tenía permiso para leer los sensores de movimiento. Las lecturas anteriores se conservan. Permítelos para esta página en el navegador, o cierra esta página, ábrela otra vez y elige «Permitir».',
    'no-sensor':
      'El sensor no ha dicho nada. Las lecturas anteriores se conservan. Puede que este dispositivo no tenga ninguno, o que el navegador lo bloquee en los ajustes de esta página; un teléfono sí lo tiene.',
    'light-unsupported':
      'Este navegador no mide la luz, como casi ninguno. No se ha perdido nada. Usa Chrome en Android, con «Generic Sensor Extra Classes» activado en chrome://flags.',
    'light-refused':
      'El navegador no tenía permiso para medir la luz. Las lecturas anteriores se conservan. Permite los sensores de movimiento y de luz para esta página en el navegador e inténtalo de nuevo.',
    'location-unsupported': 'Este navegador no dice dónde está. No se ha perdido nada. Usa otro navegador.',
    'location-refused':
      'El navegador no tenía permiso para decir dónde está este dispositivo. Las lecturas anteriores se conservan. Permite la ubicación para esta página en el navegador y para el navegador en los ajustes del sistema, e inténtalo de nuevo.',
    'location-unavailable':
      'Este dispositivo no ha podido averiguar dónde está. Las lecturas anteriores se conservan. Activa la ubicación en los ajustes del sistema, acércate a una ventana o sal al aire libre e inténtalo de nuevo.',
    'microphone-unsupported':
      'Este navegador no puede usar un micrófono. No se ha perdido nada. Usa otro navegador.',
    'microphone-refused':
      'El navegador no tenía permiso para usar el micrófono. Las lecturas anteriores se conservan. Permítelo para esta página en el navegador e inténtalo de nuevo: del micrófono solo sale cuánto ruido hay, nunca el sonido.',
    'microphone-failed':
      'El micrófono no da sonido. Las lecturas anteriores se conservan. Puede que este dispositivo no tenga, que esté silenciado o que lo use otra aplicación. Compruébalo e inténtalo de nuevo.',
    'battery-unsupported':
      'Este navegador no lee la batería. No se ha perdido nada. Usa Chrome o Edge; en un iPhone no lo hace ninguno.',
    'camera-unsupported':
      'Este navegador no puede usar una cámara. No se ha perdido nada. Usa otro navegador.',
    'camera-refused':
      'El navegador no tenía permiso para usar la cámara. Las lecturas anteriores se conservan. Permítela para esta página en el navegador e inténtalo de nuevo: solo se guarda lo que dicen los códigos, nunca una imagen.',
    'camera-failed':
      'La cámara no da imagen. Las lecturas anteriores se conservan. Puede que este dispositivo no tenga, o que la use otra aplicación. Cierra esa aplicación e inténtalo de nuevo.',
  } satisfies ProblemWords,
}
