import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readFences } from '../support/page.ts';
import { signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

const [definition, schema, example, typeRow, matrixRow] = readFences('CONTRIBUTING.md').map(({ text }) => text);
const schemas = mkdtempSync(join(tmpdir(), 'schemas-'));
let bed: Testbed;

beforeAll(async () => {
  cpSync('schemas', schemas, { recursive: true });
  const folder = join(schemas, 'berichten', 'proefmelding', '1.0');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'definitie.yaml'), String(definition));
  writeFileSync(join(folder, 'inhoud.schema.json'), String(schema));
  const rows = new Map([
    ['berichttypen', typeRow],
    ['verzendmatrix', matrixRow],
  ]);
  const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');
  bed = await openTestbed({
    schemasFolder: schemas,
    editRules: (name, text) => `${text}${indent(rows.get(name) ?? '')}`,
  });
});
afterAll(async () => {
  await bed.close();
  rmSync(schemas, { recursive: true });
});

/** The example of the page, sent now, with changes. */
function proefmelding(edit: (text: string) => string = (text) => text): SignedBericht {
  const kenmerk = randomUUID();
  const text = String(example)
    .replace(/("kenmerk": ")[^"]*/, `$1${kenmerk}`)
    .replace(/("tijdstip": ")[^"]*/, `$1${new Date().toISOString()}`);
  return signedDetached({ text: edit(text), kenmerk }, bed.pki.participant('rvdk').signing, 'json');
}

describe('a message type added as CONTRIBUTING.md says, by data alone', () => {
  it('is taken, and delivered unchanged', async () => {
    const bericht = proefmelding();
    const accepted = await bed.submit('rvdk', bericht);
    expect([accepted.status, accepted.body.toString()]).toEqual([202, expect.stringContaining('berichtId')]);
    await bed.gi.waitFor(1);
    expect(bed.gi.received[0]?.body.equals(bericht.body)).toBe(true);
    expect(bed.gi.received[0]?.headers['berichttype']).toBe('proefmelding');
    const status = await bed.get('rvdk', `/v1/berichten/${String(accepted.json()['berichtId'])}?wacht=20`);
    expect(status.json()).toMatchObject({ status: 'afgeleverd', berichttype: 'proefmelding', versie: '1.0' });
  });

  it('has the term of its row', async () => {
    const { ontvangenOp, uiterlijk } = (await bed.submit('rvdk', proefmelding())).json();
    expect(Date.parse(String(uiterlijk)) - Date.parse(String(ontvangenOp))).toBe(24 * 3_600_000);
  });

  it.each([
    ['its schema', /"P0001"/, '"PROEF"', 'ERR_SCHEMA_INVALID'],
    [
      'the send matrix',
      /"00000001802611266000", "rol": "GI"/,
      '"00000002802611266001", "rol": "VEILIG_THUIS"',
      'ERR_ROUTE_NONE',
    ],
  ] as const)('is held to %s', async (...[, find, put, code]) => {
    const refused = await bed.submit(
      'rvdk',
      proefmelding((text) => text.replace(find, put)),
    );
    expect(refused.json()['code']).toBe(code);
  });
});
