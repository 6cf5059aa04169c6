import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { IssuedCertificate } from '../../../certs-dev/authority.ts';
import { allPassed } from '../../../cli/client/checks.ts';
import {
  linkOf,
  verifyEndNotice,
  verifyRecipientReceipt,
  verifySubmissionReceipt,
} from '../../../cli/client/verify-receipts.ts';
import type { Held, ReceiptVerdict } from '../../../cli/client/verify-receipts.ts';
import { describeFacts } from '../../../cli/client/receipt-facts.ts';
import { verifyReceiptFiles } from '../../../cli/client/receipt-files.ts';
import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { signCompact } from '../../../gateway/codec/compact-jws.ts';
import { digestHeaderOf } from '../../../gateway/codec/detached-signature.ts';
import { createReceiptXmlFormat } from '../../../gateway/codec/receipt-xml.ts';
import type { GivenReceipt } from '../../../gateway/codec/receipt-xml.ts';
import { RECEIPT_TYPES } from '../../../gateway/codec/receipts.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import { freshBericht, NOW } from '../../support/berichten.ts';
import { createTestPki } from '../../support/pki.ts';

const pki = createTestPki(new Date(NOW));
const trust = { roots: parseCertificatesPem(pki.authority.rootPem) };
const strangers = { roots: parseCertificatesPem(pki.other.rootPem) };
const GATEWAY_OIN = '00000004000000002000';
const bericht = freshBericht('opdrachtTb', 'json');
const message = Buffer.from(bericht.text);
const ID = '01a206a6-fb15-7e63-9403-49a2efedab97';
const OTHER_ID = '01a206a6-fb15-7e63-9403-49a2efedab98';
const time = new Date(NOW).toISOString();

type Claims = Readonly<Record<string, unknown>>;

const SUBMISSION: Claims = {
  iss: GATEWAY_OIN,
  omgeving: 'ontwikkeling',
  jti: OTHER_ID,
  berichtId: ID,
  afzenderOin: '00000002003214436001',
  ingediendDoorOin: '00000002003214436001',
  ondertekenaar: 'A'.repeat(43),
  geadresseerd: 'oin:00000001802611266000/GI',
  ontvangerOin: '00000001802611266000',
  berichttype: 'opdrachtTb',
  versie: '1.0',
  kenmerk: bericht.kenmerk,
  digest: digestHeaderOf(message),
  ontvangenOp: time,
  geaccepteerdOp: time,
  uiterlijk: time,
};
const RECIPIENT: Claims = {
  berichtId: ID,
  digest: digestHeaderOf(message),
  ontvangerOin: '00000001802611266000',
  ontvangenOp: time,
};

function sign(typ: string, claims: Claims, signer: IssuedCertificate = pki.gateway.signing): string {
  const chain = parseCertificatesPem(signer.chainPem);
  return signCompact({ typ, claims, chain, privateKey: createPrivateKey(signer.privateKeyPem) });
}

const submissionOf = (change: Claims = {}, signer?: IssuedCertificate): string =>
  sign(RECEIPT_TYPES.submission, { ...SUBMISSION, ...change }, signer);
const recipientOf = (change: Claims = {}, signer = pki.participant('gi-jeugdbescherming-gelderland').signing): string =>
  sign(RECEIPT_TYPES.recipient, { ...RECIPIENT, ...change }, signer);
const endOf = (submission: string, change: Claims = {}, signer?: IssuedCertificate): string =>
  sign(
    RECEIPT_TYPES.end,
    {
      iss: GATEWAY_OIN,
      omgeving: 'ontwikkeling',
      jti: OTHER_ID,
      berichtId: ID,
      bij: [linkOf(submission)],
      toestand: 'afgeleverd',
      eindtijd: time,
      pogingen: 1,
      mogelijkOntvangen: false,
      bewijs: 'getekend',
      ontvangerbevestiging: recipientOf(),
      ...change,
    },
    signer,
  );

const held: Held = { message, kenmerk: bericht.kenmerk };
const failuresOf = ({ checks }: Pick<ReceiptVerdict, 'checks'>): string[] =>
  checks.filter(({ passed }) => !passed).map(({ name }) => name);
