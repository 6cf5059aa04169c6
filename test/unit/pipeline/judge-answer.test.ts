import { describe, expect, it } from '@jest/globals';
import { signRecipientReceipt } from '../../../gateway/codec/receipts.ts';
import { REFUSAL_WORDS } from '../../../gateway/codec/wire-words.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import { ANSWER_FAULTS, isRecipientReceipt, judgeAnswer } from '../../../gateway/pipeline/judge-answer.ts';
import type { AttemptOutcome, Expectation, RecipientAnswer } from '../../../gateway/pipeline/judge-answer.ts';
import type { Identity } from '../../../certs-dev/identities.ts';
import { NOW, oinOf } from '../../support/berichten.ts';
import { MESSAGE_ID } from '../../support/ingress.ts';
import { issuerOf } from '../../support/receipts.ts';
import { contextAt } from '../../support/standing.ts';
import { openWorkshop } from '../../support/workshop.ts';

const shop = openWorkshop();
const ctx = contextAt(shop.plain, NOW);
const DIGEST = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const expected: Expectation = {
  messageId: MESSAGE_ID,
  digest: DIGEST,
  recipient: oinOf('rvdk') as Oin,
  owner: oinOf('leverancier') as Oin,
  signedReceipt: false,
};
const PROOF = { 'bericht-id': [MESSAGE_ID], digest: [`SHA-256=${DIGEST}`] };

