import { count, counted, form } from '../../numbers.ts'
import type { en, ProblemWords } from './en.ts'

export const de: typeof en = {
  unread: (messages) =>
    counted(messages, { one: 'Nachricht war nicht lesbar', other: 'Nachrichten waren nicht lesbar' }),
  tooFast: (messages) =>
    counted(messages, { one: 'Nachricht kam zu schnell', other: 'Nachrichten kamen zu schnell' }),
  both: (one, other) => `${one} und ${other}`,
  passedOver: (what, messages) =>
    `${what}; sie ${form(messages, { one: 'wurde', other: 'wurden' })} übergangen. Alle anderen sind gespeichert.`,
  firmware: (version) => `Firmware ${version}`,
  rowsRead: (rows) => `${counted(rows, { one: 'Zeile', other: 'Zeilen' })} gelesen.`,
  knownBefore: (readings) =>
    form(readings, {
      one: `${count(readings)} Messwert war schon da.`,
      other: `${count(readings)} Messwerte waren schon da.`,
    }),
  badRows: (rows, named) =>
    form(rows, {
      one: `${count(rows)} Zeile war nicht lesbar und wurde übergangen: ${named}.`,
      other: `${count(rows)} Zeilen waren nicht lesbar und wurden übergangen: ${named}.`,
    }),
  andMore: (named) => `${named} und weitere`,
  comma: ', ',
  reading: (percent) => `liest, ${percent} %`,
  allRead: 'ganz gelesen',
  problems: {
    insecure:
      'Diese Seite kam nicht über eine sichere Verbindung, darum verbirgt der Browser seine Sensoren. Nichts ging verloren. Öffne die Seite über https oder auf localhost.',
    'bluetooth-unsupported':
      'Dieser Browser hat kein Web Bluetooth, darum lässt sich hier kein Sensor koppeln. Nichts ging verloren. Nimm Chrome oder Edge (auf einem iPhone: Bluefy; unter Linux: mit „Experimental Web Platform features“ unter chrome://flags) oder kopple den Sensor an einem anderen Telefon.',
    'bluetooth-off':
      'Bluetooth ist aus, oder dieses Gerät hat keines. Bisherige Messwerte bleiben erhalten. Schalte Bluetooth ein und versuch es noch einmal.',
    'bluetooth-refused':
      'Der Browser durfte Bluetooth nicht benutzen. Bisherige Messwerte bleiben erhalten. Erlaube es dieser Seite im Browser und dem Browser in den Systemeinstellungen und versuch es noch einmal.',
    cancelled:
      'Es wurde kein Sensor ausgewählt, also wurde nichts gekoppelt. Wenn deiner nicht in der Liste war, weck ihn auf (trag ihn, stell dich darauf, drück seine Taste) oder steck sein Kabel ein und versuch es noch einmal.',
    unreachable:
      'Der Sensor war nicht zu erreichen. Bisherige Messwerte bleiben erhalten. Weck ihn auf, bring ihn näher heran, trenn ihn von anderen Apps und Uhren und verbinde ihn dann neu.',
    'wrong-device':
      'Dieses Gerät bietet diese Messwerte nicht an. Nichts ging verloren. Schalte an ihm das Senden oder Teilen ein, falls es das kann, oder kopple einen anderen Sensor.',
    'changed-device':
      'Dieser Sensor kam ohne die Messwerte zurück, die er vorher lieferte. Bisherige Messwerte bleiben erhalten. Schalte ihn aus und wieder ein oder lass seine Aktualisierung fertig werden und verbinde ihn dann neu.',
    'adverts-unsupported':
      'Dieser Browser empfängt nicht, was Bluetooth-Sensoren aussenden. Nichts ging verloren. Schalte in Chrome „Experimental Web Platform features“ unter chrome://flags ein oder nimm einen Sensor, der gekoppelt wird.',
    'no-adverts':
      'Von diesem Sensor war nichts Lesbares zu empfangen. Nichts ging verloren. Weck ihn auf, bring ihn näher heran, schalte in seiner eigenen App die Verschlüsselung aus und versuch es noch einmal.',
    'bluetooth-failed':
      'Bluetooth funktioniert nicht mehr. Bisherige Messwerte bleiben erhalten. Schalte Bluetooth aus und wieder ein und verbinde dann neu.',
    'serial-unsupported':
      'Dieser Browser kann kein serielles Kabel lesen. Nichts ging verloren. Nimm Chrome oder Edge am Computer oder speichere die Ausgaben des Geräts in einer Datei und füge sie hinzu.',
    'serial-refused':
      'Der Browser durfte den seriellen Anschluss nicht benutzen. Bisherige Messwerte bleiben erhalten. Erlaube es dieser Seite im Browser und versuch es noch einmal.',
    'port-busy':
      'Der Anschluss ließ sich nicht öffnen: Vielleicht benutzt ihn ein anderes Programm oder eine andere Seite, oder das System erlaubt es nicht. Bisherige Messwerte bleiben erhalten. Schließ, was ihn benutzt, oder zieh das Kabel ab, steck es wieder ein und versuch es noch einmal.',
    'port-lost':
      'Das Gerät wurde abgezogen, oder seine Leitung ist tot. Bisherige Messwerte bleiben erhalten. Steck es wieder ein und verbinde es dann neu.',
    'no-data':
      'Vom Gerät kam nichts Lesbares, bei keiner der Geschwindigkeiten, die probiert wurden. Bisherige Messwerte bleiben erhalten. Schalte es ein, prüf, ob Anschluss und Kabel die richtigen sind, stell die Geschwindigkeit von Hand ein, falls du sie kennst, und versuch es noch einmal.',
    'no-file':
      'Es wurde keine Datei ausgewählt, also wurde nichts gelesen. Bisherige Messwerte bleiben erhalten. Wähl eine aus, wenn du weitermachen willst.',
    'unreadable-text':
      'In dieser Datei oder diesem Text war nichts als Messwert zu lesen. Nichts ging verloren. Wähl etwas mit einem Messwert je Zeile: JSON, Werte mit Kommas dazwischen, NMEA-Sätze oder Tiermarken.',
    'motion-unsupported':
      'Dieser Browser kann keine Bewegungssensoren lesen. Nichts ging verloren. Nimm einen anderen Browser oder füge dieses Ding auf einem Telefon hinzu.',
    'motion-refused':
      'Der Browser durfte die Bewegungssensoren nicht lesen. Bisherige Messwerte bleiben erhalten. Erlaube sie dieser Seite im Browser, oder schließ diese Seite, öffne sie wieder und wähl „Erlauben“.',
    'no-sensor':
      'Vom Sensor kam nichts. Bisherige Messwerte bleiben erhalten. Vielleicht hat dieses Gerät keinen, oder der Browser sperrt ihn in den Einstellungen dieser Seite; ein Telefon hat einen.',
    'light-unsupported':
      'Dieser Browser misst kein Licht, wie fast alle. Nichts ging verloren. Nimm Chrome auf Android, mit „Generic Sensor Extra Classes“ unter chrome://flags.',
    'light-refused':
      'Der Browser durfte das Licht nicht messen. Bisherige Messwerte bleiben erhalten. Erlaube dieser Seite im Browser Bewegungs- und Lichtsensoren und versuch es noch einmal.',
    'location-unsupported':
      'Dieser Browser verrät nicht, wo er ist. Nichts ging verloren. Nimm einen anderen Browser.',
    'location-refused':
      'Der Browser durfte nicht sagen, wo dieses Gerät ist. Bisherige Messwerte bleiben erhalten. Erlaube den Standort dieser Seite im Browser und dem Browser in den Systemeinstellungen und versuch es noch einmal.',
    'location-unavailable':
      'Dieses Gerät konnte nicht herausfinden, wo es ist. Bisherige Messwerte bleiben erhalten. Schalte in den Systemeinstellungen den Standort ein, geh ans Fenster oder nach draußen und versuch es noch einmal.',
    'microphone-unsupported':
      'Dieser Browser kann kein Mikrofon benutzen. Nichts ging verloren. Nimm einen anderen Browser.',
    'microphone-refused':
      'Der Browser durfte das Mikrofon nicht benutzen. Bisherige Messwerte bleiben erhalten. Erlaube es dieser Seite im Browser und versuch es noch einmal: Nur wie laut es ist, verlässt das Mikrofon, nie ein Ton.',
    'microphone-failed':
      'Vom Mikrofon kommt kein Ton. Bisherige Messwerte bleiben erhalten. Vielleicht hat dieses Gerät keines, es ist stummgeschaltet, oder eine andere App benutzt es. Sieh nach und versuch es noch einmal.',
    'battery-unsupported':
      'Dieser Browser liest den Akku nicht. Nichts ging verloren. Nimm Chrome oder Edge; auf einem iPhone kann es keiner.',
    'camera-unsupported':
      'Dieser Browser kann keine Kamera benutzen. Nichts ging verloren. Nimm einen anderen Browser.',
    'camera-refused':
      'Der Browser durfte die Kamera nicht benutzen. Bisherige Messwerte bleiben erhalten. Erlaube sie dieser Seite im Browser und versuch es noch einmal: Nur was Codes sagen, wird behalten, nie ein Bild.',
    'camera-failed':
      'Von der Kamera kommt kein Bild. Bisherige Messwerte bleiben erhalten. Vielleicht hat dieses Gerät keine, oder eine andere App benutzt sie. Schließ diese App und versuch es noch einmal.',
  } satisfies ProblemWords,
}
