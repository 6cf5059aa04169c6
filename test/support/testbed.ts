import type { ParticipantName } from '../../certs-dev/participants.ts';
import { prepareGateway } from './gateway-process.ts';
import type { GatewaySetup, GatewayUnderTest } from './gateway-process.ts';
import { call, openRecipient } from './http-party.ts';
import type { PartyTls, Recipient, WireAnswer } from './http-party.ts';
import { createTestPki } from './pki.ts';
import type { TestPki } from './pki.ts';
import type { SignedBericht } from './signed.ts';

/** The gateway as a process, with every recipient that listens, on certificates of its own. */
export interface Testbed {
  readonly pki: TestPki;
  readonly gateway: GatewayUnderTest;
  readonly rvdk: Recipient;
  readonly gi: Recipient;
  readonly veiligThuis: Recipient;
  /** Serves the point of gemeente Nijmegen, by mandate. */
  readonly supplier: Recipient;
  party(name: ParticipantName): PartyTls;
  submit(name: ParticipantName, bericht: SignedBericht): Promise<WireAnswer>;
  get(name: ParticipantName, path: string): Promise<WireAnswer>;
  post(
    name: ParticipantName,
    path: string,
    body?: { readonly type: string; readonly text: string },
  ): Promise<WireAnswer>;
  /** Every recipient's pushes together. */
  pushes(): number;
  close(): Promise<void>;
}

/** Starts recipients and gateway. */
export async function openTestbed(setup: Omit<GatewaySetup, 'pki' | 'pushPorts'> = {}): Promise<Testbed> {
  const pki = createTestPki();
  const ca = pki.authority.rootPem + pki.authority.intermediatePem;
  const party = (name: ParticipantName): PartyTls => ({ tls: pki.participant(name).tls, ca });
  const rvdk = await openRecipient(party('rvdk'));
  const gi = await openRecipient(party('gi-jeugdbescherming-gelderland'));
  const veiligThuis = await openRecipient(party('veilig-thuis-gelderland-midden'));
  const supplier = await openRecipient(party('leverancier'));
  const gateway = prepareGateway({
    ...setup,
    pki,
    pushPorts: {
      'rvdk-verzoeken': rvdk.port,
      'gi-gelderland': gi.port,
      'veilig-thuis-gelderland-midden': veiligThuis.port,
      'nijmegen-notificaties': supplier.port,
    },
    // The plain recipients of the tests confirm by header; where a signed receipt is wanted a test says so itself.
    editRules: (name, text) => {
      const plain = text.replace(/\n +getekendeBevestiging: true/g, '');
      return setup.editRules?.(name, plain) ?? plain;
    },
  });
  await gateway.start();
  const recipients = [rvdk, gi, veiligThuis, supplier];
  return {
    pki,
    gateway,
    rvdk,
    gi,
    veiligThuis,
    supplier,
    party,
    submit: (name, { body, headers }) =>
      call(party(name), { port: gateway.port(), method: 'POST', path: '/v1/berichten', headers, body }),
    get: (name, path) => call(party(name), { port: gateway.port(), path }),
    post: (name, path, body) =>
      call(party(name), {
        port: gateway.port(),
        method: 'POST',
        path,
        ...(body === undefined ? {} : { headers: { 'Content-Type': body.type }, body: Buffer.from(body.text) }),
      }),
    pushes: () => recipients.reduce((count, { received }) => count + received.length, 0),
    async close() {
      await gateway.kill('SIGKILL');
      await Promise.all(recipients.map((recipient) => recipient.close()));
    },
  };
}

/** The claims of a compact JWS, unverified. */
export function claimsOf(jws: unknown): Record<string, unknown> {
  const [, payload] = String(jws).split('.');
  return JSON.parse(Buffer.from(String(payload), 'base64url').toString('utf8')) as Record<string, unknown>;
}
