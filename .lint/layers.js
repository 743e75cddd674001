import { dirname, relative, resolve, sep } from 'node:path'
import { mayImportAnything, mayImportPackage, mayImportRoom, roomOf } from './rooms.js'

/**
 * The layering rule: every way one file can name another (static, type, re-export, `import()`, `import type =
 * require`, `new URL(…, import.meta.url)`) is held against the table of rooms. What cannot be read off the text, such
 * as a computed name or a glob, is reported as such.
 */
export const layers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      room: '{{from}} may not import from {{to}}',
      package: '{{from}} may not import the package {{name}}',
      computed: 'a computed import cannot be checked: name the file',
      homeless: 'this file is in no room of .lint/rooms.js',
    },
  },
  create(context) {
    const pathOf = (file) => relative(context.cwd, file).split(sep).join('/')
    const path = pathOf(context.filename)
    const room = roomOf(path)
    if (room === undefined)
      return { Program: (node) => path.startsWith('src/') && context.report({ node, messageId: 'homeless' }) }
    if (mayImportAnything(room)) return {}

    const check = (node, specifier) => {
      if (specifier.startsWith('.')) {
        const target = pathOf(resolve(dirname(context.filename), specifier.split('?')[0]))
        const to = roomOf(target) ?? target
        if (!mayImportRoom(room, to)) context.report({ node, messageId: 'room', data: { from: room, to } })
      } else if (!specifier.startsWith('virtual:') && !mayImportPackage(room, specifier))
        context.report({ node, messageId: 'package', data: { from: room, name: specifier } })
    }
    const checkText = (node, expression) => {
      const text = textOf(expression)
      if (text === undefined) context.report({ node, messageId: 'computed' })
      else check(node, text)
    }
    const checkSource = (node) => node.source && checkText(node, node.source)

    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: checkSource,
      TSExternalModuleReference: (node) => checkText(node, node.expression),
      'NewExpression[callee.name="URL"]'(node) {
        const [file, base] = node.arguments
        if (base && context.sourceCode.getText(base) === 'import.meta.url') checkText(node, file)
      },
      // import.meta.glob and import.meta.resolve name files too
      'CallExpression[callee.object.type="MetaProperty"]': (node) =>
        context.report({ node, messageId: 'computed' }),
    }
  },
}

/** What a string expression says, or undefined where that takes running it. */
function textOf(expression) {
  if (expression.type === 'Literal' && typeof expression.value === 'string') return expression.value
  if (expression.type === 'TemplateLiteral' && expression.expressions.length === 0)
    return expression.quasis[0].value.cooked
  return undefined
}
