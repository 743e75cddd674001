import { count } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  title: 'Ajustes',
  network: 'Red',
  storage: 'Almacenamiento',
  joinNetwork: 'Entrar en una red, crearla o compartirla',
  appearance: 'Apariencia',
  appearances: { system: 'Sistema', light: 'Clara', dark: 'Oscura' },
  language: 'Idioma',
  languageOfBrowser: 'Como el navegador',
  tryAgain: 'Volver a intentarlo',
  notifications: 'Notificaciones',
  notify: {
    granted:
      'Permitidas. Te enteras de los avisos y de los pagos que llegan mientras Weft no está a la vista.',
    default:
      'Aún no se ha preguntado. Te enterarías de los avisos y de los pagos que llegan mientras Weft no está a la vista.',
    denied:
      'No permitidas. Weft te lo dice aquí. Para cambiarlo, abre los ajustes de esta página junto a la barra de direcciones.',
    none: 'Este navegador no las ofrece a las páginas. En un iPhone o iPad llegan con Weft en la pantalla de inicio. Hasta entonces, Weft te lo dice aquí.',
  },
  allowNotifications: 'Permitir notificaciones…',
  sendTest: 'Enviar una prueba',
  testBody: 'Así te avisa Weft de algo.',
  testShown: 'Enviada. Si no ves nada, el dispositivo está reteniendo las notificaciones.',
  testNotShown: 'El navegador no ha mostrado ninguna.',
  receivedTitle: 'Pago recibido',
  received: (sum) => `Has recibido ${sum}, ya definitivo.`,
  receivedMany: (sum, payments) => `Has recibido ${sum} en ${count(payments)} pagos, ya definitivos.`,
  whileLogging: 'Mientras se registra',
  keepOn: 'Mantener la pantalla encendida',
  wakeMeans:
    'La pantalla sigue encendida mientras Weft está a la vista, hasta que lo apagues aquí o cierres Weft. Gasta más batería.',
  wakeCannot:
    'Este navegador no puede mantener la pantalla encendida. Los ajustes del dispositivo sí pueden.',
  wakeRefused: 'El navegador no lo ha permitido: queda poca batería o se está ahorrando energía.',
  hiddenTabs:
    'Cuando una página no está a la vista, el navegador la frena en menos de un minuto y a veces la detiene: las lecturas llegan tarde o no llegan. En un iPhone o iPad se detiene al instante. Lo leído antes se conserva.',
  install: 'Instalar',
  installWays: {
    installed: 'Weft funciona como aplicación en este dispositivo.',
    offer:
      'Como aplicación, Weft tiene su propia ventana y su icono, y lo que guarda está más seguro. No se mueve ni se copia nada.',
    ios: 'En un iPhone o iPad, Safari borra lo que guardó una página si no se abre durante una semana, y solo deja notificar a las aplicaciones instaladas. Toca Compartir y luego «Añadir a pantalla de inicio». Allí la aplicación empieza de cero: ten a mano tus doce palabras.',
    menu: 'Si este navegador puede instalar aplicaciones, en su menú pone «Instalar» o «Añadir a pantalla de inicio». Sin ello, Weft funciona igual.',
  },
  installWeft: 'Instalar Weft…',
  installHint:
    'Weft puede ser una aplicación propia en este dispositivo, y así lo que guarda está más seguro. Lo encuentras en Ajustes, en Instalar.',
  installHintIos:
    'Safari borra lo que guarda una página si no se abre durante una semana. Como aplicación en la pantalla de inicio, Weft lo conserva y puede avisarte: toca Compartir y después Añadir a pantalla de inicio. Tienes más en Ajustes, en Instalar.',
  about: 'Acerca de Weft',
  version: 'Versión',
  built: 'Compilada el',
  licences: 'Licencias de lo que compone Weft',
  diagnostics: 'Diagnóstico',
  diagnosticsMeans:
    'Cómo le va a Weft aquí, para quien te ayude (en inglés). No contiene nombres, lecturas, notas, claves ni identificadores. No sale de aquí si no lo copias o lo guardas.',
  oneMoment: 'Un momento…',
  copy: 'Copiar',
  copied: 'Copiado',
  copyRefused: 'El navegador no ha dejado copiar. Selecciona el texto y cópialo a mano.',
  save: 'Guardar',
  saved: 'Guardado como descarga',
}
