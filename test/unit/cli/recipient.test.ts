import { describe, expect, it } from '@jest/globals';
import { buildAnswer } from '../../../cli/client/listener.ts';
import { createRecipient, readArrival } from '../../../cli/client/recipient.ts';
import type { Arrival, RecipientOptions } from '../../../cli/client/recipient.ts';
import { signMessage } from '../../../cli/client/sign-message.ts';
import { verifyRecipientReceipt } from '../../../cli/client/verify-receipts.ts';
import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { digestHeaderOf } from '../../../gateway/codec/detached-signature.ts';
import { freshBericht, NOW } from '../../support/berichten.ts';
import { createTestPki } from '../../support/pki.ts';
import type { Identity } from '../../../certs-dev/identities.ts';

const pki = createTestPki(new Date(NOW));
const roots = parseCertificatesPem(pki.authority.rootPem);
const ID = '01a206a6-fb15-7e63-9403-49a2efedab97';

const identityOf = ({ signing }: Identity): { certPem: string; keyPem: string } => ({
  certPem: signing.chainPem,
  keyPem: signing.privateKeyPem,
});

function arrive(
  change: { readonly headers?: Record<string, string>; readonly signer?: Identity; readonly form?: 'detached' } = {},
): Arrival {
  const signer = change.signer ?? pki.participant('rvdk');
  const { form } = change;
  const message = signMessage(Buffer.from(freshBericht('opdrachtTb').text), {
    identity: identityOf(signer),
    signedAt: NOW,
    form,
  });
  const sent = Object.entries(message.headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const headers = new Map([
    ...sent,
    ['digest', digestHeaderOf(message.body)],
    ['bericht-id', ID],
    ['ontvanger-oin', '00000001802611266000'],
    ...Object.entries(change.headers ?? {}),
  ] as [string, string][]);
  const arrival = readArrival(headers, Buffer.from(message.body));
  if (!arrival.ok) throw new RangeError(arrival.error);
  return arrival.value;
}

function open(change: Partial<RecipientOptions> = {}): {
  kept: Arrival[];
  receive: ReturnType<typeof createRecipient>['receive'];
} {
  const kept: Arrival[] = [];
  const recipient = createRecipient({
    trust: { environment: 'ontwikkeling', roots, intermediates: [] },
    signing: identityOf(pki.participant('gi-jeugdbescherming-gelderland')),
    now: () => NOW,
    keep: (arrival) => kept.push(arrival),
    ...change,
  });
  return { kept, receive: (arrival) => recipient.receive(arrival) };
}

describe('a recipient', () => {
  it.each(['enveloped', 'detached'] as const)('takes a bericht with a good %s signature, and signs for it', (form) => {
    const { kept, receive } = open();
    const arrival = arrive(form === 'detached' ? { form } : {});
    const reaction = receive(arrival);
    expect(reaction).toMatchObject({ kind: 'taken', isNew: true, signer: '00000002003214436001' });
    expect(kept).toEqual([arrival]);
    const receipt = reaction.kind === 'taken' ? (reaction.receipt ?? '') : '';
    const trust = { roots, environment: 'ontwikkeling' as const };
    expect(verifyRecipientReceipt(receipt, trust, { message: arrival.body }).passed).toBe(true);
    expect(buildAnswer(reaction)).toEqual({
      status: 200,
      headers: { 'Bericht-Id': ID, Digest: arrival.digest, 'Content-Type': 'application/jose' },
      body: receipt,
    });
  });

  it('confirms plainly without a key of its own', () => {
    const arrival = arrive();
    const reaction = open({ signing: undefined }).receive(arrival);
    expect(buildAnswer(reaction)).toEqual({
      status: 200,
      headers: { 'Bericht-Id': ID, Digest: arrival.digest },
      body: '',
    });
  });

  it('keeps a bericht once, and confirms it again', () => {
    const { kept, receive } = open();
    const arrival = arrive();
    const outcomes = [receive(arrival), receive(arrival)].map(
      (reaction) => reaction.kind === 'taken' && reaction.isNew,
    );
    expect(outcomes).toEqual([true, false]);
    expect(kept).toHaveLength(1);
    const later = open({ has: () => true });
    expect(later.receive(arrival)).toMatchObject({ kind: 'taken', isNew: false });
    expect(later.kept).toEqual([]);
  });

  it('gives no receipt when it could not keep the bericht', () => {
    const { receive } = open({
      keep: () => {
        throw new RangeError('full');
      },
    });
    expect(() => receive(arrive())).toThrow('full');
  });

  it('refuses with the reason it is given', () => {
    const reaction = open({ refuse: () => 'case-unknown' }).receive(arrive());
    expect(buildAnswer(reaction)).toEqual({
      status: 422,
      headers: { 'Bericht-Id': ID, 'Content-Type': 'application/problem+json' },
      body: '{"code":"ZAAK_ONBEKEND"}',
    });
  });

  it.each<[string, Arrival, string]>([
    ['other bytes', { ...arrive(), body: Buffer.from('<a/>') }, 'de bytes horen niet bij de Digest'],
    ['a stranger as signer', arrive({ signer: pki.bad('andere-ca') }), 'niet uitgegeven onder de opgegeven root'],
    ['an expired signer', arrive({ signer: pki.bad('verlopen') }), 'verlopen'],
    ['a signature that cannot be read', arrive({ headers: { 'payload-signature': 'x' } }), 'niet te lezen'],
  ])('refuses %s', (_what, arrival, why) => {
    const { kept, receive } = open();
    const reaction = receive(arrival);
    expect(reaction).toMatchObject({ kind: 'refused', code: 'HANDTEKENING_NIET_GEACCEPTEERD' });
    expect(reaction.kind === 'refused' ? reaction.why : '').toContain(why);
    expect(kept).toEqual([]);
  });

  it('refuses a bericht without any signature', () => {
    const body = Buffer.from(freshBericht('opdrachtTb').text);
    const arrival = { ...arrive(), body, digest: digestHeaderOf(body) };
    expect(open().receive(arrival)).toMatchObject({ kind: 'refused', why: 'het bericht draagt geen handtekening' });
  });
});

describe('what arrives', () => {
  it('is no delivery without a Bericht-Id and a recipient', () => {
    const body = Buffer.from('');
    expect(readArrival(new Map(), body)).toMatchObject({ ok: false });
    expect(readArrival(new Map([['bericht-id', '../x']]), body)).toMatchObject({ ok: false });
    expect(readArrival(new Map([['bericht-id', ID]]), body)).toMatchObject({ ok: false });
  });

  it('says whether it came before', () => {
    expect(arrive({ headers: { herhaling: 'true' } }).repeat).toBe(true);
    expect(arrive({ headers: { herhaling: 'false' } }).repeat).toBe(false);
  });
});
