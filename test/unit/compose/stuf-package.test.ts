import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildPackage } from '../../../gateway/codec/stuf-package-files.ts';
import { readStufPackage } from '../../../gateway/codec/stuf-package.ts';
import { loadConfig, loadStandingSource } from '../../../gateway/compose-config.ts';
import { assertTypesLive, composeStanding } from '../../../gateway/compose-standing.ts';
import { startGateway } from '../../../gateway/main.ts';
import type { Standing } from '../../../gateway/services/parts.ts';
import { prepareGateway } from '../../support/gateway-process.ts';
import { createTestPki } from '../../support/pki.ts';
import { smallPackage, toFiles } from '../../support/stuf-package.ts';

const pki = createTestPki();
let gateway = prepareGateway({ pki });

beforeEach(() => {
  gateway = prepareGateway({ pki });
});
afterEach(() => {
  rmSync(gateway.folder, { recursive: true, force: true });
});

function configure(environment: string, stufpakket?: string): void {
  const text = readFileSync(gateway.configPath, 'utf8').replace('omgeving: ontwikkeling', `omgeving: ${environment}`);
  writeFileSync(gateway.configPath, stufpakket === undefined ? text : `${text}stufpakket: ${stufpakket}\n`);
}

function install(): string {
  const read = readStufPackage(toFiles(smallPackage('1.0.9')));
  if (!read.ok) throw new Error('the small package is right');
  const { files } = buildPackage([{ name: 'klein.zip', sha256: 'a'.repeat(64), content: read.value }], '');
  for (const [path, bytes] of files) {
    const place = join(gateway.folder, 'pakket', path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
  return join(gateway.folder, 'pakket');
}

const compose = (): Standing => composeStanding(loadStandingSource(loadConfig(gateway.configPath)));
const stufTypes = ({ catalogue }: Standing): string[] =>
  [...catalogue.byElement.values()]
    .flat()
    .map(({ type }) => type)
    .sort();

describe('a gateway in productie', () => {
  it('does not start on rules that name StUF types without the official package, and says what to do', async () => {
    configure('productie');
    await expect(startGateway(gateway.configPath)).rejects.toMatchObject({
      code: 'ERR_STUF_PACKAGE_INCOMPLETE',
      explanation: expect.stringMatching(
        /vtoDi01.*In productie komen StUF-typen alleen uit het officiële pakket.*schemas import.*stufpakket/,
      ),
    });
  });

  it('does not start on a package that lacks a type of the rules', async () => {
    install();
    configure('productie', 'pakket');
    await expect(startGateway(gateway.configPath)).rejects.toMatchObject({
      code: 'ERR_STUF_PACKAGE_INCOMPLETE',
      explanation: expect.not.stringContaining('vtoDi01'),
    });
  });

  it('takes StUF types from the package alone, and starts on rules that name no other', () => {
    install();
    configure('productie', 'pakket');
    const standing = compose();
    expect(stufTypes(standing)).toEqual(['Bv01Bericht', 'vtoDi01']);
    const live = [...standing.rules.types].filter(([type]) => standing.catalogue.types.has(type));
    expect(() => {
      assertTypesLive({ ...standing, rules: { ...standing.rules, types: new Map(live) } });
    }).not.toThrow();
  });
});

describe('a gateway elsewhere', () => {
  it('goes by the shipped StUF types, and by the package for those that it has', () => {
    configure('ontwikkeling');
    const shipped = stufTypes(compose());
    install();
    configure('ontwikkeling', 'pakket');
    const standing = compose();
    expect(new Set(stufTypes(standing))).toEqual(new Set([...shipped, 'vtoDi01', 'Bv01Bericht']));
    expect(() => {
      assertTypesLive(standing);
    }).not.toThrow();
  });

  it.each([
    [
      'was changed',
      (folder: string) => {
        writeFileSync(join(folder, 'berichten/vtoDi01/1.0.9/definitie.yaml'), 'x: 1\n');
      },
      'berichten/vtoDi01/1.0.9/definitie.yaml is veranderd na het importeren',
    ],
    [
      'is no package',
      (folder: string) => {
        rmSync(join(folder, 'pakket.json'));
      },
      'pakket.json ontbreekt',
    ],
  ])('does not start on a package that %s', (_, change, what) => {
    change(install());
    configure('ontwikkeling', 'pakket');
    expect(compose).toThrow(
      expect.objectContaining({
        code: 'ERR_STUF_PACKAGE_INVALID',
        explanation: `stufpakket: ${what}; importeer het opnieuw met doorgeefluik schemas import`,
      }),
    );
  });

  it('does not start on a package that is not there', () => {
    configure('ontwikkeling', 'weg');
    expect(compose).toThrow(expect.objectContaining({ code: 'ERR_FOLDER_UNREADABLE' }));
  });
});
