import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyKind } from '../../certs-dev/authority.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { generatePrivateKey, toPrivateKeyPem } from '../../certs-dev/keys.ts';
import { NOW, oinOf } from '../support/berichten.ts';
import { composeTestStanding } from '../support/standing.ts';
import { createTestPki } from '../support/pki.ts';
import type { Standing } from '../../gateway/services/parts.ts';

/** A participant with a key of some kind: one certificate for its connections and its signatures. */
export interface Signatory {
  readonly keyKind: KeyKind;
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKeyPem: string;
  readonly certificateDer: Buffer;
  readonly keyDer: Buffer;
}

/** The parties of a run and the gateway that knows them. */
export interface Signatories {
  readonly standing: Standing;
  signatory(sender: ParticipantName, keyKind: KeyKind): Signatory;
}

/** Makes one key of each kind, and certifies it for each participant that is asked for. */
export function createSignatories(): Signatories {
  const { authority } = createTestPki(new Date(NOW));
  const keys = new Map<KeyKind, string>();
  const made = new Map<string, Signatory>();
  const keyOf = (kind: KeyKind): string => {
    const key = keys.get(kind) ?? toPrivateKeyPem(generatePrivateKey(kind));
    keys.set(kind, key);
    return key;
  };
  const issue = (sender: ParticipantName, keyKind: KeyKind): Signatory => {
    const subject = { organisation: sender, commonName: `${sender} ${keyKind}`, oins: [oinOf(sender)] };
    // Good for connections too, so that what verifies without any KeyInfo is not refused for that alone.
    const issued = authority.issue({ ...subject, usage: 'tls-client', keyKind, privateKeyPem: keyOf(keyKind) });
    return {
      ...issued,
      keyKind,
      certificateDer: new X509Certificate(issued.certificatePem).raw,
      keyDer: createPrivateKey(issued.privateKeyPem).export({ type: 'pkcs8', format: 'der' }),
    };
  };
  return {
    standing: composeTestStanding(authority),
    signatory: (sender, keyKind) => {
      const name = `${sender} ${keyKind}`;
      const signatory = made.get(name) ?? issue(sender, keyKind);
      made.set(name, signatory);
      return signatory;
    },
  };
}
