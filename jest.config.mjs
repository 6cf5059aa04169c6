const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
  ],
};

const project = (displayName, folders) => ({
  displayName,
  testEnvironment: 'node',
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

export default {
  projects: [
    project('unit', ['unit', 'property', 'security', 'regress', 'architecture']),
    project('contract', ['contract']),
    project('integration', ['integration']),
    project('e2e', ['e2e']),
  ],
  coverageProvider: 'v8',
  collectCoverageFrom: ['gateway/{domain,codec,pipeline}/**/*.ts'],
  coverageThreshold: {
    './gateway/domain/': { branches: 100, functions: 100, lines: 100, statements: 100 },
    './gateway/codec/': { branches: 100, functions: 100, lines: 100, statements: 100 },
    './gateway/pipeline/': { branches: 100, functions: 100, lines: 100, statements: 100 },
  },
};
