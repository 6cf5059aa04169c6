import type { Answered, GatewayCalls } from './calls.ts';
import { readArrival } from './recipient.ts';
import type { Reaction, Recipient } from './recipient.ts';
import { CommandFault, EXIT } from '../fault.ts';

/** How berichten are fetched: from which point, how long one call waits, and until when. */
export interface PullOptions {
  readonly calls: GatewayCalls;
  readonly recipient: Recipient;
  readonly point?: string | undefined;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** Fetches one bericht, and confirms or refuses it. Undefined when none came in time. Rejects with CommandFault. */
export async function pullOnce(options: PullOptions): Promise<Reaction | undefined> {
  const { calls, recipient, point, waitSeconds, signal } = options;
  const answer = expectAllowed(await calls.pull({ point, waitSeconds, signal }));
  if (answer === undefined) return undefined;
  const arrival = readArrival(answer.headers, answer.body);
  if (!arrival.ok) throw new CommandFault(`Wat uit de postbus kwam is geen bericht: ${arrival.error}.`);
  const reaction = recipient.receive(arrival.value);
  const { messageId } = reaction.arrival;
  expectAllowed(
    reaction.kind === 'taken'
      ? await calls.confirm(messageId, reaction.receipt)
      : await calls.refuse(messageId, reaction.code),
  );
  return reaction;
}

/** The value of an answer; rejects with the gateway's own sentence when it refused. */
export function expectAllowed<T>(answered: Answered<T>): T {
  if (answered.ok) return answered.value;
  const { code, omschrijving } = answered.problem;
  throw new CommandFault(`${omschrijving} (${code})`, { exitCode: EXIT.no });
}
