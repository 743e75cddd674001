import { count, form, isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const ar: typeof en = {
  validators: (validators) =>
    form(validators, {
      zero: 'لا مُصادِقين',
      one: 'مُصادِق واحد',
      two: 'مُصادِقان',
      few: `${count(validators)} مُصادِقين`,
      many: `${count(validators)} مُصادِقًا`,
      other: `${count(validators)} مُصادِق`,
    }),
  agree: 'يتّفق المُصادِقون على ترتيب الدفعات.',
  validatorId: 'معرّف المُصادِق',
  thisDevice: 'هذا الجهاز',
  weight: (weight) => `الوزن ${count(weight)}`,

  oneOnly: 'يوجد مُصادِق واحد. إذا فُقد توقفت الدفعات.',
  someMayBeLost: ({ bearable, of, stops }) =>
    `${form(bearable, {
      one: 'يمكن فقدان أي مُصادِق واحد',
      two: 'يمكن فقدان أي مُصادِقَين',
      few: `يمكن فقدان أي ${count(bearable)} مُصادِقين`,
      many: `يمكن فقدان أي ${count(bearable)} مُصادِقًا`,
      other: `يمكن فقدان أي ${count(bearable)} مُصادِق`,
    })} من أصل ${count(of)} وتستمر الدفعات. وإذا فُقد ${form(bearable + 1, {
      two: 'اثنان',
      other: count(bearable + 1),
    })} ${stops ? 'توقفت الدفعات' : 'فقد تتوقف الدفعات'}.`,
  noneMayBeLost: 'إذا فُقد أي واحد منهم توقفت الدفعات.',
  heaviestNeeded: 'إذا فُقد أثقلهم وزنًا توقفت الدفعات.',
  heavyNeeded: (needed) =>
    form(needed, {
      two: 'إذا فُقد أحد الاثنين الأثقل وزنًا توقفت الدفعات.',
      other: `إذا فُقد أي واحد من الـ${count(needed)} الأثقل وزنًا توقفت الدفعات.`,
    }),

  atLeastOne: 'تحتاج الشبكة إلى مُصادِق واحد على الأقل.',
  atMost: (most) => `لا يزيد عدد المُصادِقين في الشبكة على ${count(most)}.`,
  noId: (line) =>
    `السطر ${count(line)} ليس معرّف جهاز. يبدأ المعرّف بـ ${isolated('did:key:z6Mk')} وتعرضه المحفظة تحت «استقبال».`,
  twice: 'أحد المُصادِقين مكتوب مرتين.',

  states: {
    none: 'هذا الجهاز ليس مُصادِقًا: هو يدفع، وآخرون يتّفقون.',
    proposing: 'هذا الجهاز مُصادِق ويشارك في الاتفاق.',
    listening:
      'هذا الجهاز مُصادِق أُدخلت هويته هنا، لذلك ينتظر حتى يسمع من المُصادِقين الآخرين، ثم يشارك في الاتفاق.',
    alone:
      'هذا الجهاز مُصادِق أُدخلت هويته هنا. سيشارك في الاتفاق عندما تقول إنه لا توجد نسخة أخرى منه تعمل. تشغيل نسختين من مُصادِق واحد يفسد الشبكة: فما هو نهائي عند بعضهم ليس نهائيًا عند غيرهم.',
    diverged: 'هذا الجهاز مُصادِق وقد توقف عن المشاركة في الاتفاق.',
  },
  clockBehind: (duration) =>
    `ساعة هذا الجهاز متأخرة ${duration} عن ساعات الآخرين. اضبطها؛ فهو لا يشارك في الاتفاق حتى ذلك الحين.`,
  clockAhead: (duration) =>
    `ساعة هذا الجهاز متقدمة ${duration} على ساعات الآخرين. اضبطها؛ فهو لا يشارك في الاتفاق حتى ذلك الحين.`,

  noCommits: 'لا شيء بعد',
  commits: (commits, age) =>
    form(commits, {
      one: `تثبيت واحد، ${age}`,
      two: `تثبيتان، أحدثهما ${age}`,
      few: `${count(commits)} تثبيتات، أحدثها ${age}`,
      many: `${count(commits)} تثبيتًا، أحدثها ${age}`,
      other: `${count(commits)} تثبيت، أحدثها ${age}`,
    }),

  isOnlyOne: 'هل هذه هي النسخة الوحيدة، على كل جهاز وفي كل متصفح؟',
  yesOnlyOne: 'نعم، الوحيدة',
  notSure: 'لست متأكدًا',
  noOtherRuns: 'لا توجد نسخة أخرى تعمل…',

  name: 'الاسم',
  nameMissing: 'أعطها اسمًا.',
  oneALine: 'المُصادِقون، معرّف واحد في كل سطر',
  frail: (validators) =>
    `${form(validators, {
      two: 'مع مُصادِقَين اثنين',
      few: `مع ${count(validators)} مُصادِقين`,
      other: `مع ${count(validators)} مُصادِق`,
    })} يجب أن يكون كل منهم حاضرًا، وهذا أقل أمانًا من مُصادِق واحد وحده. ابتداءً من أربعة يمكن أن يغيب واحد.`,
  money: (amount) =>
    `كل مالها، ${amount}، لهذا الجهاز في البداية. يغادر هذا الجهاز الشبكة التي هو فيها الآن. ما حُفظ هناك باقٍ، والدعوة تعيدك إليه.`,
  making: 'جارٍ الإنشاء…',
  makeAndEnter: 'إنشاء ودخول',
  notNow: 'ليس الآن',
  made: 'أُنشئت الشبكة، وهذا الجهاز فيها. ادعُ آخرين بالرابط.',
}
