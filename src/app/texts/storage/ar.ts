import { count, form } from '../../numbers.ts'
import type { en } from './en.ts'

const readingsWords = (readings: number) =>
  form(readings, {
    one: 'قراءة واحدة',
    two: 'قراءتان',
    few: `${count(readings)} قراءات`,
    other: `${count(readings)} قراءة`,
  })

export const ar: typeof en = {
  used: (used, quota) => `المستخدم ${used} من ${quota} يسمح بها المتصفح.`,
  notSaid: 'لا يذكر هذا المتصفح كم يسمح به.',
  meter: 'التخزين المستخدم',
  blocksTake: (bytes, blocks) => `تشغل الكتل منها ${bytes} (عددها ${count(blocks)}).`,
  kept: 'يُبقيها المتصفح حتى حين تضيق المساحة.',
  keepRefused:
    'لم يوافق المتصفح. كثير منها يوافق بعد تثبيت Weft أو كثرة استخدامه. وحتى ذلك الحين قد يمحو كل شيء حين تضيق المساحة.',
  mayClear: 'قد يمحوها المتصفح حين تضيق المساحة، أو إن لم يُفتح Weft مدة طويلة.',
  askToKeep: 'اطلب من المتصفح إبقاءها',
  byThing: 'بحسب الأشياء',
  noThings: 'حين يوجد شيء تُعرض هنا المساحة التي يشغلها.',
  blocks: (blocks) =>
    form(blocks, {
      zero: 'لا كتل',
      one: 'كتلة واحدة',
      two: 'كتلتان',
      few: `${count(blocks)} كتل`,
      other: `${count(blocks)} كتلة`,
    }),
  readingsInThem: (readings) => `فيها ${readingsWords(readings)}.`,
  deleteHistory: 'حذف السجل',
  itsScreen: 'صفحة هذا الشيء',
  makeRoom: 'توفير مساحة',
  deleteFromAll: 'الحذف من كل الأشياء',
  rules: {
    settings: 'ما انقضت مدة حفظه المحددة لكل شيء',
    week: 'أقدم من أسبوع',
    month: 'أقدم من 30 يومًا',
    quarter: 'أقدم من 90 يومًا',
    year: 'أقدم من سنة',
  },
  makeRoomNow: 'توفير مساحة…',
  keptForGood: 'كل الأشياء تحتفظ بقراءاتها دائمًا، فلا شيء يُحذف.',
  nothingSaved: 'لم يحفظ أي شيء على هذا الجهاز قراءات بعد.',
  leftAsBefore: (things) =>
    form(things, {
      one: 'بقي شيء واحد كما كان.',
      two: 'بقي شيئان كما كانا.',
      few: `بقيت ${count(things)} أشياء كما كانت.`,
      other: `بقي ${count(things)} شيئًا كما كان.`,
    }),
  deleteOlder: 'هل تُحذف القراءات القديمة؟',
  gone: 'يزول من هذا الجهاز نهائيًا:',
  before: (date) => `ما قبل ${date}`,
  andMore: (things) => `وغيرها: ${count(things)}`,
  stays:
    'يبقى: القراءات الأحدث، والأشياء وإعداداتها، والدفعات، وما شاركه الآخرون. تُحذف الكتلة حين تكون كل قراءاتها بهذا القِدم.',
  elsewhere: (words) => `في أماكن أخرى: ${words}`,
  deleting: 'جارٍ الحذف',
  delete: 'حذف',
  keep: 'إبقاء',
  waiting: (readings) => `بانتظار الكتلة التالية: ${readingsWords(readings)}`,
  noneWaiting: 'كل القراءات في كتل',
  cancel: 'إلغاء',
  saveNow: 'الحفظ الآن',
  sealing: 'جارٍ ختم كتلة',
  percent: (percent, left) => (left === undefined ? `${percent}%` : `${percent}%، ${left}`),
  saved: 'حُفظ',
  outboxFull: 'لم يستلم النظير قراءات جديدة مدة أطول مما ينبغي، ففُقدت أقدمها.',
}
