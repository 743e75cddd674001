import { count, counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  validators: (validators) => counted(validators, { one: 'Prüfer', other: 'Prüfer' }),
  agree: 'Prüfer einigen sich auf die Reihenfolge der Zahlungen.',
  validatorId: 'die Kennung des Prüfers',
  thisDevice: 'dieses Gerät',
  weight: (weight) => `Gewicht ${count(weight)}`,

  oneOnly: 'Es gibt einen Prüfer. Geht er verloren, stehen die Zahlungen still.',
  someMayBeLost: ({ bearable, of, stops }) =>
    bearable === 1
      ? `Von ${count(of)} Prüfern darf ein beliebiger verloren gehen, und die Zahlungen gehen weiter. Sind es 2, ${stops ? 'stehen sie still' : 'können sie stillstehen'}.`
      : `Von ${count(of)} Prüfern dürfen beliebige ${count(bearable)} verloren gehen, und die Zahlungen gehen weiter. Sind es ${count(bearable + 1)}, ${stops ? 'stehen sie still' : 'können sie stillstehen'}.`,
  noneMayBeLost: 'Geht einer von ihnen verloren, stehen die Zahlungen still.',
  heaviestNeeded: 'Geht der mit dem größten Gewicht verloren, stehen die Zahlungen still.',
  heavyNeeded: (needed) =>
    `Geht einer der ${count(needed)} mit dem größten Gewicht verloren, stehen die Zahlungen still.`,

  atLeastOne: 'Ein Netzwerk braucht mindestens einen Prüfer.',
  atMost: (most) => `Ein Netzwerk hat höchstens ${count(most)} Prüfer.`,
  noId: (line) =>
    `Zeile ${count(line)} ist keine Kennung eines Geräts. Eine Kennung beginnt mit did:key:z6Mk; die Geldbörse zeigt sie unter „Empfangen“.`,
  twice: 'Ein Prüfer steht zweimal da.',

  states: {
    none: 'Dieses Gerät ist kein Prüfer: Es zahlt, und andere einigen sich.',
    proposing: 'Dieses Gerät ist ein Prüfer und wirkt an der Einigung mit.',
    listening:
      'Dieses Gerät ist ein Prüfer, dessen Identität hier eingegeben wurde. Darum wartet es, bis es von den anderen Prüfern hört. Dann wirkt es an der Einigung mit.',
    alone:
      'Dieses Gerät ist ein Prüfer, dessen Identität hier eingegeben wurde. Es wirkt an der Einigung mit, sobald du sagst, dass keine andere Kopie davon läuft. Zwei laufende Kopien eines Prüfers zerstören das Netzwerk: Was für die einen endgültig ist, ist es für die anderen nicht.',
    diverged: 'Dieses Gerät ist ein Prüfer und wirkt an der Einigung nicht mehr mit.',
  },
  clockBehind: (duration) =>
    `Die Uhr dieses Geräts geht ${duration} nach, verglichen mit den anderen. Stelle sie richtig; bis dahin wirkt es an der Einigung nicht mit.`,
  clockAhead: (duration) =>
    `Die Uhr dieses Geräts geht ${duration} vor, verglichen mit den anderen. Stelle sie richtig; bis dahin wirkt es an der Einigung nicht mit.`,

  noCommits: 'noch nichts',
  commits: (commits, age) =>
    `${counted(commits, { one: 'Festschreibung', other: 'Festschreibungen' })}, die neueste ${age}`,

  isOnlyOne: 'Ist das die einzige, auf allen Geräten und in allen Browsern?',
  yesOnlyOne: 'Ja, die einzige',
  notSure: 'Ich bin nicht sicher',
  noOtherRuns: 'Keine andere Kopie läuft …',

  name: 'Name',
  nameMissing: 'Gib ihm einen Namen.',
  oneALine: 'Prüfer, eine Kennung pro Zeile',
  frail: (validators) =>
    `Bei ${count(validators)} Prüfern muss jeder da sein, das ist unsicherer als einer allein. Ab vier darf einer fehlen.`,
  money: (amount) =>
    `Sein ganzes Geld, ${amount}, gehört zuerst diesem Gerät. Dieses Gerät verlässt das Netzwerk, in dem es jetzt ist. Was dort gespeichert ist, bleibt, und eine Einladung führt zurück.`,
  making: 'Wird gegründet …',
  makeAndEnter: 'Gründen und beitreten',
  notNow: 'Nicht jetzt',
  made: 'Das Netzwerk ist gegründet, und dieses Gerät ist darin. Lade andere mit dem Link ein.',
}
