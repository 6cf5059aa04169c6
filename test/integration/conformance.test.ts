import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { conformance, shortfallsOf } from '../conformance/conformance.ts';
import { findTestPersons } from '../conformance/persons.ts';
import { REFERENCE_DATA, findNormativeArchive } from '../support/normative.ts';
import { needTools } from '../support/tools.ts';

const [archive, persons] = [findNormativeArchive(), findTestPersons()];

describe('the quick form of the conformance run', () => {
  if (archive === undefined || persons === undefined) {
    it('reference data absent: conformance left out', () => {
      process.stderr.write(`No reference data at ${REFERENCE_DATA}: the conformance run was left out.\n`);
      expect([archive, persons]).toContain(undefined);
    });
    return;
  }

  it('finds nothing to say of notificatiejrDi01', async () => {
    needTools(['xmllint']);
    const workFolder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
    try {
      const run = { archive, persons, workFolder, seed: 1, quick: true };
      for await (const result of conformance({ ...run, elements: ['notificatiejrDi01'] })) {
        expect(shortfallsOf(result, true)).toEqual([]);
        expect(result.mutated).toBeGreaterThan(500);
      }
    } finally {
      rmSync(workFolder, { recursive: true });
    }
    expect.assertions(2);
  });
});
