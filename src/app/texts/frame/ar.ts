import type { en } from './en.ts'

export const ar: typeof en = {
  home: 'Weft، الرئيسية',
  screens: 'الشاشات',
  things: 'الأشياء',
  wallet: 'المحفظة',
  network: 'الشبكة',
  settings: 'الإعدادات',
  messages: 'الرسائل',
  starting: 'جارٍ البدء…',
  notHere: 'هذا الشيء ليس على هذا الجهاز.',
  seeThings: 'عرض الأشياء الموجودة.',
  nothingShared: 'ما شُورك ليس دعوة ولا معرّفًا يمكن الدفع إليه.',
  peerStopped: (what) => `توقّف نظير Weft: ${what}. ما حُفظ باقٍ. أعد تحميل هذه الصفحة.`,
}
