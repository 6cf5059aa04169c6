import { createPrivateKey } from 'node:crypto';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { RuleSigner } from '../../gateway/codec/judge-approval.ts';
import { draftDigestOf, signedHashOf, signRules } from '../../gateway/codec/rule-signatures.ts';
import type { RuleFiles } from '../../gateway/codec/rule-set.ts';
import type { Environment, Instant } from '../../gateway/domain/message.ts';

/** What a set is signed with. */
export interface Signing {
  readonly drafter: IssuedCertificate;
  readonly loader: IssuedCertificate;
  readonly at: Instant;
  readonly loadedAt?: Instant;
  readonly environment?: Environment;
}

/** The set with both signatures. */
export function signSet(
  files: RuleFiles,
  { drafter, loader, at, loadedAt = at, environment = 'ontwikkeling' }: Signing,
): RuleFiles {
  const facts = { signedHash: signedHashOf(files), environment, at };
  const draft = signRules('drafted', { ...facts, draft: undefined }, keysOf(drafter));
  const load = signRules('loaded', { ...facts, at: loadedAt, draft: draftDigestOf(draft) }, keysOf(loader));
  return new Map([...files, ['opgesteld.jws', `${draft}\n`], ['geladen.jws', `${load}\n`]]);
}

/** A certificate with its key, as what signs. */
export function keysOf({ certificatePem, privateKeyPem }: IssuedCertificate): Parameters<typeof signRules>[2] {
  return { privateKey: createPrivateKey(privateKeyPem), chain: parseCertificatesPem(certificatePem) };
}

/** A person with these certificates. */
export function signerOf(name: string, ...issued: readonly IssuedCertificate[]): RuleSigner {
  return { name, certificates: issued.flatMap(({ certificatePem }) => parseCertificatesPem(certificatePem)) };
}
