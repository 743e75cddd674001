/** The rule and its table are plain JavaScript, as ESLint loads them; here is what they export. */
declare module '*/.lint/rooms.js' {
  interface Room {
    readonly rooms: '*' | readonly string[]
    readonly packages: '*' | readonly string[]
  }
  export const ROOMS: Readonly<Record<string, Room>>
  export function mayImportRoom(room: string, target: string): boolean
  export function mayImportPackage(room: string, specifier: string): boolean
}

declare module '*/.lint/layers.js' {
  import { type Rule } from 'eslint'
  export const layers: Rule.RuleModule
}
