import { dirname, relative, resolve, sep } from 'node:path'
import { mayImportPackage, mayImportRoom, roomOf } from './rooms.js'

/**
 * The layering rule: every way one file can name another (static, type, re-export, `import()`, `import type =
 * require`, `new URL(…, import.meta.url)`) is held against the table of rooms.
 */
export const layers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      room: '{{from}} may not import from {{to}}',
      package: '{{from}} may not import the package {{name}}',
      computed: 'a computed import cannot be checked: name the file',
    },
  },
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join('/')
    const room = roomOf(path)
    if (room === undefined) return {}

    const check = (node, specifier) => {
      if (specifier.startsWith('.')) {
        const target = relative(context.cwd, resolve(dirname(context.filename), specifier.split('?')[0]))
        const to = roomOf(target.split(sep).join('/'))
        if (to !== undefined && !mayImportRoom(room, to))
          context.report({ node, messageId: 'room', data: { from: room, to } })
      } else if (!specifier.startsWith('virtual:') && !mayImportPackage(room, specifier))
        context.report({ node, messageId: 'package', data: { from: room, name: specifier } })
    }
    const checkSource = (node) => node.source && check(node, node.source.value)

    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      TSImportType: (node) => check(node, node.source?.value ?? node.argument?.literal?.value ?? ''),
      TSExternalModuleReference: (node) => check(node, node.expression.value),
      ImportExpression(node) {
        if (node.source.type === 'Literal') check(node, node.source.value)
        else context.report({ node, messageId: 'computed' })
      },
      'NewExpression[callee.name="URL"]'(node) {
        const [file, base] = node.arguments
        const fromHere = base && context.sourceCode.getText(base) === 'import.meta.url'
        if (fromHere && file.type === 'Literal') check(node, file.value)
      },
    }
  },
}
