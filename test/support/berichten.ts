import { createHash, randomUUID } from 'node:crypto';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { Certificate } from '../../gateway/codec/certificate.ts';
import { digestHeaderOf, signDetached } from '../../gateway/codec/detached-signature.ts';
import { signEnveloped } from '../../gateway/codec/sign-xml.ts';
import type { Format, Instant, SignatureForm } from '../../gateway/domain/message.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import { readTypeFolders } from './schema-folder.ts';

/** The clock of the tests: the certificates of `createTestPki(new Date(NOW))` are valid then. */
export const NOW: Instant = Date.UTC(2026, 10, 25, 10, 0, 0);

/** A bericht not yet signed: a valid example with a kenmerk and times of its own. */
export interface Bericht {
  readonly type: string;
  readonly version: string;
  /** The example's file. */
  readonly name: string;
  readonly stuf: boolean;
  readonly format: Format;
  readonly kenmerk: string;
  readonly sender: ParticipantName;
  readonly text: string;
}

/** Every valid example of every type and version, fresh. */
export function freshBerichten(): readonly Bericht[] {
  return readTypeFolders().flatMap(({ definition, valid }) =>
    valid.map(({ name, format, bytes }) =>
      freshen(bytes.toString('utf8'), {
        type: definition.berichttype,
        version: definition.versie,
        stuf: definition.vorm === 'stuf',
        name,
        format,
      }),
    ),
  );
}

/** A fresh bericht of the type in the format; the first example unless a name is given. */
export function freshBericht(type: string, format: Format = 'xml', name?: string): Bericht {
  const found = freshBerichten().find(
    (one) => one.type === type && one.format === format && (name === undefined || one.name === name),
  );
  if (found === undefined) throw new RangeError(`no example of ${type} in ${format}`);
  return found;
}

/** The same bericht with another text. */
export function edit(bericht: Bericht, change: (text: string) => string): Bericht {
  const text = change(bericht.text);
  if (text === bericht.text) throw new RangeError('the edit changes nothing');
  return { ...bericht, text };
}

/** Who brings and who signs a bericht, and how. */
export interface Sending {
  /** The certificate of the connection. */
  readonly caller: IssuedCertificate;
  readonly signer: IssuedCertificate;
  /** Detached unless said otherwise. */
  readonly form?: SignatureForm;
  /** `NOW` unless said otherwise. */
  readonly signedAt?: Instant;
  /** Whether a detached signature sends its certificates along. */
  readonly includeChain?: boolean;
}

/** The bericht as it comes in, signed. */
export function send(
  bericht: { readonly format: Format; readonly text: string | Uint8Array },
  sending: Sending,
): Incoming {
  const { caller, signer, form = 'detached', signedAt = NOW, includeChain = true } = sending;
  const { privateKeyPem, chainPem } = signer;
  const plain = Buffer.from(bericht.text);
  if (form === 'enveloped') {
    return bring(bericht.format, signEnveloped(plain, { privateKeyPem, chainPem, signedAt }), caller);
  }
  const digest = createHash('sha256').update(plain).digest('base64');
  const signature = signDetached({ digest, privateKeyPem, chainPem, signedAt, includeChain });
  return withHeaders(bring(bericht.format, plain, caller), {
    digest: [digestHeaderOf(plain)],
    'payload-signature': [signature],
  });
}

/** The octets as they come in, without a signature of ours. */
export function bring(format: Format, body: Uint8Array, caller: IssuedCertificate): Incoming {
  return {
    callerCertificate: certificateOf(caller).der,
    headers: new Map([['content-type', [`application/${format}`]]]),
    body,
    receivedAt: NOW,
  };
}

/** The same with headers added or replaced; undefined takes one away. */
export function withHeaders(
  incoming: Incoming,
  changes: Readonly<Record<string, readonly string[] | undefined>>,
): Incoming {
  const headers = new Map(incoming.headers);
  for (const [name, values] of Object.entries(changes)) {
    if (values === undefined) headers.delete(name);
    else headers.set(name, values);
  }
  return { ...incoming, headers };
}

/** The issued certificate, read. */
export function certificateOf(issued: IssuedCertificate): Certificate {
  const [leaf] = parseCertificatesPem(issued.certificatePem);
  if (leaf === undefined) throw new RangeError('no certificate');
  return leaf;
}

/** The OIN of a development participant. */
export function oinOf(name: ParticipantName): string {
  return String(PARTICIPANTS.find((one) => one.name === name)?.oin);
}

function freshen(text: string, example: Pick<Bericht, 'type' | 'version' | 'stuf' | 'name' | 'format'>): Bericht {
  const kenmerk = randomUUID();
  const stufTime = new Date(NOW).toISOString().replace(/[-:.TZ]/g, '');
  const fresh = text
    .replace(/(<\w+:(?:referentienummer|kenmerk)>|"kenmerk": ")[^<"]+/, `$1${kenmerk}`)
    .replace(/(<\w+:tijdstip>|"tijdstip": ")[^<"]+/, `$1${new Date(NOW).toISOString()}`)
    .replace(/(<\w+:tijdstipBericht>)\d+/, `$1${stufTime}`);
  const [, oin] = /(?:zender>\s*<\w+:(?:organisatie|oin)>|"afzender": \{\s*"oin": ")(\d{20})/.exec(fresh) ?? [];
  const sender = PARTICIPANTS.find((one) => one.oin === oin);
  if (!fresh.includes(kenmerk) || sender === undefined) throw new RangeError(`${example.name} has another form`);
  return { ...example, kenmerk, sender: sender.name, text: fresh };
}
