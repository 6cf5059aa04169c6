import type { Environment } from '../../gateway/domain/message.ts';
import type { CheckpointRecord } from './audit-line.ts';
import { toTime } from './times.ts';
import type { CheckpointSigner } from './config.ts';

/** Where the chain stands: the number and the hash of its last record. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Makes signed checkpoints; the certificates go along, so that a root is all it takes to check one. */
export function createCheckpoints(
  signer: CheckpointSigner,
  environment: Environment,
): (head: Head, now: number) => CheckpointRecord {
  const certificates = toDer(signer.certificatePem);
  return (head, now) => {
    const at = toTime(now);
    const signature = signer.sign(Buffer.from(signedText({ environment, head, at })));
    const { thumbprint } = signer;
    return {
      kind: 'checkpoint',
      at,
      environment,
      covers: head.seq,
      head: head.hash,
      thumbprint,
      signature,
      certificates,
    };
  };
}

function signedText(of: { readonly environment: Environment; readonly head: Head; readonly at: string }): string {
  const { environment, head, at } = of;
  return ['doorgeefluik-audit-checkpoint:1', environment, String(head.seq), head.hash, at, ''].join('\n');
}

function toDer(pem: string): readonly string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map((match) =>
    (match[1] ?? '').replace(/\s/g, ''),
  );
}
