// Node 20: the first `X509Certificate.toLegacyObject()` leaves `tls.createSecureContext` undefined for the whole process
// unless node:tls was loaded before, and test files share a process.
import 'node:tls';
import { createAuthority } from '../../certs-dev/authority.ts';
import type { Authority, IssuedCertificate } from '../../certs-dev/authority.ts';
import { issueBad } from '../../certs-dev/bad-identities.ts';
import type { BadName } from '../../certs-dev/bad-identities.ts';
import { issueGateway, issueSigning, issueTls } from '../../certs-dev/identities.ts';
import type { GatewayIdentity, Identity } from '../../certs-dev/identities.ts';
import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';

/** A participant of the tests; each certificate is issued when first read. */
export interface TestParticipant extends Identity {
  readonly oin: string;
}

/** A PKI in memory: `authority` is trusted, `other` is not. Everything is issued once, when first asked for. */
export interface TestPki {
  readonly authority: Authority;
  readonly other: Authority;
  readonly gateway: GatewayIdentity;
  participant(name: ParticipantName): TestParticipant;
  bad(name: BadName): Identity;
}

/** Makes the PKI of one test file, valid around `now`, by default the real time. */
export function createTestPki(now: Date = new Date(performance.timeOrigin + performance.now())): TestPki {
  const authority = createAuthority({ name: 'Doorgeefluik Ontwikkeling', now });
  const other = lazily(() => createAuthority({ name: 'Andere Doorgeefluik Ontwikkeling', now }));
  const gateway = lazily(() => issueGateway(authority));
  const participants = new Map<ParticipantName, TestParticipant>();
  const bad = new Map<BadName, Identity>();
  return {
    authority,
    get other() {
      return other();
    },
    get gateway() {
      return gateway();
    },
    participant: (name) => once(participants, name, () => createParticipant(authority, name)),
    bad: (name) => once(bad, name, () => issueBad(name, { authority, other: other(), now })),
  };
}

function createParticipant(authority: Authority, name: ParticipantName): TestParticipant {
  const participant = PARTICIPANTS.find((one) => one.name === name);
  if (participant === undefined) throw new RangeError(`no development participant ${name}`);
  const tls = lazily<IssuedCertificate>(() => issueTls(authority, participant));
  const signing = lazily<IssuedCertificate>(() => issueSigning(authority, participant));
  return {
    oin: participant.oin,
    get tls() {
      return tls();
    },
    get signing() {
      return signing();
    },
  };
}

function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function once<K, V extends object>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
