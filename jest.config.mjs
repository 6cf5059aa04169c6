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

const everything = { branches: 100, functions: 100, lines: 100, statements: 100 };

export default {
  projects: [
    project('unit', ['unit', 'property', 'security', 'regress', 'architecture']),
    project('contract', ['contract']),
    project('integration', ['integration']),
    project('e2e', ['e2e']),
  ],
  maxWorkers: 2,
  // Jest takes this from the root only, not from a project.
  testTimeout: 120_000,
  // v8 reports no branch for an `if` whose condition never was false; babel does.
  coverageProvider: 'babel',
  collectCoverageFrom: ['gateway/{domain,codec,pipeline}/**/*.ts'],
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageThreshold: {
    './gateway/domain/': everything,
    './gateway/codec/': everything,
    './gateway/pipeline/': everything,
  },
};
