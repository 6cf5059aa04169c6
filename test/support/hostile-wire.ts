import { connect } from 'node:tls';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';

/** Writes octets on a connection of their own and answers what came back until it was closed. */
export function exchangeOctets(
  to: { readonly port: number; readonly ca: string; readonly timeoutMs?: number },
  { caller, octets }: { readonly caller: IssuedCertificate; readonly octets: Uint8Array },
): Promise<string> {
  const { port, ca, timeoutMs = 10_000 } = to;
  return new Promise((resolve) => {
    const identity = { cert: caller.chainPem, key: caller.privateKeyPem };
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ...identity });
    let text = '';
    socket.on('secureConnect', () => socket.write(octets));
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
    });
    const timer = setTimeout(() => {
      text += STILL_OPEN;
      socket.destroy();
    }, timeoutMs);
    // A connection that is reset is closed as well.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** What the answers of a connection come to: the code of each refusal, `accepted`, or its status. */
export function outcomesOf(text: string): readonly string[] {
  const starts = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)];
  const outcomes = starts.map(({ index, 1: status = '' }, at) =>
    outcomeOf(Number(status), text.slice(index, starts[at + 1]?.index)),
  );
  const rest = text.slice(0, starts[0]?.index);
  return [
    ...(rest === '' || rest === STILL_OPEN ? [] : ['no HTTP']),
    ...outcomes,
    ...(text.endsWith(STILL_OPEN) ? ['open'] : []),
  ];
}

/** What one answer comes to. */
export function outcomeOf(status: number, body: string): string {
  if (status === 202) return 'accepted';
  return /"code":"(ERR_[A-Z0-9_]+)"/.exec(body)?.[1] ?? `HTTP ${String(status)}`;
}

const STILL_OPEN = '\n(still open)';
