import { texts } from '../../language.svelte.ts'
import { en } from './en.ts'

export const graphText = texts('graph', en)