const breakSignature = (jws: string): string => {
  const [header, payload, signature = ''] = jws.split('.');
  return [header, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');
};

describe('a submission receipt', () => {
  it('passes when everything holds', () => {
    const verdict = verifySubmissionReceipt(submissionOf(), trust, held);
    expect(failuresOf(verdict)).toEqual([]);
    expect(verdict.passed).toBe(true);
    expect(verdict.checks.map(({ name }) => name)).toEqual([
      'handtekening',
      'certificaat',
      'afgever',
      'inhoud',
      'bericht',
      'kenmerk',
    ]);
  });

  it.each<[string, string, string[]]>([
    ['its signature is broken', breakSignature(submissionOf()), ['handtekening']],
    ['it is of another kind', sign(RECEIPT_TYPES.end, SUBMISSION), ['handtekening']],
    [
      'its certificate is for something else',
      submissionOf({}, pki.bad('verkeerd-gebruik').signing),

      ['certificaat', 'afgever'],
    ],
    ['it names another issuer', submissionOf({ iss: '00000001001825112000' }), ['afgever']],
    ['it was signed by a participant', submissionOf({}, pki.participant('cjib').signing), ['afgever']],
    ['a claim is missing', submissionOf({ uiterlijk: undefined }), ['inhoud']],
    ['it names another kenmerk', submissionOf({ kenmerk: OTHER_ID }), ['kenmerk']],
    ['it names no time', submissionOf({ geaccepteerdOp: 'vandaag' }), ['certificaat', 'afgever']],
    [
      'its time is after its certificate',
      submissionOf({ geaccepteerdOp: '2035-01-01T00:00:00.000Z' }),

      ['certificaat', 'afgever'],
    ],
    ['it names no omgeving', submissionOf({ omgeving: 'thuis' }), ['certificaat', 'afgever']],
    [
      'it claims productie under a development root',
      submissionOf({ omgeving: 'productie' }),

      ['certificaat', 'afgever'],
    ],
  ])('fails when %s', (_why, jws, failures) => {
    const verdict = verifySubmissionReceipt(jws, trust, held);
    expect(failuresOf(verdict)).toEqual(failures);
    expect(verdict.passed).toBe(false);
  });

  it('fails when the bericht has other bytes', () => {
    const other = { ...held, message: Buffer.from(`${bericht.text} `) };
    expect(failuresOf(verifySubmissionReceipt(submissionOf(), trust, other))).toEqual(['bericht']);
  });

  it('is held to the OIN of the gateway when that is told', () => {
    expect(verifySubmissionReceipt(submissionOf(), { ...trust, issuer: GATEWAY_OIN }, held).passed).toBe(true);
    const forged = submissionOf({ iss: '00000004000000044000' }, pki.participant('cjib').signing);
    expect(failuresOf(verifySubmissionReceipt(forged, trust, held))).toEqual([]);
    expect(failuresOf(verifySubmissionReceipt(forged, { ...trust, issuer: GATEWAY_OIN }, held))).toEqual(['afgever']);
  });

  it('fails under a root that did not issue its certificate', () => {
    expect(failuresOf(verifySubmissionReceipt(submissionOf(), strangers, held))).toEqual(['certificaat', 'afgever']);
  });

  it('is verified with an expired certificate as long as it dates from its time', () => {
    const later = pki.authority.issue({
      organisation: 'Doorgeefluik',
      commonName: 'oud',
      oins: [GATEWAY_OIN],
      usage: 'signing',
      keyKind: 'ec-p256',
      notBefore: new Date(NOW - 86_400_000),
      notAfter: new Date(NOW + 1000),
    });
    expect(verifySubmissionReceipt(submissionOf({}, later), trust, held).passed).toBe(true);
  });
});

describe('an end notice', () => {
  const submission = submissionOf();
  const whole: Held = { ...held, submissions: [submission] };

  it("passes when everything holds, the recipient's receipt included", () => {
    const verdict = verifyEndNotice(endOf(submission), trust, whole);
    expect(failuresOf(verdict)).toEqual([]);
    expect(verdict.checks.map(({ name }) => name)).toContain('ontvanger: handtekening');
  });

  it.each<[string, string, string[]]>([
    ['its signature is broken', breakSignature(endOf(submission)), ['handtekening']],
    ['it links to another receipt', endOf(submission, { bij: [linkOf('iets')] }), ['bij']],
    [
      'a participant forged it in its own name',
      endOf(submission, { iss: '00000004000000044000' }, pki.participant('cjib').signing),
      ['samenhang'],
    ],
    [
      'it is of another bericht',
      endOf(submission, { berichtId: OTHER_ID, bewijs: undefined, ontvangerbevestiging: undefined }),
      ['samenhang'],
    ],
    ['it links to nothing', endOf(submission, { bij: 'niets' }), ['bij']],
    ['a claim is missing', endOf(submission, { toestand: undefined }), ['inhoud']],
    ['it was signed by a participant', endOf(submission, {}, pki.participant('cjib').signing), ['afgever']],
    ['it says signed without a receipt', endOf(submission, { ontvangerbevestiging: undefined }), ['bewijs']],
    [
      'the receipt inside is broken',
      endOf(submission, { ontvangerbevestiging: breakSignature(recipientOf()) }),
      ['ontvanger: handtekening', 'ontvanger: Bericht-Id', 'ontvanger: ontvangstbevestiging'],
    ],
    [
      'the receipt inside is of another bericht',
      endOf(submission, { ontvangerbevestiging: recipientOf({ berichtId: OTHER_ID }) }),
      ['ontvanger: Bericht-Id'],
    ],
    [
      'the receipt inside is over other bytes',
      endOf(submission, { ontvangerbevestiging: recipientOf({ digest: digestHeaderOf(Buffer.from('x')) }) }),
      ['ontvanger: bericht', 'ontvanger: ontvangstbevestiging'],
    ],
    [
      'the receipt inside is of another recipient',
      endOf(submission, { ontvangerbevestiging: recipientOf({ ontvangerOin: '00000001001825112000' }) }),
      ['ontvanger: ontvangstbevestiging'],
    ],
    [
      'the receipt inside says too much',
      endOf(submission, { ontvangerbevestiging: recipientOf({ opmerking: 'x' }) }),
      ['ontvanger: inhoud'],
    ],
    [
      'the receipt inside is of a stranger',
      endOf(submission, { ontvangerbevestiging: recipientOf({}, pki.bad('andere-ca').signing) }),
      ['ontvanger: certificaat'],
    ],
  ])('fails when %s', (_why, jws, failures) => {
    const verdict = verifyEndNotice(jws, trust, whole);
    expect(failuresOf(verdict)).toEqual(failures);
    expect(verdict.passed).toBe(false);
  });

  it('need not name the receipt of a repeat that came after it', () => {
    const repeat = submissionOf({ jti: ID });
    expect(verifyEndNotice(endOf(submission), trust, { ...held, submissions: [submission, repeat] }).passed).toBe(true);
    const foreign = submissionOf({ berichtId: OTHER_ID });
    const verdict = verifyEndNotice(endOf(submission), trust, { ...held, submissions: [submission, foreign] });
    expect(failuresOf(verdict)).toEqual(['samenhang']);
  });

  it('needs no receipt of the recipient when the proof is its connection', () => {
    const jws = endOf(submission, { bewijs: 'verbinding', ontvangerbevestiging: undefined });
    expect(verifyEndNotice(jws, trust, whole).passed).toBe(true);
  });
});

describe("a recipient's receipt by itself", () => {
  it('passes when the omgeving is told, and not without', () => {
    const told = { ...trust, environment: 'ontwikkeling' as const };
    expect(verifyRecipientReceipt(recipientOf(), told, held).passed).toBe(true);
    expect(failuresOf(verifyRecipientReceipt(recipientOf(), trust, held))).toEqual(['certificaat']);
  });
});

describe('receipts in files', () => {
  const submission = submissionOf();
  const file = (text: string, path = 'f'): { path: string; bytes: Buffer } => ({ path, bytes: Buffer.from(text) });

  it('are found as JWS and inside the answers of the API', () => {
    const files = [
      file(`${submission}\n`),
      file(JSON.stringify({ berichtId: ID, bevestiging: submission })),
      file(JSON.stringify({ eindbericht: endOf(submission) })),
    ];
    const verdicts = verifyReceiptFiles(files, { trust, message });
    expect(verdicts.map(({ title, passed }) => [title, passed])).toEqual([
      ['Ontvangstbevestiging', true],
      ['Ontvangstbevestiging', true],
      ['Eindbericht', true],
    ]);
  });

  it('link an end notice only to receipts of the same bericht, and say so when there is none', () => {
    const other = submissionOf({ berichtId: OTHER_ID });
    const [alone] = verifyReceiptFiles([file(endOf(submission))], { trust, message: undefined });
    const [beside] = verifyReceiptFiles([file(endOf(submission)), file(other)], { trust, message: undefined });
    const [linked] = verifyReceiptFiles([file(endOf(submission)), file(submission)], { trust, message: undefined });
    expect([alone, beside, linked].map((one) => one?.isLinked)).toEqual([false, false, true]);
    expect([alone, beside, linked].map((one) => one?.passed)).toEqual([true, true, true]);
  });

  it('say what they prove, and nothing when a check fails', () => {
    const files = [file(endOf(submission)), file(submission), file(breakSignature(submission))];
    const [end, taken, broken] = verifyReceiptFiles(files, { trust, message });
    const parties = { berichtId: ID, afzenderOin: expect.any(String), ontvangerOin: expect.any(String) };
    expect(end?.facts).toMatchObject({ ...parties, toestand: 'afgeleverd', bewijs: 'getekend' });
    expect(taken?.facts).toMatchObject({ ...parties, kenmerk: bericht.kenmerk });
    expect(broken?.facts).toBeUndefined();
    const told = describeFacts({ ...end?.facts, toestand: 'geweigerd', reden: 'DUBBEL', mogelijkOntvangen: true });
    expect(told).toEqual(
      expect.arrayContaining([
        ['toestand', 'geweigerd, reden DUBBEL'],
        ['bewijs', 'getekend door de ontvanger'],
        ['let op', 'mogelijk toch ontvangen'],
      ]),
    );
    expect(describeFacts({ toestand: 'verlopen' })).toEqual([['toestand', 'verlopen']]);
  });

  it.each(['', 'hallo', '{}', '{"bevestiging":1}', 'a.b.c', '<a/>'])('are refused when the file is %j', (text) => {
    expect(() => verifyReceiptFiles([file(text)], { trust, message: undefined })).toThrow('f is geen bevestiging');
  });

  it.each(['', '!', '\r', '\u00e9'])(
    'fail beside the others when a letter of the header is damaged (now %j)',
    (letter) => {
      const damaged = submission.slice(0, 9) + letter + submission.slice(10);
      const verdicts = verifyReceiptFiles([file(damaged), file(submission)], { trust, message });
      expect(verdicts.map(({ title, passed }) => [title, passed])).toEqual([
        ['Bevestiging', false],
        ['Ontvangstbevestiging', true],
      ]);
    },
  );

  it('fail beside what is no bericht any more', () => {
    const [verdict] = verifyReceiptFiles([file(submission)], { trust, message: Buffer.from('?') });
    expect(verdict?.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['bericht']);
  });
});

describe('receipts in XML', () => {
  const xmlOf = async (given: GivenReceipt): Promise<string> => {
    const privateKey = createPrivateKey(pki.gateway.signing.privateKeyPem);
    const chain = parseCertificatesPem(pki.gateway.signing.chainPem);
    const issuer = { oin: GATEWAY_OIN as Oin, environment: 'ontwikkeling' as const, privateKey, chain };
    return Buffer.from(await createReceiptXmlFormat(issuer)(given)).toString('utf8');
  };
  const facts = {
    issuer: GATEWAY_OIN as Oin,
    environment: 'ontwikkeling',
    id: OTHER_ID,
    messageId: ID as MessageId,
  } as const;
  const submission = {
    ...facts,
    previous: undefined,
    sender: '00000002003214436001' as Oin,
    submittedBy: '00000002003214436001' as Oin,
    signer: 'A'.repeat(43),
    addressed: 'oin:00000001802611266000/GI',
    recipient: '00000001802611266000' as Oin,
    messageType: 'opdrachtTb',
    version: '1.0',
    kenmerk: bericht.kenmerk,
    digest: digestHeaderOf(message).slice('SHA-256='.length),
    receivedAt: NOW,
    acceptedAt: NOW,
    deadline: NOW,
  };
  const notice = {
    ...facts,
    receipts: [linkOf('de JWS ervan')],
    state: 'delivered',
    reason: undefined,
    endedAt: NOW,
    attempts: 1,
    possiblyReceived: false,
    proof: 'connection',
    recipientReceipt: undefined,
  } as const;

  it('are verified as the others, but for a link that names the JWS', async () => {
    const files = [await xmlOf({ kind: 'submission', receipt: submission }), await xmlOf({ kind: 'end', notice })];
    const verdicts = verifyReceiptFiles(
      files.map((text) => ({ path: 'f', bytes: Buffer.from(text) })),
      { trust, message },
    );
    expect(verdicts.map(({ title, passed }) => [title, passed])).toEqual([
      ['Ontvangstbevestiging', true],
      ['Eindbericht', true],
    ]);
    const names = verdicts[1]?.checks.map(({ name }) => name);
    expect(names).toContain('samenhang');
    expect(names).not.toContain('bij');
  });

  it('fail when anything in them was changed, or when they are another kind', async () => {
    const xml = await xmlOf({ kind: 'submission', receipt: submission });
    expect(failuresOf(verifySubmissionReceipt(xml.replace('/GI', '/GX'), trust, held))).toEqual(['handtekening']);
    expect(failuresOf(verifyEndNotice(xml, trust, held))).toEqual(['handtekening']);
    const [broken] = verifyReceiptFiles([{ path: 'f', bytes: Buffer.from(xml.replace('/GI', '/GX')) }], {
      trust,
      message,
    });
    expect(broken?.passed).toBe(false);
  });
});

describe('checks together', () => {
  it('pass only when there is one and none failed', () => {
    const good = { name: 'a', passed: true, detail: '' };
    expect(allPassed([])).toBe(false);
    expect(allPassed([good])).toBe(true);
    expect(allPassed([good, { ...good, passed: false }])).toBe(false);
  });
});
