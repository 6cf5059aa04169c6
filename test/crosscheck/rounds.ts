import { randomUUID, X509Certificate } from 'node:crypto';
import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import type { Standing } from '../../gateway/services/parts.ts';
import { Random } from '../conformance/random.ts';
import { bring, freshBericht, NOW } from '../support/berichten.ts';
import type { Bericht } from '../support/berichten.ts';
import { authoriseRefusals, routeRefusals } from '../support/refusals-rules.ts';
import {
  callerRefusals,
  contentRefusals,
  environmentRefusals,
  readingRefusals,
  signatureRefusals,
} from '../support/refusals.ts';
import type { SignatureForm } from '../../gateway/domain/message.ts';
import { openWorkshop } from '../support/workshop.ts';
import { mutate } from './mutations.ts';

/** How a bericht ended; `expected` is how it must, where that is known. */
export interface Ending {
  readonly code: RejectionCode | 'accepted';
  readonly expected: RejectionCode | 'accepted' | undefined;
}

/** Judges one bericht after another: signed ones of every form, random changes of them, and what each stage refuses. */
export interface Rounds {
  /** What ends in a way of its own: as many rounds show each at least once. */
  readonly kinds: number;
  next(): Ending;
}

interface Brought {
  readonly incoming: Incoming;
  readonly standing?: Standing;
  readonly expected: Ending['expected'];
}

/** Opens rounds on a PKI and schemas of their own; `plain` leaves out what is refused under other rules, which take long to make. */
export function openRounds(seed: number, plain = false): Rounds {
  const shop = openWorkshop();
  const random = new Random(seed);
  const refusals = [
    ...[readingRefusals, callerRefusals, signatureRefusals, contentRefusals, environmentRefusals].flatMap((list) =>
      list(shop),
    ),
    ...[authoriseRefusals, routeRefusals].flatMap((list) => list(shop)),
  ]
    .filter(({ standing }) => !plain || standing === undefined)
    .map(({ incoming, standing, code }) => ({ incoming: incoming(), standing: standing?.(), expected: code }));
  // Signed once and brought often: signing takes longer than the judgement.
  const accepted = (bericht: Bericht, form: SignatureForm): (() => Brought) => {
    const pool = Array.from({ length: POOL }, () => shop.sendAs(renewed(bericht), { form }));
    return () => ({ incoming: random.pick(pool), expected: 'accepted' });
  };
  const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
  const enveloped = shop.sendAs(wrapped, { form: 'enveloped' });
  const { tls, signing } = shop.pki.participant(wrapped.sender);
  const text = Buffer.from(enveloped.body).toString('utf8');
  let at = 0;
  const turns: readonly (() => Brought)[] = [
    accepted(freshBericht('vtoDi01'), 'detached'),
    accepted(wrapped, 'enveloped'),
    accepted(freshBericht('opdrachtTb', 'json', 'opdracht.json'), 'detached'),
    accepted(wrapped, 'detached'),
    () => ({ incoming: bring('xml', mutate(text, random).bytes, tls), expected: undefined }),
    () => ({ incoming: bring('xml', ofUnknownSigner(text, signing.certificatePem, random), tls), expected: undefined }),
    () => ({ incoming: bring('xml', large(text, random), tls), expected: 'ERR_SIGNATURE_DIGEST' }),
    ...Array.from({ length: 3 }, () => () => {
      const refusal = refusals[(at += 1) % refusals.length];
      if (refusal === undefined) throw new RangeError('no refusals');
      const { standing, ...rest } = refusal;
      return standing === undefined ? rest : { ...rest, standing };
    }),
  ];
  let turn = 0;
  return {
    kinds: (turns.length * refusals.length) / 3,
    next: () => {
      const brought = turns[turn % turns.length];
      turn += 1;
      if (brought === undefined) throw new RangeError('no rounds');
      const { incoming, standing = shop.plain, expected } = brought();
      const judged = judge(incoming, { ...standing, now: NOW });
      return { code: judged.ok ? 'accepted' : judged.error.code, expected };
    },
  };
}

const POOL = 32;

function renewed(bericht: Bericht): Bericht {
  const kenmerk = randomUUID();
  return { ...bericht, kenmerk, text: bericht.text.replace(bericht.kenmerk, kenmerk) };
}

/** With a certificate that nobody has seen before: its octets are those of the signer but for the end. */
function ofUnknownSigner(text: string, certificatePem: string, random: Random): Buffer {
  const der = Buffer.from(new X509Certificate(certificatePem).raw);
  const base64 = der.toString('base64');
  der.writeUInt32BE(random.between(0, 0xffff_ffff), der.length - 4);
  if (!text.includes(base64)) throw new RangeError('the certificate is not in the document');
  return Buffer.from(text.replace(base64, der.toString('base64')));
}

/** Up to 100 kB in elements beside what was signed. */
function large(text: string, random: Random): Buffer {
  const content = `<x xmlns:n="urn:n" n:a="${'y'.repeat(50)}">z</x>`.repeat(random.between(100, 1500));
  return Buffer.from(text.replace('<b:inhoud>', `<b:inhoud>${content}`));
}
