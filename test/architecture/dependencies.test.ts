import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

interface LockedPackage {
  readonly version: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

/** Version by name of what the product runs with. */
const production: ReadonlyMap<string, string> = new Map(
  Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path, { version }]) => [String(path.split('node_modules/').at(-1)), version]),
);

const page = readFileSync('docs/advisories.md', 'utf8');
const [fixed = ''] = page.split('## Open');
const rows = fixed
  .split('\n')
  .filter((line) => /^\| [@a-z]/.test(line))
  .map((line) => {
    const [, name = '', held = '', advisory = '', , fixedIn = '', source = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return { name, held, advisory, fixedIn, source };
  });

/** Negative when the first version is the older. */
function compare(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  return [0, 1, 2].map((index) => Number(a?.[index]) - Number(b?.[index])).find((difference) => difference !== 0) ?? 0;
}

describe('docs/advisories.md', () => {
  it('compares versions by number', () => {
    expect([compare('1.10.0', '1.9.9') > 0, compare('2.0.0', '10.0.0') < 0, compare('1.2.3', '1.2.3')]).toEqual([
      true,
      true,
      0,
    ]);
    expect(rows.length).toBeGreaterThan(30);
  });

  it.each(rows)('$name $advisory is fixed in what is locked', ({ name, held, advisory, fixedIn, source }) => {
    expect(advisory).toMatch(/^(CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3})(, (CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3}))*$/);
    expect(source).toMatch(/^[\w.-]+\/[\w.-]+#\d+$/);
    expect(production.get(name)).toBe(held);
    expect(compare(held, fixedIn)).toBeGreaterThanOrEqual(0);
  });

  it('names every dependency of the product', () => {
    const named = new Set([
      ...rows.map(({ name }) => name),
      ...[...page.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name),
    ]);
    expect([...production.keys()].filter((name) => !named.has(name))).toEqual([]);
  });

  it('says of the parser which version it means', () => {
    expect(page).toContain(`libxml2-wasm ${String(production.get('libxml2-wasm'))}, the latest`);
  });
});

describe('npm run sbom', () => {
  it('writes each dependency of the product, with its version, and no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
    try {
      const file = join(folder, 'sbom.cdx.json');
      const { status, stdout } = spawnSync(process.execPath, ['scripts/sbom.mjs', file], { encoding: 'utf8' });
      expect([status, stdout]).toEqual([0, `sbom: ${String(production.size)} packages in ${file}\n`]);
      const sbom = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly bomFormat: string;
        readonly components: readonly { readonly purl: string; readonly version: string }[];
      };
      expect(sbom.bomFormat).toBe('CycloneDX');
      const listed = sbom.components.map(({ purl }) => decodeURIComponent(purl));
      expect(listed.toSorted()).toEqual(
        [...production].map(([name, version]) => `pkg:npm/${name}@${version}`).toSorted(),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
