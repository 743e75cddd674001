import { count, form, isolated } from '../../numbers.ts'
import type { en } from './en.ts'

const readings = (number: number) =>
  form(number, {
    one: 'قراءة واحدة',
    two: 'قراءتان',
    few: `${count(number)} قراءات`,
    other: `${count(number)} قراءة`,
  })

const rows = (number: number) =>
  form(number, {
    one: 'صف واحد',
    two: 'صفّان',
    few: `${count(number)} صفوف`,
    many: `${count(number)} صفًّا`,
    other: `${count(number)} صف`,
  })

export const ar: typeof en = {
  history: 'السجل',
  range: 'المدة',
  ranges: { '1h': 'ساعة', '24h': '24 ساعة', '7d': '7 أيام', '30d': '30 يومًا', all: 'الكل' },
  shown: 'المعروض',
  withUnit: (what, unit) => `${what}، ${isolated(unit)}`,
  chart: 'مخطط بياني',
  chartLabel: (what) => `${what}: المتوسط والمدى`,
  chartKeys: (label) =>
    `${label}. تحرّكه مفاتيح الأسهم، ويكبّره ويصغّره مفتاحا الزائد والناقص، وينتقل مفتاحا Home وEnd إلى طرفيه. والبيانات نفسها في جدول أدناه.`,
  pointed: (when, mean, min, max) => `${when}: ${isolated(mean)} (من ${isolated(min)} إلى ${isolated(max)})`,
  noReadingsThen: (when) => `${when}: لا قراءات`,
  facts: (when, min, max, mean) =>
    `${when}: من ${isolated(min)} إلى ${isolated(max)}، المتوسط ${isolated(mean)}`,
  sealed: 'محتوى هذه الكتل مختوم.',
  noReadingsYet: 'لا قراءات بعد.',
  readingHistory: 'جارٍ قراءة السجل…',
  missing: (records) =>
    `${form(records, {
      one: 'سجل واحد من هذا الوقت تقريبًا ليس على هذا الجهاز ويظهر فجوةً',
      two: 'سجلان من هذا الوقت تقريبًا ليسا على هذا الجهاز ويظهران فجوتين',
      few: `${count(records)} سجلات من هذا الوقت تقريبًا ليست على هذا الجهاز وتظهر فجوات`,
      many: `${count(records)} سجلًا من هذا الوقت تقريبًا ليست على هذا الجهاز وتظهر فجوات`,
      other: `${count(records)} سجل من هذا الوقت تقريبًا ليست على هذا الجهاز وتظهر فجوات`,
    })}. ويُطلب الناقص من النظراء.`,
  asTable: 'عرض كجدول',
  single: 'القراءات المفردة',

  moveChart: 'تحريك المخطط',
  earlier: 'الأقدم',
  later: 'الأحدث',
  zoomIn: 'تكبير',
  zoomOut: 'تصغير',
  followNow: 'متابعة الآن',

  tableCaption: 'أدنى قيمة ومتوسطها وأعلاها في كل مدة من الوقت',
  from: 'من',
  min: 'الأدنى',
  mean: 'المتوسط',
  max: 'الأعلى',
  noReadingsInRange: 'لا قراءات في هذه المدة.',
  reading: 'جارٍ القراءة…',

  format: 'الصيغة',
  formats: { csv: 'CSV، لجداول البيانات', json: 'JSON، للبرامج', senml: 'SenML، لأنظمة أخرى' },
  readings: 'القراءات',
  allReadings: 'كلها',
  shownReadings: 'المعروضة',
  shownReadingsOf: (span) => `المعروضة: ${span}`,
  writing: 'جارٍ كتابة الملف',
  export: 'تصدير',
  describe: 'وصف لبرامج أخرى',
  fileMade: (size) => `الملف جاهز: ${isolated(size)}.`,
  exportCancelled: 'أُلغي. لم يُنشأ أي ملف.',

  importHint:
    'يضيف إلى هذا الشيء قراءات ملف CSV أو JSON أو SenML كالتي يصدّرها Weft. ما هو موجود هنا لا يُضاف مرتين.',
  takingIn: 'جارٍ إضافة القراءات',
  chooseFile: 'اختيار ملف…',
  importCancelled: 'أُلغي. ما أُضيف حتى الآن باقٍ.',
  moreRows: (number) =>
    form(number, {
      one: 'وأيضًا صف واحد آخر.',
      two: 'وأيضًا صفّان آخران.',
      few: `و${count(number)} صفوف أخرى.`,
      many: `و${count(number)} صفًّا آخر.`,
      other: `و${count(number)} صف آخر.`,
    }),
  rowFault: (row, fault) => `الصف ${count(row)}: ${fault}.`,
  rowFaults: {
    'bad-quantity': 'اسم الكمية المقيسة غير صالح للاستخدام',
    'bad-unit': 'الوحدة غير صالحة للاستخدام',
    'bad-value': 'القيمة ناقصة أو غير صحيحة',
    'bad-time': 'الوقت ناقص أو غير صحيح',
    'too-long': 'أطول من أي قراءة',
    'not-json': 'مقطوع أو غير مكتوب بصيغة JSON',
    'no-such-columns': 'يجب أن يذكر السطر الأول الأعمدة time وquantity وvalue',
    'not-understood': 'ينقصه وقت أو اسم أو قيمة',
    'must-understand': 'يذكر شيئًا يجب أن يفهمه قارئ الملف، وWeft لا يفهمه؛ لذلك لم يُضف شيء من الملف',
  },
  emptyFile: 'لا توجد أي قراءة في هذا الملف.',
  taken: (number) => `أُضيفت ${readings(number)}`,
  known: (number) => `${readings(number)} هنا من قبل`,
  passedOver: (number) => `جرى تخطي ${form(number, { two: 'صفّين', other: rows(number) })}`,
  comma: '، ',

  whatToDelete: 'ما يُحذف',
  older: 'الأقدم من يوم معيّن',
  everything: 'كل شيء',
  before: 'قبل',
  deleteAsk: 'حذف…',
  noDay: 'حدّد اليوم الذي يُحذف ما قبله.',
  dayAhead: 'لم يبدأ هذا اليوم بعد. لحذف كل ما هو موجود اختر «كل شيء».',
  deleteAllTitle: 'هل تريد حذف السجل كله؟',
  deleteOlderTitle: 'هل تريد حذف السجل الأقدم؟',
  allGoes: () => [
    'هنا: ستُحذف كل القراءات المحفوظة في كتل «',
    '» من هذا الجهاز نهائيًا. صدّرها أولًا إن كنت قد تحتاج إليها.',
  ],
  olderGoes: (day) => [
    'هنا: ستُحذف كتل «',
    `» التي تعود كل قراءاتها إلى ما قبل ${isolated(day)} من هذا الجهاز نهائيًا. صدّرها أولًا إن كنت قد تحتاج إليها.`,
  ],
  waitingStay: (number) =>
    form(number, {
      one: 'تبقى قراءة واحدة تنتظر الكتلة التالية.',
      two: 'تبقى قراءتان تنتظران الكتلة التالية.',
      other: `تبقى ${readings(number)} تنتظر الكتلة التالية.`,
    }),
  elsewhere: (what) => `في أماكن أخرى: ${what}`,
  deleting: 'جارٍ الحذف',
  delete: 'حذف',
  keep: 'إبقاء',
  heldByNobody: 'لا يُعرف أن أحدًا آخر يحتفظ بأي من كتله.',
  heldByOthers: (blocks) =>
    `${form(blocks, {
      one: 'كتلة واحدة منه لدى آخرين أيضًا، ولا يمكن استرجاعها منهم',
      two: 'كتلتان منه لدى آخرين أيضًا، ولا يمكن استرجاعهما منهم',
      few: `${count(blocks)} كتل منه لدى آخرين أيضًا، ولا يمكن استرجاعها منهم`,
      other: `${count(blocks)} كتلة منه لدى آخرين أيضًا، ولا يمكن استرجاعها منهم`,
    })}. ما كان خاصًا يبقى غير مقروء لهم، وما شُورك علنًا يمكنهم مواصلة قراءته. تُشتقّ المفاتيح من كلماتك الاثنتي عشرة، فمن يملكها يستطيع قراءة كل ما لدى الآخرين.`,
  gone: (blocks) =>
    `حُذف من هذا الجهاز ما كان في ${form(blocks, {
      one: 'كتلة واحدة',
      two: 'كتلتين',
      few: `${count(blocks)} كتل`,
      other: `${count(blocks)} كتلة`,
    })}.`,
  goesLater: (blocks) =>
    form(blocks, {
      one: 'كتلة واحدة ليست نهائية بعد ستُحذف تلقائيًا حين تصبح نهائية.',
      two: 'كتلتان ليستا نهائيتين بعد ستُحذفان تلقائيًا حين تصبحان نهائيتين.',
      few: `${count(blocks)} كتل ليست نهائية بعد ستُحذف تلقائيًا حين تصبح نهائية.`,
      other: `${count(blocks)} كتلة ليست نهائية بعد ستُحذف تلقائيًا حين تصبح نهائية.`,
    }),
  nothingToDelete: 'لم يكن هناك ما يُحذف.',
}
