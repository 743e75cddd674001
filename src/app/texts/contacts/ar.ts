import { count, form, isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const ar: typeof en = {
  means: 'أسماء لمعرّفات الآخرين. تبقى على هذا الجهاز.',
  add: 'إضافة جهة اتصال',
  search: 'بحث',
  nobodyYet: 'لا أحد بعد. أضف جهة اتصال هنا، أو سمِّ واحدة بجانب دفعة.',
  nobodyFound: 'لا أحد بهذا الاسم.',
  more: (contacts) =>
    `${form(contacts, {
      one: 'جهة اتصال أخرى',
      two: 'جهتا اتصال أخريان',
      few: `${count(contacts)} جهات اتصال أخرى`,
      other: `${count(contacts)} جهة اتصال أخرى`,
    })}: ابحث عن اسم.`,
  name: 'الاسم',
  nameHint: 'لا يعرفه إلا هذا الجهاز.',
  noName: 'اكتب الاسم الذي تريده.',
  id: 'المعرّف',
  idHint: 'المعرّف الذي يعرضه الجهاز الآخر تحت «استقبال».',
  noId: `هذا ليس معرّف جهاز. يبدأ المعرّف بـ ${isolated('did:key:z6Mk')}.`,
  forBefore: 'من أجل',
  save: 'حفظ',
  cancel: 'إلغاء',
  removeMeans: 'يُنسى الاسم. وما دُفع يبقى كما هو.',
  remove: 'إزالة',
  keep: 'إبقاء',
  pay: 'دفع',
  rename: 'إعادة تسمية',
  removeAsk: 'إزالة…',
}
