import { join } from 'node:path';
import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import type { ConnectionPoint, RuleSet } from '../../gateway/domain/participants.ts';
import type { RefusalReason } from '../../gateway/domain/receipt.ts';
import { createCalls } from '../client/calls.ts';
import { createHttpsClient } from '../client/https-client.ts';
import { readRoots, readSigningIdentity, readTlsIdentity } from '../client/identity.ts';
import { openListener } from '../client/listener.ts';
import type { Listener } from '../client/listener.ts';
import { pullOnce } from '../client/puller.ts';
import { createRecipient } from '../client/recipient.ts';
import type { Arrival, Recipient } from '../client/recipient.ts';
import { readTrustedRoots } from '../client/trust.ts';
import { UNKNOWN_CASE } from './scenario.ts';

/** What one recipient holds of a bericht. */
export interface Holding {
  readonly digest: string;
  /** How often it was handed over; once, unless something failed. */
  deliveries: number;
}

/** All recipients of the demonstration. */
export interface DemoRecipients {
  /** Push addresses by connection point. */
  readonly urls: ReadonlyMap<string, string>;
  /** What they hold, by Bericht-Id. */
  readonly held: ReadonlyMap<string, Holding>;
  /** Starts fetching for the points without an address. */
  startPulling(gatewayUrl: string): void;
  close(): Promise<void>;
}

/** Opens a listener for every point with a push address, and a recipient for every point without. */
export async function openRecipients(
  rules: Pick<RuleSet, 'points'>,
  options: { readonly certificates: string; readonly now: () => Instant; readonly onFault: (sentence: string) => void },
): Promise<DemoRecipients> {
  const held = new Map<string, Holding>();
  const listeners: Listener[] = [];
  const urls = new Map<string, string>();
  const stop = new AbortController();
  const pulling: Promise<void>[] = [];
  const parties = [...rules.points.values()].map((point) => createParty(point, { ...options, held }));
  for (const { point, profile, recipient } of parties) {
    if (point.url === undefined) continue;
    const identity = readTlsIdentity({ profile });
    const listener = await openListener({ host: '127.0.0.1', port: 0, identity, recipient, onFault: options.onFault });
    listeners.push(listener);
    urls.set(point.id, `https://127.0.0.1:${String(listener.port)}/berichten`);
  }
  return {
    urls,
    held,
    startPulling: (gatewayUrl) => {
      for (const party of parties) {
        if (party.point.url === undefined)
          pulling.push(pullUntil(party, { gatewayUrl, signal: stop.signal, ...options }));
      }
    },
    close: async () => {
      stop.abort();
      await Promise.all([...pulling, ...listeners.map((listener) => listener.close())]);
    },
  };
}

interface Party {
  readonly point: ConnectionPoint;
  readonly profile: string;
  readonly recipient: Recipient;
}

function createParty(
  point: ConnectionPoint,
  options: { readonly certificates: string; readonly now: () => Instant; readonly held: Map<string, Holding> },
): Party {
  const owner = PARTICIPANTS.find(({ oin }) => oin === point.owner);
  if (owner === undefined) throw new RangeError(`no development participant owns ${point.id}`);
  const profile = join(options.certificates, owner.name);
  const recipient = createRecipient({
    trust: { environment: 'ontwikkeling', roots: readTrustedRoots(readRoots({ profile })), intermediates: [] },
    signing: PLAIN.includes(owner.name) ? undefined : readSigningIdentity({ profile }),
    refuse: refuseUnknownCase,
    now: options.now,
    keep: ({ messageId, digest }) => {
      options.held.set(messageId, { digest, deliveries: 0 });
    },
  });
  return { point, profile, recipient: countDeliveries(recipient, options.held) };
}

function countDeliveries(recipient: Recipient, held: ReadonlyMap<string, Holding>): Recipient {
  return {
    receive(arrival) {
      const reaction = recipient.receive(arrival);
      const holding = held.get(arrival.messageId);
      if (holding !== undefined) holding.deliveries += 1;
      return reaction;
    },
  };
}

function refuseUnknownCase({ body }: Arrival): RefusalReason | undefined {
  return body.includes(UNKNOWN_CASE) ? 'case-unknown' : undefined;
}

async function pullUntil(
  { point, profile, recipient }: Party,
  options: { readonly gatewayUrl: string; readonly signal: AbortSignal; readonly onFault: (sentence: string) => void },
): Promise<void> {
  const { gatewayUrl, signal, onFault } = options;
  const client = createHttpsClient(gatewayUrl, readTlsIdentity({ profile }));
  const calls = createCalls(client);
  try {
    while (!signal.aborted) await pullOnce({ calls, recipient, point: point.id, waitSeconds: 30, signal });
  } catch (error) {
    // The end of the demonstration ends a waiting call too.
    if (!signal.aborted) onFault(error instanceof Error ? error.message : 'onbekende fout');
  } finally {
    client.close();
  }
}

/** These confirm without a signature of their own; the others sign a receipt. */
const PLAIN: readonly ParticipantName[] = ['gi-jeugdbescherming-gelderland', 'veilig-thuis-gelderland-midden'];
