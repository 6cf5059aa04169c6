import { describe, expect, it } from '@jest/globals';
import { collectHeaders } from '../../gateway/codec/http-headers.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import { certificateOf, NOW } from '../support/berichten.ts';
import { openBench } from '../support/hostile-bench.ts';
import { createTestPki } from '../support/pki.ts';
import { composeTestStanding } from '../support/standing.ts';
import { CORPUS } from './corpus/index.ts';

const pki = createTestPki(new Date(NOW));
const standing = composeTestStanding(pki.authority, { maxBodyBytes: 36_700_160 });
const bench = openBench(pki, NOW);

describe.each(CORPUS)('hostile input, $family', ({ cases }) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { build, expected }) => {
    const { caller, headers, body } = build(bench);
    const { nowhere } = bench.takeWords();
    const judged = judge(
      { callerCertificate: certificateOf(caller).der, headers: collectHeaders(headers), body, receivedAt: NOW },
      { ...standing, now: NOW },
    );
    expect(judged.ok ? 'accepted' : judged.error.code).toBe(expected);
    const shown = judged.ok ? '' : JSON.stringify(judged.error);
    expect(nowhere.filter((word) => shown.includes(word))).toEqual([]);
  });
});

describe('the corpus', () => {
  it('says of each case why it comes to nothing, and names none twice', () => {
    const names = CORPUS.flatMap(({ family, cases }) => cases.map(({ name }) => `${family}: ${name}`));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(
      CORPUS.flatMap(({ cases }) => cases.map(({ why }) => why)).filter((why) => !/^[A-Z].{15,}\.$/.test(why)),
    ).toEqual([]);
  });
});
