import type { Authority, IssuedCertificate } from './authority.ts';
import { GATEWAY } from './participants.ts';
import type { Participant } from './participants.ts';

/** What a party needs: one certificate for its connections, one for its berichten. */
export interface Identity {
  readonly tls: IssuedCertificate;
  readonly signing: IssuedCertificate;
}

/** What the gateway needs: to listen, to deliver, to sign receipts and to sign audit checkpoints. */
export interface GatewayIdentity {
  readonly server: IssuedCertificate;
  readonly client: IssuedCertificate;
  readonly signing: IssuedCertificate;
  readonly checkpoint: IssuedCertificate;
}

/** Issues both certificates of a participant. */
export const issueParticipant = (authority: Authority, participant: Participant): Identity => ({
  tls: issueTls(authority, participant),
  signing: issueSigning(authority, participant),
});

/** Issues the TLS certificate of a participant, which also lets it listen on the loopback addresses. */
export function issueTls(authority: Authority, participant: Participant): IssuedCertificate {
  const host = `${participant.name}.localhost`;
  return authority.issue({
    organisation: participant.organisation,
    commonName: host,
    oins: [participant.oin],
    usage: 'tls-client-server',
    keyKind: 'ec-p256',
    dnsNames: [host],
  });
}

/** Issues the signing certificate of a participant, with a key of its own kind. */
export const issueSigning = (authority: Authority, participant: Participant): IssuedCertificate =>
  authority.issue({
    organisation: participant.organisation,
    commonName: `${participant.name} signing`,
    oins: [participant.oin],
    usage: 'signing',
    keyKind: participant.signingKeyKind,
  });

/** Issues the certificates of the gateway. */
export function issueGateway(authority: Authority): GatewayIdentity {
  const subject = { organisation: GATEWAY.organisation, oins: [GATEWAY.oin], keyKind: 'ec-p256' } as const;
  const host = 'doorgeefluik.localhost';
  return {
    server: authority.issue({ ...subject, commonName: host, usage: 'tls-server', dnsNames: [host] }),
    client: authority.issue({ ...subject, commonName: host, usage: 'tls-client' }),
    signing: authority.issue({ ...subject, commonName: 'doorgeefluik signing', usage: 'signing' }),
    checkpoint: authority.issue({ ...subject, commonName: 'doorgeefluik checkpoint', usage: 'signing' }),
  };
}
