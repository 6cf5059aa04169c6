import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { BadName } from '../../certs-dev/bad-identities.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { call, exchangeRaw, until } from '../support/http-party.ts';
import type { WireAnswer } from '../support/http-party.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

type RefusalCase = [what: string, status: number, code: string, make: () => [ParticipantName, SignedBericht]];

let bed: Testbed;

beforeAll(async () => {
  bed = await openTestbed({
    editRules: (name, text) => (name === 'machtigingen' ? text + ENDED_MANDATE : text),
  });
});
afterAll(() => bed.close());

// CJIB could bring for gemeente Arnhem, until yesterday.
const YESTERDAY = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
const ENDED_MANDATE = `
  - gemachtigde: '00000004000000044000'
    namens: '00000001001825112000'
    taken: [indienen]
    vanaf: 2026-01-01
    tot: ${YESTERDAY}
`;

const CANARY = 'Kanarievogeltje';

/** A verzoek tot onderzoek with a canary in it, changed before or after it is signed. */
function verzoek(
  change: {
    readonly before?: (text: string) => string;
    readonly after?: (signed: SignedBericht) => SignedBericht;
    readonly signer?: ParticipantName;
  } = {},
): SignedBericht {
  const example = freshExample('vtoDi01', 'minimaal.xml');
  const text = example.text.replace('<BG:geslachtsnaam>Felsen<', `<BG:geslachtsnaam>${CANARY}<`);
  expect(text).toContain(CANARY);
  const signing = bed.pki.participant(change.signer ?? 'gemeente-arnhem').signing;
  const signed = signedDetached({ ...example, text: change.before?.(text) ?? text }, signing, 'xml');
  return change.after?.(signed) ?? signed;
}

function opdracht(before: (text: string) => string = (text) => text): SignedBericht {
  const example = freshExample('opdrachtTb', 'opdracht.json');
  return signedDetached({ ...example, text: before(example.text) }, bed.pki.participant('rvdk').signing, 'json');
}

