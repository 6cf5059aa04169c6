import { describe, expect, it } from '@jest/globals';
import { compileCatalogue } from '../../../gateway/codec/catalogue.ts';
import { toProblem } from '../../../gateway/codec/problem.ts';
import { layerSchemas } from '../../../gateway/codec/stuf-layers.ts';
import { buildPackage } from '../../../gateway/codec/stuf-package-files.ts';
import { readStufPackage } from '../../../gateway/codec/stuf-package.ts';
import type { Rejection } from '../../../gateway/domain/rejection.ts';
import type { StageContext } from '../../../gateway/pipeline/context.ts';
import { parse } from '../../../gateway/pipeline/parse.ts';
import { validate } from '../../../gateway/pipeline/validate.ts';
import type { VerifiedMessage } from '../../../gateway/pipeline/verify-signature.ts';
import { smallPackage, toFiles } from '../../support/stuf-package.ts';

const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const STUF = 'http://www.egem.nl/StUF/StUF0301';

/** Versions of one koppelvlak in one namespace; 1.0.9 alone asks for `nieuw`, and 1.0.10 dropped it again. */
const catalogue = compileCatalogue(
  layerSchemas({
    shipped: new Map(),
    environment: 'productie',
    imported: buildPackage(
      ['1.0.8', '1.0.10', '1.0.9'].map((version, index) => {
        const extra = version === '1.0.9' ? '<xs:element name="nieuw" type="xs:string"/>' : '';
        const read = readStufPackage(toFiles(smallPackage(version, { extra })));
        if (!read.ok) throw new Error(JSON.stringify(read.error));
        return { name: version, sha256: String(index).repeat(64), content: read.value };
      }),
      '',
    ).files,
  }),
);

function bericht(namespace: string, more: string): string {
  return `<vtoDi01 xmlns="${namespace}" xmlns:StUF="${STUF}"><stuurgegevens><StUF:berichtcode>Di01</StUF:berichtcode><StUF:referentienummer>r1</StUF:referentienummer><StUF:functie>vtoDi01</StUF:functie></stuurgegevens>${more}</vtoDi01>`;
}

function judgeVersion(text: string, live: readonly string[]): string | Rejection {
  const isLive = ({ version }: { readonly version: string }): boolean => live.includes(version);
  const byElement = new Map([...catalogue.byElement].map(([key, versions]) => [key, versions.filter(isLive)]));
  const received = { body: Buffer.from(text), format: 'xml' };
  const verified = { authenticated: { received }, document: undefined } as unknown as VerifiedMessage;
  const ctx = { catalogue: { ...catalogue, byElement }, own: () => undefined } as unknown as StageContext;
  const parsed = parse(verified, ctx);
  if (!parsed.ok) return parsed.error;
  const valid = validate(parsed.value);
  return valid.ok ? valid.value.definition.version : valid.error;
}

const OLD = bericht(JZ, '<toelichting>t</toelichting>');
const NEW = bericht(JZ, '<toelichting>t</toelichting><nieuw>n</nieuw>');

describe('two versions of a StUF type in one namespace', () => {
  it('each takes its own berichten, and is the version that is recorded', () => {
    expect(judgeVersion(NEW, ['1.0.9', '1.0.8'])).toBe('1.0.9');
    expect(judgeVersion(OLD, ['1.0.9', '1.0.8'])).toBe('1.0.8');
  });

  it('are tried newest first, by number and not by letter', () => {
    expect(judgeVersion(OLD, ['1.0.8', '1.0.9', '1.0.10'])).toBe('1.0.10');
    expect(catalogue.types.get('vtoDi01')?.map(({ version }) => version)).toEqual(['1.0.10', '1.0.9', '1.0.8']);
  });

  it('refuse what is valid for a version that is no longer live', () => {
    expect(judgeVersion(OLD, ['1.0.9'])).toMatchObject({
      code: 'ERR_SCHEMA_INVALID',
      violations: [{ path: '/vtoDi01/nieuw', rule: 'required' }],
    });
    expect(judgeVersion(NEW, ['1.0.8'])).toMatchObject({ code: 'ERR_SCHEMA_INVALID' });
  });

  it('say what each of them lacks when neither takes it', () => {
    const refused = judgeVersion(bericht(JZ, '<nieuw>n</nieuw>'), ['1.0.9', '1.0.8']);
    expect(refused).toMatchObject({ code: 'ERR_SCHEMA_INVALID' });
    expect(typeof refused === 'string' ? 0 : refused.violations.length).toBeGreaterThan(0);
  });

  it('answer StUF007 to another namespace alone', () => {
    const refused = judgeVersion(bericht(JZ.replace('jz0100', 'jz0099'), '<toelichting>t</toelichting>'), [
      '1.0.9',
      '1.0.8',
    ]);
    expect(refused).toMatchObject({ code: 'ERR_MESSAGE_VERSION_UNKNOWN' });
    expect(typeof refused === 'string' ? {} : toProblem(refused).body).toMatchObject({ stuf: 'StUF007' });
  });
});
