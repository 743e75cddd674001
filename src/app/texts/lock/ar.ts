import { count, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const ar: typeof en = {
  title: 'مقفل',
  meaning: 'كل ما حُفظ باقٍ. لا يُوقَّع شيء ولا يُشارَك ولا يُسجَّل حتى تفتح القفل.',
  passphrase: 'عبارة المرور',
  unlock: 'فتح القفل',
  unlocking: 'جارٍ فتح القفل',
  usePasskey: 'استخدام مفتاح المرور',
  tooManyWrong: (seconds) =>
    `أُدخلت عبارات مرور خاطئة كثيرة متتالية. حاول مجددًا بعد ${form(seconds, {
      one: 'ثانية واحدة',
      two: 'ثانيتين',
      few: `${count(seconds)} ثوانٍ`,
      other: `${count(seconds)} ثانية`,
    })}.`,
  forgotten: 'نسيتُها',
  forgottenMeans:
    'لا أحد يستطيع معرفة عبارة المرور. الكلمات الاثنتا عشرة لهذا الجهاز تفتحه من جديد بكل ما فيه.',
  whileLocked:
    'ما دام Weft مقفلًا فهو لا يوقّع شيئًا ولا يلتقي أحدًا، ولا تُسجَّل المستشعرات حتى تفتح القفل. وتُحفظ أولًا القراءات التي أُخذت من قبل.',
  lockNow: 'القفل الآن',
  locking: 'جارٍ القفل',
  lockByItself: 'القفل تلقائيًا',
  never: 'أبدًا',
  afterMinutes: (minutes) =>
    minutes === 60
      ? 'بعد ساعة دون استخدام'
      : `بعد ${form(minutes, { few: `${count(minutes)} دقائق`, other: `${count(minutes)} دقيقة` })} دون استخدام`,
  everyStart: 'يطلب Weft عبارة المرور أيضًا عند كل تشغيل، وعند إغلاق علامة التبويب التي تقوم بعمله.',
  anotherPassphrase: 'عبارة مرور أخرى',
  withoutPassphrase:
    'من دون عبارة مرور يستطيع كل من يستخدم هذا المتصفح أن يستخدم Weft. ومعها تُطلب عند كل تشغيل. ولا أحد يستطيع معرفتها نيابة عنك: إن نسيتها فلا تنفع إلا الكلمات الاثنتا عشرة.',
  yourPassphrase: 'عبارة مرورك',
  newPassphrase: 'عبارة مرور جديدة',
  newPassphraseHint: 'يحسُن أن تكون أربع كلمات أو خمسًا لا صلة بينها.',
  sameAgain: 'العبارة نفسها مرة أخرى',
  tooShort: (characters) =>
    `على الأقل ${form(characters, { few: `${count(characters)} أحرف`, other: `${count(characters)} حرفًا` })}. بضع كلمات خير من كلمة واحدة.`,
  notTheSame: 'العبارتان غير متطابقتين.',
  changePassphrase: 'تغيير عبارة المرور',
  setPassphrase: 'تعيين عبارة المرور',
  workingOutKey: 'جارٍ حساب المفتاح',
  passphraseSet: 'عُيّنت عبارة المرور.',
  removePassphrase: 'إزالة عبارة المرور…',
  removePassphraseAsk: 'هل تُزال عبارة المرور؟',
  removeMeans: 'عندئذ يستطيع كل من يستخدم هذا المتصفح أن يستخدم Weft. ويُزال معها مفتاح المرور إن وُجد.',
  remove: 'إزالة',
  keep: 'إبقاء',
  oneMoment: 'لحظة واحدة',
  passkey: 'مفتاح المرور',
  passkeyUnlocks: 'مفتاح المرور يفتح القفل أيضًا: بصمتك أو وجهك أو مفتاح تصله بالجهاز.',
  removePasskey: 'إزالة مفتاح المرور',
  passkeyMeans: 'طريقة ثانية لفتح القفل: بصمتك أو وجهك أو مفتاح تصله بالجهاز. وتبقى عبارة المرور.',
  addPasskey: 'إضافة مفتاح مرور',
  noPasskeys: 'لا يوفر هذا المتصفح مفاتيح مرور تفتح القفل. عبارة مرورك تفتحه.',
  passkeyName: 'Weft على هذا الجهاز',
  passkeyFaults: {
    'not-here': 'لا يوفر هذا المتصفح مفاتيح مرور في هذه الصفحة. عبارة مرورك ما زالت تفتح القفل.',
    cancelled: 'لم يُستخدم أي مفتاح مرور. لم يتغيّر شيء.',
    'no-prf': 'مفتاح المرور هذا لا يستطيع فتح القفل: لا يولّد سرًا (PRF). لم يتغيّر شيء. جرّب غيره.',
  },
}