async function expectRefusal(answer: WireAnswer, status: number, code: string): Promise<void> {
  expect([answer.status, answer.json()['code']]).toEqual([status, code]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const sentence = String(answer.json()['omschrijving']);
  expect(sentence.length).toBeGreaterThan(20);
  expect(answer.body.toString()).not.toContain(CANARY);
  await expectNothingHappened();
}

async function expectNothingHappened(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(bed.pushes()).toBe(0);
  expect(bed.gateway.output()).not.toContain(CANARY);
  for (const file of readdirSync(join(bed.gateway.folder, 'register'))) {
    expect(readFileSync(join(bed.gateway.folder, 'register', file), 'utf8')).not.toMatch(/Kanarie|"kind":"received"/);
  }
}

describe('C7: refused on the connection', () => {
  it.each<[string, BadName | 'none', string]>([
    ['no client certificate', 'none', 'ERR_CERTIFICATE_MISSING'],
    ['a certificate of another CA', 'andere-ca', 'ERR_CERTIFICATE_UNTRUSTED'],
    ['an expired certificate', 'verlopen', 'ERR_CERTIFICATE_EXPIRED'],
  ])('%s: gets no answer, and the event names the code', async (_name, bad, code) => {
    const before = bed.gateway.output().split(code).length;
    const tls = bad === 'none' ? undefined : bed.pki.bad(bad).tls;
    const { text } = await exchangeRaw(
      { tls, ca: bed.party('rvdk').ca },
      { port: bed.gateway.port(), text: 'GET /v1/sleutels HTTP/1.1\r\nHost: localhost\r\n\r\n' },
    );
    expect(text).toBe('');
    await until(() => bed.gateway.output().split(code).length > before, 60_000, `an event with ${code}`);
    await expectNothingHappened();
  });

  it.each<[string, BadName, string]>([
    ['without OIN', 'zonder-oin', 'ERR_CERTIFICATE_OIN_MISSING'],
    ['with two OINs', 'twee-oins', 'ERR_CERTIFICATE_OIN_AMBIGUOUS'],
    ['with two OINs in one name part', 'twee-oins-in-een-rdn', 'ERR_CERTIFICATE_OIN_AMBIGUOUS'],
    ['with an OIN of 19 digits', 'oin-19', 'ERR_CERTIFICATE_OIN_INVALID'],
    ['with an OIN of 21 digits', 'oin-21', 'ERR_CERTIFICATE_OIN_INVALID'],
  ])('a certificate %s', async (_name, bad, code) => {
    const bericht = verzoek();
    const answer = await call(
      { tls: bed.pki.bad(bad).tls, ca: bed.party('rvdk').ca },
      { port: bed.gateway.port(), method: 'POST', path: '/v1/berichten', headers: bericht.headers, body: bericht.body },
    );
    await expectRefusal(answer, 403, code);
  });
});

describe('refused for who brings or signs it', () => {
  it('signed by another participant', async () => {
    await expectRefusal(
      await bed.submit('gemeente-arnhem', verzoek({ signer: 'politie' })),
      403,
      'ERR_MANDATE_SIGN_MISSING',
    );
  });
  it('a signed bericht of A, sent on by recipient C', async () => {
    await expectRefusal(await bed.submit('rvdk', verzoek()), 403, 'ERR_MANDATE_SUBMIT_MISSING');
  });
  it('brought by a supplier whose mandate is for another type', async () => {
    const melding = freshExample('vtMeldingDi01', 'melding-politie.xml');
    const bericht = signedDetached(melding, bed.pki.participant('politie').signing, 'xml');
    await expectRefusal(await bed.submit('leverancier', bericht), 403, 'ERR_MANDATE_SUBMIT_MISSING');
  });
  it('signed by supplier B for A without `ondertekenen`', async () => {
    await expectRefusal(
      await bed.submit('leverancier', verzoek({ signer: 'leverancier' })),
      403,
      'ERR_MANDATE_SIGN_MISSING',
    );
  });
  it('under a mandate that ended yesterday', async () => {
    await expectRefusal(await bed.submit('cjib', verzoek()), 403, 'ERR_MANDATE_SUBMIT_MISSING');
  });
});

describe('refused for its signature', () => {
  it('unsigned', async () => {
    const after = ({ body, kenmerk }: SignedBericht): SignedBericht => ({
      body,
      kenmerk,
      headers: { 'Content-Type': 'application/xml' },
    });
    await expectRefusal(await bed.submit('gemeente-arnhem', verzoek({ after })), 422, 'ERR_SIGNATURE_MISSING');
  });
  it('one byte changed', async () => {
    const after = (signed: SignedBericht): SignedBericht => ({
      ...signed,
      body: Buffer.from(signed.body.toString().replace(CANARY, `${CANARY.slice(0, -1)}x`)),
    });
    await expectRefusal(await bed.submit('gemeente-arnhem', verzoek({ after })), 422, 'ERR_SIGNATURE_DIGEST');
  });
});

describe('refused for what it is', () => {
  it.each<RefusalCase>([
    [
      'a test one into another environment',
      422,
      'ERR_ENVIRONMENT_MISMATCH',
      () => ['rvdk', opdracht((text) => text.replace('"ontwikkeling"', '"productie"'))],
    ],
    [
      'an unknown type',
      422,
      'ERR_MESSAGE_TYPE_UNKNOWN',
      () => ['rvdk', opdracht((text) => text.replace('"opdrachtTb"', '"opdrachtXx"'))],
    ],
    [
      'an unknown version',
      422,
      'ERR_MESSAGE_VERSION_UNKNOWN',
      () => ['rvdk', opdracht((text) => text.replace('"versie": "1.0"', '"versie": "9.0"'))],
    ],
    [
      'a crisis',
      422,
      'ERR_CRISIS_NOT_CARRIED',
      () => ['rvdk', opdracht((text) => text.replace('"urgent": "nee"', '"urgent": "crisis"'))],
    ],
    [
      'against its schema',
      422,
      'ERR_SCHEMA_INVALID',
      () => [
        'gemeente-arnhem',
        verzoek({ before: (text) => text.replace(/<BG:geboortedatum>[^<]*/, `<BG:geboortedatum>${CANARY}`) }),
      ],
    ],
    [
      'a pair that isn’t in the matrix',
      403,
      'ERR_ROUTE_NONE',
      () => [
        'gemeente-arnhem',
        verzoek({
          before: (text) =>
            text.replace('00000002003214436001', '00000001001479179000').replace('RvdK-applicatie', 'jeugd-applicatie'),
        }),
      ],
    ],
    [
      'an unknown recipient',
      422,
      'ERR_RECIPIENT_UNKNOWN',
      () => [
        'gemeente-arnhem',
        verzoek({ before: (text) => text.replace('00000002003214436001', '00000004000000034000') }),
      ],
    ],
    ['not UTF-8', 400, 'ERR_ENCODING_NOT_UTF8', () => ['gemeente-arnhem', notUtf8()]],
    [
      'a DOCTYPE',
      400,
      'ERR_XML_DOCTYPE',
      () => ['gemeente-arnhem', verzoek({ before: (text) => text.replace('?>', '?><!DOCTYPE x [<!ENTITY e "x">]>') })],
    ],
    [
      'duplicate JSON keys',
      400,
      'ERR_JSON_DUPLICATE_KEY',
      () => ['rvdk', opdracht((text) => text.replace('"urgent": "nee"', '"urgent": "nee", "urgent": "nee"'))],
    ],
    [
      'the wrong content type',
      415,
      'ERR_CONTENT_TYPE',
      () => ['gemeente-arnhem', withHeader({ 'Content-Type': 'text/plain' })],
    ],
    [
      'content encoding',
      415,
      'ERR_CONTENT_ENCODING',
      () => ['gemeente-arnhem', withHeader({ 'Content-Encoding': 'gzip' })],
    ],
  ])('%s', async (...[, status, code, make]: RefusalCase) => {
    const [sender, bericht] = make();
    await expectRefusal(await bed.submit(sender, bericht), status, code);
  });

  it('over 35 MB, before it is read whole', async () => {
    const { 'Content-Type': type } = verzoek().headers;
    const head = `POST /v1/berichten HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${String(type)}\r\nContent-Length: 36700161`;
    const sent = await exchangeRaw(bed.party('gemeente-arnhem'), {
      port: bed.gateway.port(),
      text: `${head}\r\n\r\n<a>`,
    });
    expect(sent.text).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent.text).toContain('ERR_BODY_TOO_LARGE');
    expect(sent.bytesWritten).toBeLessThan(1_000);
    await expectNothingHappened();
  });
});

function notUtf8(): SignedBericht {
  const example = freshExample('vtoDi01', 'minimaal.xml');
  const [head, tail] = example.text.split('Felsen');
  const bytes = Buffer.concat([Buffer.from(String(head)), Buffer.from([0xc3, 0x28]), Buffer.from(String(tail))]);
  return signedDetached({ ...example, text: bytes }, bed.pki.participant('gemeente-arnhem').signing, 'xml');
}

function withHeader(header: Readonly<Record<string, string>>): SignedBericht {
  const signed = verzoek();
  return { ...signed, headers: { ...signed.headers, ...header } };
}
