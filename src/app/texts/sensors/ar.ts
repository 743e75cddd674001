import { count, form, isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const ar: typeof en = {
  unread: (messages) =>
    `تعذّرت قراءة ${form(messages, {
      one: 'رسالة واحدة',
      two: 'رسالتين',
      few: `${count(messages)} رسائل`,
      other: `${count(messages)} رسالة`,
    })}`,
  tooFast: (messages) =>
    `وصلت بسرعة زائدة ${form(messages, {
      one: 'رسالة واحدة',
      two: 'رسالتان',
      few: `${count(messages)} رسائل`,
      other: `${count(messages)} رسالة`,
    })}`,
  both: (one, other) => `${one} و${other}`,
  passedOver: (what, messages) =>
    `${what}، فجرى ${form(messages, { two: 'تجاوزهما', other: 'تجاوزها' })}. وكل ما عداها محفوظ.`,
  firmware: (version) => `البرنامج الثابت ${isolated(version)}`,
  rowsRead: (rows) =>
    form(rows, {
      zero: 'لم يُقرأ أي سطر.',
      one: 'قُرئ سطر واحد.',
      two: 'قُرئ سطران.',
      few: `قُرئت ${count(rows)} أسطر.`,
      many: `قُرئ ${count(rows)} سطرًا.`,
      other: `قُرئ ${count(rows)} سطر.`,
    }),
  knownBefore: (readings) =>
    form(readings, {
      one: 'وكانت قراءة واحدة هنا من قبل.',
      two: 'وكانت قراءتان هنا من قبل.',
      few: `وكانت ${count(readings)} قراءات هنا من قبل.`,
      other: `وكانت ${count(readings)} قراءة هنا من قبل.`,
    }),
  badRows: (rows, named) =>
    form(rows, {
      one: `وتعذّرت قراءة سطر واحد فجرى تجاوزه: ${named}.`,
      two: `وتعذّرت قراءة سطرين فجرى تجاوزهما: ${named}.`,
      few: `وتعذّرت قراءة ${count(rows)} أسطر فجرى تجاوزها: ${named}.`,
      many: `وتعذّرت قراءة ${count(rows)} سطرًا فجرى تجاوزها: ${named}.`,
      other: `وتعذّرت قراءة ${count(rows)} سطر فجرى تجاوزها: ${named}.`,
    }),
  andMore: (named) => `${named} وغيرها`,
  comma: '، ',
  reading: (percent) => `تجري القراءة، ${percent}٪`,
  allRead: 'قُرئ كله',
}