function answer(status: number, headers: Readonly<Record<string, readonly string[]>>, body = ''): RecipientAnswer {
  return { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
}

function receipt(signer: Identity['signing'], given: Partial<Parameters<typeof signRecipientReceipt>[0]> = {}): string {
  const { messageId, digest, recipient } = expected;
  return signRecipientReceipt({ messageId, digest, recipient, receivedAt: NOW, ...given }, issuerOf(signer));
}

const rvdk = shop.pki.participant('rvdk');
const judged = (given: RecipientAnswer, ask: Partial<Expectation> = {}): AttemptOutcome =>
  judgeAnswer(given, { ...expected, ...ask }, ctx);
const problem = (code: unknown, headers: Readonly<Record<string, readonly string[]>> = {}): RecipientAnswer =>
  answer(
    422,
    { 'content-type': ['application/problem+json'], 'bericht-id': [MESSAGE_ID], ...headers },
    JSON.stringify({ code }),
  );

describe('judgeAnswer, an answer that ends the bericht', () => {
  it.each([200, 202, 204, 299])('takes %d that repeats Bericht-Id and Digest as delivered', (status) => {
    expect(judged(answer(status, PROOF))).toEqual({ kind: 'delivered', proof: 'connection', receipt: undefined });
  });

  it('takes a signed receipt as delivered and keeps it as it came', () => {
    const jws = receipt(rvdk.signing);
    const given = answer(200, { 'content-type': ['Application/JOSE; charset=us-ascii'] }, jws);
    for (const signedReceipt of [true, false]) {
      expect(judged(given, { signedReceipt })).toEqual({ kind: 'delivered', proof: 'signed', receipt: jws });
    }
  });

  it.each(Object.entries(REFUSAL_WORDS.all))('takes a 422 for %s as refused', (reason, code) => {
    expect(judged(problem(code))).toEqual({ kind: 'refused', reason });
  });
});

describe('judgeAnswer, an answer that proves nothing', () => {
  const proven = (fault: string, answered: boolean): AttemptOutcome =>
    ({ kind: 'fault', fault, answered }) as AttemptOutcome;

  it.each<[string, RecipientAnswer]>([
    ['without headers', answer(200, {})],
    ['without Digest', answer(200, { 'bericht-id': [MESSAGE_ID] })],
    ['without Bericht-Id', answer(200, { digest: PROOF.digest })],
    ['with another Bericht-Id', answer(200, { ...PROOF, 'bericht-id': [MESSAGE_ID.replace('1', '2')] })],
    ['with another Digest', answer(200, { ...PROOF, digest: ['SHA-256=AAAA'] })],
    [
      'with the Bericht-Id twice, as a proxy may have done',
      answer(200, { ...PROOF, 'bericht-id': [MESSAGE_ID, MESSAGE_ID] }),
    ],
    ['with the Digest twice', answer(200, { ...PROOF, digest: [...PROOF.digest, ...PROOF.digest] })],
  ])('takes no 2xx %s for delivered', (_name, given) => {
    expect(judged(given)).toEqual(proven('answer-unproven', false));
  });

  it('takes no 2xx without a receipt where only a signed one counts', () => {
    expect(judged(answer(200, PROOF), { signedReceipt: true })).toEqual(proven('receipt-missing', false));
  });

  it('takes no 2xx with a receipt that does not hold, whatever the headers say', () => {
    const given = answer(200, { ...PROOF, 'content-type': ['application/jose'] }, 'a.b.c');
    expect(judged(given)).toEqual(proven('receipt-invalid', false));
  });

  it.each<[string, RecipientAnswer]>([
    ['without Bericht-Id', problem('DUBBEL', { 'bericht-id': [] })],
    ['with another Bericht-Id', problem('DUBBEL', { 'bericht-id': [MESSAGE_ID.replace('1', '2')] })],
    ['of another content type', problem('DUBBEL', { 'content-type': ['text/html'] })],
    ['with the content type twice', problem('DUBBEL', { 'content-type': ['application/problem+json', 'text/html'] })],
    ['with a code outside the list', problem('ONBEKEND')],
    ['with a code that is no text', problem(1)],
    ['without code', problem(undefined)],
    ['that is no JSON', { ...problem('DUBBEL'), body: Buffer.from('<html/>') }],
    ['that is no JSON object', { ...problem('DUBBEL'), body: Buffer.from('["DUBBEL"]') }],
  ])('takes no 422 %s for refused', (_name, given) => {
    expect(judged(given)).toEqual(proven('refusal-unproven', true));
  });

  it.each([
    [100, 'redirected', true],
    [301, 'redirected', true],
    [304, 'redirected', true],
    [400, 'status-4xx', true],
    [401, 'status-4xx', true],
    [404, 'status-4xx', true],
    [413, 'status-4xx', true],
    [499, 'status-4xx', true],
    [500, 'status-5xx', false],
    [503, 'status-5xx', false],
  ])('takes %d for a fault, also when it repeats everything', (status, fault, answered) => {
    expect(judged(answer(status, PROOF))).toEqual(proven(fault, answered));
  });

  it('has every fault of its list', () => {
    expect([...ANSWER_FAULTS].sort()).toEqual([
      'answer-unproven',
      'receipt-invalid',
      'receipt-missing',
      'redirected',
      'refusal-unproven',
      'status-4xx',
      'status-5xx',
    ]);
  });
});

describe('isRecipientReceipt', () => {
  const holds = (jws: string, now = NOW): boolean => isRecipientReceipt(jws, expected, { ...ctx, now });

  it('takes the receipt of the recipient, and of who serves the point for it', () => {
    expect(holds(receipt(rvdk.signing))).toBe(true);
    expect(holds(receipt(shop.pki.participant('leverancier').signing))).toBe(true);
    expect(
      isRecipientReceipt(
        receipt(shop.pki.participant('politie').signing),
        { ...expected, recipient: oinOf('politie') as Oin },
        ctx,
      ),
    ).toBe(false);
  });

  it('takes the receipt of a recipient with an RSA key', () => {
    const politie = { ...expected, recipient: oinOf('politie') as Oin };
    const jws = receipt(shop.pki.participant('politie').signing, { recipient: politie.recipient });
    expect(isRecipientReceipt(jws, politie, ctx)).toBe(true);
  });

  it.each<[string, () => string]>([
    ['of another party', () => receipt(shop.pki.participant('cjib').signing)],
    ['of a certificate nobody trusts', () => receipt(shop.pki.bad('andere-ca').signing)],
    ['of a certificate that may not sign', () => receipt(shop.pki.bad('verkeerd-gebruik').signing)],
    [
      'over another bericht',
      () => receipt(rvdk.signing, { messageId: MESSAGE_ID.replace('1', '2') as typeof MESSAGE_ID }),
    ],
    ['over other octets', () => receipt(rvdk.signing, { digest: 'A'.repeat(43) + '=' })],
    ['of another recipient', () => receipt(rvdk.signing, { recipient: oinOf('cjib') as Oin })],
    ['that is malformed', () => receipt(rvdk.signing, { digest: 'kort' })],
    ['that is none', () => 'a.b.c'],
    ['changed in one place', () => receipt(rvdk.signing).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ])('does not take one %s', (_name, jws) => {
    expect(holds(jws())).toBe(false);
  });

  it('does not take one whose certificate has expired', () => {
    expect(holds(receipt(rvdk.signing), NOW + 3 * 365 * 24 * 3_600_000)).toBe(false);
  });
});
