import { count, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const ar: typeof en = {
  steps: {
    choosing: 'من دون خادم',
    making: 'جارٍ إنشاء الرمز',
    entering: 'خذ رمز الجهاز الآخر',
    offering: 'اعرض هذا الرمز',
    answering: 'اعرض هذا الرد',
    connected: 'تمّ الاتصال',
  },
  connected: 'اتصل الجهازان من دون خادم.',
  how: 'يتصل جهازان من هذه الشبكة مباشرةً، عبر شبكة Wi-Fi نفسها أو نقطة اتصال هاتف. لا حاجة إلى الإنترنت: يعرض أحدهما رمزًا، ويأخذه الآخر ويعرض الرد.',
  showCode: 'عرض رمز',
  enterCode: 'إدخال رمز',
  notNow: 'ليس الآن',
  making: 'جارٍ إنشاء الرمز…',
  otherCode: 'الرمز الذي يعرضه الجهاز الآخر',
  pasteHere: 'ألصقه هنا.',
  makeAnswer: 'إنشاء الرد',
  cancel: 'إلغاء',
  giveCode: 'اختر على الجهاز الآخر «إدخال رمز» وأعطه هذا الرمز.',
  qrToConnect: 'رمز QR للاتصال بهذا الجهاز',
  codeToConnect: 'رمز للاتصال بهذا الجهاز',
  otherAnswer: 'الرد الذي يعرضه الجهاز الآخر',
  connecting: 'جارٍ الاتصال…',
  connect: 'اتصال',
  giveAnswer: 'أدخل هذا الرد على الجهاز الذي عرض الرمز. بعدها يتصل الجهازان من تلقاء نفسيهما.',
  qrOfAnswer: 'رمز QR للرد',
  answer: 'الرد',
  waiting: 'في انتظار الجهاز الآخر…',

  codeExpired: 'انتهت صلاحية هذا الرمز.',
  codeLastMinute: 'يصلح هذا الرمز مرة واحدة، لأقل من دقيقة بعد.',
  codeWorks: (minutes) =>
    `يصلح هذا الرمز مرة واحدة، لنحو ${form(minutes, {
      one: 'دقيقة واحدة',
      two: 'دقيقتين',
      few: `${count(minutes)} دقائق`,
      other: `${count(minutes)} دقيقة`,
    })} بعد.`,

  cameraRefused: 'الكاميرا غير مسموح بها هنا. اسمح بها في إعدادات المتصفح أو ألصق الرمز.',
  cameraFailed: 'تعذّر استخدام الكاميرا. ألصق الرمز بدلًا من ذلك.',
  cameraSees: 'ما تراه الكاميرا',
  stopCamera: 'إيقاف الكاميرا',
  scan: 'المسح بالكاميرا',
  tooLong: 'الرابط أطول من أن يسعه رمز QR. انسخه بدلًا من ذلك.',
}
