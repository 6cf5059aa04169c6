import { Agent, request as startRequest } from 'node:https';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { exchangeOctets } from '../support/hostile-wire.ts';
import type { HostileRequest } from '../support/hostile-bench.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';
import type { HostileTarget, Probe } from './run.ts';

/** A gateway that runs, watched from inside. */
export interface WatchedGateway extends HostileTarget {
  readonly bed: Testbed;
  close(): Promise<void>;
}

/** Starts a gateway with recipients around it and the probe in it. */
export async function openWatchedGateway(): Promise<WatchedGateway> {
  const bed = await openTestbed({ preload: './scripts/hostile-probe.mjs' });
  const { gateway } = bed;
  const ca = bed.party('rvdk').ca;
  const agents = new Map<string, Agent>();
  const agentOf = ({ certificatePem, chainPem, privateKeyPem }: IssuedCertificate): Agent => {
    const known =
      agents.get(certificatePem) ??
      new Agent({ keepAlive: true, maxSockets: 1, cert: chainPem, key: privateKeyPem, ca, servername: 'localhost' });
    agents.set(certificatePem, known);
    return known;
  };
  return {
    bed,
    send: (request) => send(request, gateway.port(), agentOf(request.caller)),
    write: (octets) => exchangeOctets({ port: gateway.port(), ca }, octets),
    probe: async () => (await gateway.ask()) as Probe,
    crashes: () =>
      (gateway.output().match(/"(?:FaultOccurred|uncaught|unhandled)/g) ?? []).length + (gateway.isRunning() ? 0 : 1),
    async close() {
      for (const agent of agents.values()) agent.destroy();
      await bed.close();
    },
  };
}

function send(
  { headers, body }: HostileRequest,
  port: number,
  agent: Agent,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(
      { host: '127.0.0.1', port, method: 'POST', path: '/v1/berichten', agent, setHost: false, timeout: 20_000 },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const head = incoming.rawHeaders.map((value, at) => (at % 2 === 0 ? `\n${value}: ` : value)).join('');
          resolve({ status: incoming.statusCode ?? 0, text: `${head}\n\n${Buffer.concat(chunks).toString()}` });
        });
      },
    );
    for (const [name, values] of grouped(headers)) outgoing.setHeader(name, values);
    outgoing.setHeader('Host', 'localhost');
    outgoing.setHeader('Content-Length', body.byteLength);
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.end(body);
  });
}

function grouped(headers: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  headers.forEach((value, at) => {
    if (at % 2 === 0) return;
    const name = String(headers[at - 1]).toLowerCase();
    groups.set(name, [...(groups.get(name) ?? []), value]);
  });
  return groups;
}
