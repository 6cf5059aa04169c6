import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ok } from '../../gateway/domain/result.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import { openBench } from '../support/hostile-bench.ts';
import { exchangeOctets, outcomesOf } from '../support/hostile-wire.ts';
import { createIngressOpener, keepSubmissions } from '../support/ingress.ts';
import { composeTestStanding } from '../support/standing.ts';
import { HTTP_FRAMING } from './corpus/http-framing.ts';

const { pki, issuers, open } = createIngressOpener();
const now = Math.floor(performance.timeOrigin + performance.now());
const bench = openBench(pki, now);
const standing = composeTestStanding(pki.authority);
const kept = keepSubmissions();
let port = 0;

beforeAll(async () => {
  const opened = await open({
    receiptKeys: () => ok([]),
    submit: async (submission) => {
      const { caller, headers, body } = submission;
      const judged = judge(
        { callerCertificate: caller.certificate, headers, body, receivedAt: now },
        { ...standing, now },
      );
      return judged.ok ? kept.api.submit!(submission) : judged;
    },
  });
  port = opened.port;
});
afterAll(() => open.closeAll());

describe('HTTP as no honest client writes it', () => {
  it.each(HTTP_FRAMING.map((one) => [one.name, one] as const))('%s', async (_name, { build, answers }) => {
    const before = kept.all.length;
    const text = await exchangeOctets({ port, ca: issuers.join('') }, build(bench));
    expect(outcomesOf(text)).toEqual(answers);
    expect(kept.all.length - before).toBe(answers.filter((answer) => answer === 'accepted').length);
    const { nowhere } = bench.takeWords();
    expect(nowhere.filter((word) => text.toLowerCase().includes(word))).toEqual([]);
  });
});
