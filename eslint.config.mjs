import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const NODE_GLOBALS = Object.fromEntries(
  ['process', 'console', 'performance', 'URL', 'Buffer', 'setTimeout', 'clearTimeout', 'AbortSignal', 'fetch'].map(
    (name) => [name, 'readonly'],
  ),
);

// Each entry: what is forbidden, and in the message where it belongs instead.
const ENUM = {
  selector: 'TSEnumDeclaration',
  message: 'Use an `as const` object or array: an enum is code that types cannot erase.',
};
const MODULE_MOCK = {
  selector: "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|unstable_mockModule|doMock)$/]",
  message: 'Ports are parameters: pass a fake instead of mocking a module.',
};
const TIME_AND_CHANCE = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'The clock is a port: only adapters/system/ reads it.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The clock is a port: only adapters/system/ reads it.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness is a port: only adapters/system/ draws it.',
  },
];
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in cli/environment.ts and gateway/main.ts only.',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'certs-dev/out/', '.demo/', 'schemas/', 'routing-rules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{mjs,cjs,js}'],
    extends: [eslint.configs.recommended],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: NODE_GLOBALS },
    rules: { eqeqeq: 'error', 'max-depth': ['error', 3], complexity: ['error', 10] },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/strict-boolean-expressions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      complexity: ['error', 10],
      eqeqeq: 'error',
      'max-depth': ['error', 3],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 40],
      'max-params': ['error', 3],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ENUM, MODULE_MOCK, ENVIRONMENT, ...TIME_AND_CHANCE],
    },
  },
  {
    files: ['adapters/system/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ENUM, MODULE_MOCK, ENVIRONMENT] },
  },
  {
    files: ['cli/environment.ts', 'gateway/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ENUM, MODULE_MOCK, ...TIME_AND_CHANCE] },
  },
  {
    // Fakes fulfil asynchronous ports with nothing to wait for.
    files: ['adapters/memory/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      'max-lines': ['error', 500],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': ['error', ENUM, MODULE_MOCK],
    },
  },
  {
    files: ['**/*.d.mts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
