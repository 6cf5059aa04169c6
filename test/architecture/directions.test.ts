import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly source: string;
}

const PLANTED: readonly Planted[] = [
  { rule: 'no-circular', file: 'cli/circle-a.ts', source: "import './circle-b.ts';" },
  { rule: 'no-unresolvable', file: 'cli/lost.ts', source: "import './nowhere.ts';" },
  { rule: 'domain-is-a-leaf', file: 'gateway/domain/uses-node.ts', source: "import 'node:crypto';" },
  { rule: 'domain-is-a-leaf', file: 'gateway/domain/uses-codec.ts', source: "import '../codec/plain.ts';" },
  { rule: 'domain-is-a-leaf', file: 'gateway/domain/uses-library.ts', source: "import 'yaml';" },
  { rule: 'ports-import-domain-only', file: 'gateway/ports/uses-codec.ts', source: "import '../codec/plain.ts';" },
  { rule: 'codec-is-pure', file: 'gateway/codec/reads-a-file.ts', source: "import 'node:fs';" },
  {
    rule: 'codec-is-pure',
    file: 'gateway/codec/uses-a-port.ts',
    source: "import type { Port } from '../ports/plain.ts';",
  },
  { rule: 'pipeline-is-pure', file: 'gateway/pipeline/uses-library.ts', source: "import 'yaml';" },
  { rule: 'pipeline-is-pure', file: 'gateway/pipeline/uses-path.ts', source: "import 'node:path';" },
  { rule: 'services-know-no-library', file: 'gateway/services/uses-library.ts', source: "import 'yaml';" },
  { rule: 'services-without-io', file: 'gateway/services/reads-a-file.ts', source: "import 'node:fs/promises';" },
  {
    rule: 'core-not-to-adapters',
    file: 'gateway/services/uses-adapter.ts',
    source: "import '../../adapters/one/plain.ts';",
  },
  {
    rule: 'composition-root-is-the-top',
    file: 'adapters/one/uses-root.ts',
    source: "import '../../gateway/compose.ts';",
  },
  { rule: 'adapters-not-to-each-other', file: 'adapters/one/uses-two.ts', source: "import '../two/plain.ts';" },
  {
    rule: 'adapters-not-to-services',
    file: 'adapters/one/decides.ts',
    source: "import '../../gateway/services/plain.ts';",
  },
  { rule: 'amqplib-only-in-rabbitmq', file: 'adapters/one/speaks-amqp.ts', source: "import 'amqplib';" },
  { rule: 'pino-only-in-pino-events', file: 'adapters/one/logs.ts', source: "import 'pino';" },
  { rule: 'sockets-only-in-connection-adapters', file: 'adapters/one/connects.ts', source: "import 'node:tls';" },
  { rule: 'cli-not-to-the-inside', file: 'cli/uses-service.ts', source: "import '../gateway/services/plain.ts';" },
  { rule: 'cli-not-to-the-inside', file: 'cli/uses-adapter.ts', source: "import '../adapters/one/plain.ts';" },
  { rule: 'no-dev-deps-in-product', file: 'cli/uses-dev.ts', source: "import 'fast-check';" },
  { rule: 'not-to-test', file: 'cli/uses-test.ts', source: "import '../test/support/plain.ts';" },
];

const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ['cli/circle-b.ts', "import './circle-a.ts';"],
  ['gateway/domain/plain.ts', 'export interface Fact { readonly value: string }'],
  [
    'gateway/ports/plain.ts',
    "import type { Fact } from '../domain/plain.ts';\nexport type Port = (fact: Fact) => Promise<void>;",
  ],
  ['gateway/codec/plain.ts', "import 'node:crypto';\nimport 'yaml';\nimport '../domain/plain.ts';"],
  ['gateway/pipeline/plain.ts', "import 'node:crypto';\nimport '../codec/plain.ts';"],
  ['gateway/services/plain.ts', "import 'node:path';\nimport '../pipeline/plain.ts';\nimport '../ports/plain.ts';"],
  ['gateway/compose.ts', "import '../adapters/one/plain.ts';\nimport './services/plain.ts';"],
  ['gateway/main.ts', "import './compose.ts';"],
  ['adapters/system/plain.ts', 'export const now = 0;'],
  ['adapters/one/plain.ts', "import '../system/plain.ts';\nimport '../../gateway/pipeline/plain.ts';"],
  ['adapters/two/plain.ts', 'export const two = 2;'],
  ['adapters/rabbitmq/plain.ts', "import 'amqplib';"],
  ['adapters/pino-events/plain.ts', "import 'pino';"],
  ['adapters/https-ingress/plain.ts', "import 'node:https';"],
  ['cli/main.ts', "import 'node:https';\nimport '../gateway/main.ts';\nimport '../adapters/system/plain.ts';"],
  ['test/support/plain.ts', "import 'fast-check';\nimport '../../adapters/two/plain.ts';"],
];

const LIBRARIES = { dependencies: ['yaml', 'amqplib', 'pino'], devDependencies: ['fast-check'] };

describe('the rules on directions', () => {
  let folder: string;
  let fired: ReadonlySet<string>;

  beforeAll(() => {
    folder = plantTree();
    fired = cruise(folder);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(PLANTED)('name $file as a violation of $rule', ({ rule, file }) => {
    expect(fired).toContain(`${rule} ${file}`);
  });

  it('name nothing that is allowed', () => {
    const planted = new Set(PLANTED.map(({ file }) => file));
    const unexpected = [...fired].filter((violation) => !planted.has(violation.split(' ')[1] ?? ''));
    expect(unexpected.filter((violation) => violation !== 'no-circular cli/circle-b.ts')).toEqual([]);
  });
});

function plantTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-directions-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const { file, source } of PLANTED) write(file, source);
  for (const [file, source] of ALLOWED) write(file, source);
  const versions = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, '1.0.0']));
  write(
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: versions(LIBRARIES.dependencies),
      devDependencies: versions(LIBRARIES.devDependencies),
    }),
  );
  for (const name of [...LIBRARIES.dependencies, ...LIBRARIES.devDependencies]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json']) cpSync(join(ROOT, name), join(folder, name));
  return folder;
}

function cruise(folder: string): ReadonlySet<string> {
  const command = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [
    command,
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'gateway',
    'adapters',
    'cli',
    'test',
  ];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  return new Set(report.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`));
}
