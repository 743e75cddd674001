import { isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const ar: typeof en = {
  remove: (rule) => `إزالة: ${rule}`,
  nothingToWatch: 'لا يوجد ما يُراقَب قبل أول قراءة.',
  newAlert: 'تنبيه جديد',
  tellWhen: 'نبّهني بشأن',
  whatHappens: 'ماذا يحدث',
  kinds: {
    over: 'أعلى من',
    under: 'أدنى من',
    stale: 'بلا قراءة لمدة',
    changes: 'تغيّر في دقيقة بمقدار',
  },
  howLong: 'المدة',
  howMuch: 'المقدار',
  howMuchIn: (unit) => `المقدار (بوحدة ${isolated(unit)})`,
  add: 'إضافة هذا التنبيه',
  browserTells: 'ينبّهك هذا المتصفح ما دام Weft مفتوحًا في أي علامة تبويب.',
  appTells: 'يصلك التنبيه داخل Weft ما دام مفتوحًا. اسمح بالإشعارات لهذه الصفحة لينبّهك المتصفح أيضًا.',

  over: (quantity, amount) => `${quantity} أعلى من ${isolated(amount)}`,
  under: (quantity, amount) => `${quantity} أدنى من ${isolated(amount)}`,
  stale: (quantity, length) => `لا قراءة منذ ${length}: ${quantity}`,
  changes: (quantity, amount) => `${quantity}: تغيّر بمقدار ${isolated(amount)} أو أكثر في دقيقة`,
  lineOver: (amount) => `أعلى من ${amount}`,
  lineUnder: (amount) => `أدنى من ${amount}`,
  fired: (name, rule) => `${isolated(name)}: ${rule}.`,
  firedHere: (rule) => `${rule}.`,
}
