import { randomBytes } from 'node:crypto';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { createAgent, submit } from './party.ts';
import type { PartyAccess } from './party.ts';
import { openSlowClients } from './slow-clients.ts';
import type { SlowClients } from './slow-clients.ts';

/** What the process of the flood is told. */
export type FloodOrder =
  | {
      readonly order: 'prepare';
      readonly flooder: PartyAccess;
      readonly signing: IssuedCertificate;
      readonly slow: PartyAccess;
      readonly slowClients: number;
      readonly concurrency: number;
      /** How many berichten it may sign beforehand; it sends them again when it is through. */
      readonly berichten: number;
    }
  | { readonly order: 'flood' }
  | { readonly order: 'stop' };

/** What it tells back. */
export interface FloodReport {
  readonly done: FloodOrder['order'];
  /** Answers by status since the last report; 0 stands for none. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly slowClients: number;
}

type Preparation = Extract<FloodOrder, { order: 'prepare' }>;

const state: { given: Preparation | undefined; isFlooding: boolean; slow: SlowClients | undefined } = {
  given: undefined,
  isFlooding: false,
  slow: undefined,
};
const arsenal: { readonly path?: string; readonly bericht: Pick<SignedBericht, 'headers' | 'body'> }[] = [];
let statuses: Record<string, number> = {};
let next = 0;

process.on('message', (order: FloodOrder) => {
  if (order.order === 'prepare') prepare(order);
  else if (order.order === 'flood') flood();
  else stop();
  const report: FloodReport = { done: order.order, statuses, slowClients: state.slow?.count() ?? 0 };
  statuses = {};
  if (order.order === 'stop') state.slow = undefined;
  process.send?.(report);
});
process.once('disconnect', () => process.exit());

// Half of what it sends is right; the rest is wrong in as many ways as cost the gateway more and less.
function prepare(given: Preparation): void {
  state.given = given;
  for (let index = 0; index < given.berichten; index += 1) {
    const valid = signedDetached(freshExample('vtoDi01', 'minimaal.xml'), given.signing, 'xml');
    arsenal.push({ bericht: valid });
    if (index < WRONG.length * 20) arsenal.push(WRONG[index % WRONG.length]?.(valid) ?? { bericht: valid });
    else arsenal.push(arsenal[2 * (index % (WRONG.length * 20)) + 1] ?? { bericht: valid });
  }
}

const WRONG: readonly ((valid: SignedBericht) => (typeof arsenal)[number])[] = [
  (valid) => ({ bericht: { ...valid, body: Buffer.from(valid.body.toString().replace('</', '<x/></')) } }),
  (valid) => ({ bericht: { ...valid, headers: { ...valid.headers, 'Payload-Signature': 'a..b' } } }),
  (valid) => ({ bericht: { ...valid, body: randomBytes(20_000) } }),
  (valid) => ({ bericht: { ...valid, headers: { 'Content-Type': 'application/xml' } } }),
  (valid) => ({ bericht: { ...valid, headers: { 'Content-Type': 'text/plain' } } }),
  (valid) => ({ bericht: valid, path: '/v1/nergens' }),
];

function flood(): void {
  const { given } = state;
  if (given === undefined) throw new Error('not prepared');
  state.isFlooding = true;
  state.slow = openSlowClients(given.slow, given.slowClients);
  const agent = createAgent(given.flooder, given.concurrency);
  const lanes = Array.from({ length: given.concurrency }, async () => {
    while (state.isFlooding) {
      const shot = arsenal[next % arsenal.length];
      next += 1;
      if (shot === undefined) return;
      const path = shot.path === undefined ? {} : { path: shot.path };
      const status = await submit({ port: given.flooder.port, agent, ...path }, shot.bericht);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  });
  void Promise.all(lanes).then(() => {
    agent.destroy();
  });
}

function stop(): void {
  state.isFlooding = false;
  state.slow?.stop();
}
