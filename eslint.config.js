import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import { layers } from './.lint/layers.js'

const PROJECTS = [
  'src/core/tsconfig.json',
  'src/app/tsconfig.json',
  'workers/tsconfig.json',
  'workers/tsconfig.service-worker.json',
  'test/tsconfig.json',
]

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '**/*.as.ts', 'test-results/', '**/*.wasm'] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        project: PROJECTS,
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
  },
  {
    files: ['**/*.{ts,svelte}'],
    plugins: { weft: { rules: { layers } } },
    rules: {
      'weft/layers': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // handlers of ports and of the api answer with promises whether or not they wait for anything
      '@typescript-eslint/require-await': 'off',
      'no-undef': 'off', // the compiler knows each project's globals
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name="Date"][property.name="now"]',
          message: 'Time is a parameter in core.',
        },
        { selector: 'NewExpression[callee.name="Date"]', message: 'Time is a parameter in core.' },
        {
          selector: 'MemberExpression[object.name="Math"][property.name="random"]',
          message: 'Chance is a parameter in core.',
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: globals.node, parserOptions: { project: null } },
  },
)
