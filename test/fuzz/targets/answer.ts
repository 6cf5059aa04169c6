import { signRecipientReceipt } from '../../../gateway/codec/receipts.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import { judgeAnswer } from '../../../gateway/pipeline/judge-answer.ts';
import type { Expectation } from '../../../gateway/pipeline/judge-answer.ts';
import { oinOf } from '../../support/berichten.ts';
import { arnhem, issuer, NOW, rvdk, stranger, trust } from '../identities.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateJws } from '../mutate/jws.ts';
import { mutateLines } from '../mutate/lines.ts';
import { must } from '../target.ts';
import type { FuzzTarget, Mutator } from '../target.ts';

const ID = '0193a5f0-0000-7000-8000-00000000000e' as MessageId;
const OTHER = '0193a5f0-0000-7000-8000-00000000000f' as MessageId;
const DIGEST = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const expected: Omit<Expectation, 'signedReceipt'> = {
  messageId: ID,
  digest: DIGEST,
  recipient: oinOf('rvdk') as Oin,
  owner: oinOf('rvdk') as Oin,
};
const REASONS = ['ONGELDIG', 'ONBEKEND', 'NIET_BEVOEGD', 'GEEN_PLAATS'];

const receiptOf = (signing: typeof rvdk, messageId: MessageId): string =>
  signRecipientReceipt({ messageId, digest: DIGEST, recipient: expected.recipient, receivedAt: NOW }, issuer(signing));
const good = receiptOf(rvdk, ID);
const receipts = [good, receiptOf(rvdk, OTHER), receiptOf(arnhem, ID), receiptOf(stranger, ID)];
const WORDS = [
  ...[
    '200',
    '202',
    '204',
    '301',
    '422',
    '404',
    '503',
    '999',
    '-1',
    ID,
    OTHER,
    `SHA-256=${DIGEST}`,
    'sha-256=x',
    'bericht-id',
    'digest',
  ],
  ...[
    'content-type: application/jose',
    'content-type: application/problem+json',
    `bericht-id: ${ID}`,
    `digest: SHA-256=${DIGEST}`,
    ...REASONS,
  ],
];
const jws = mutateJws(['"berichtId"', '"digest"', '"ontvangerOin"', '"crit"']);

const ofBody: Mutator = (input, random, other) => {
  const at = input.indexOf('\n\n') + 2;
  const donor = other();
  const body = jws(input.subarray(at), random, () => donor.subarray(donor.indexOf('\n\n') + 2));
  return Buffer.concat([input.subarray(0, at), body]);
};

// An input is a status, headers on a line each, an empty line, and the body.
const target: FuzzTarget = {
  invariant:
    'delivered only by Bericht-Id and Digest once each, or the recipient’s own receipt; refused only by Bericht-Id and a code of the list',
  seeds: [
    `200\nbericht-id: ${ID}\ndigest: SHA-256=${DIGEST}\n\n`,
    ...receipts.map((receipt) => `200\ncontent-type: application/jose\n\n${receipt}`),
    `422\ncontent-type: application/problem+json\nbericht-id: ${ID}\n\n{"code":"ONGELDIG","title":"x"}`,
    `422\ncontent-type: application/problem+json; charset=utf-8\nbericht-id: ${ID}\n\n{"code":"anders"}`,
  ].map((text) => Buffer.from(text)),
  mutators: [mutateLines(WORDS), mutateBytes(WORDS), ofBody],
  run: (input) => {
    const at = input.indexOf('\n\n');
    const [status = '', ...lines] = (at < 0 ? input : input.subarray(0, at)).toString('latin1').split('\n');
    const body = at < 0 ? Buffer.alloc(0) : input.subarray(at + 2);
    const headers = new Map<string, string[]>();
    for (const line of lines) {
      const name = line.split(':', 1).join('').toLowerCase();
      headers.set(name, [...(headers.get(name) ?? []), line.slice(name.length + 1)]);
    }
    for (const signedReceipt of [false, true])
      judge({ status: Number.parseInt(status, 10), headers, body }, signedReceipt);
  },
};

function judge(answer: Parameters<typeof judgeAnswer>[0], signedReceipt: boolean): void {
  const outcome = judgeAnswer(answer, { ...expected, signedReceipt }, { now: NOW, trust });
  if (outcome.kind === 'fault') return;
  const only = (name: string): string | undefined => {
    const values = answer.headers.get(name) ?? [];
    return values.length === 1 ? values[0]?.trim() : undefined;
  };
  if (outcome.kind === 'refused') {
    must(answer.status === 422 && only('bericht-id') === ID, 'refused by whoever does not know the bericht');
    const { code } = JSON.parse(answer.body.toString()) as Readonly<Record<string, unknown>>;
    must(typeof code === 'string' && code !== '', 'refused without a code');
    return;
  }
  must(answer.status >= 200 && answer.status < 300, 'delivered by another status');
  if (outcome.receipt !== undefined)
    must(
      outcome.receipt === good && answer.body.toString() === good,
      'delivered by a receipt that the recipient never gave',
    );
  else
    must(
      !signedReceipt && only('bericht-id') === ID && only('digest') === `SHA-256=${DIGEST}`,
      'delivered without proof',
    );
}

export default target;
