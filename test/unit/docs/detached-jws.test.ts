import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { parseCertificate } from '../../../gateway/codec/certificate.ts';
import {
  digestHeaderOf,
  parseDetachedSignature,
  verifyDetachedSignature,
} from '../../../gateway/codec/detached-signature.ts';
import type { DetachedSignature } from '../../../gateway/codec/detached-signature.ts';
import type { Result } from '../../../gateway/domain/result.ts';
import { readFences } from '../../support/page.ts';

interface Vector {
  readonly alg: string;
  /** DER, base64. */
  readonly certificate: string;
  readonly body: string;
  readonly digest: string;
  readonly 'x5t#S256': string;
  readonly header: string;
  readonly signingInput: string;
  readonly signingInputSha256: string;
  readonly payloadSignature: string;
}

const { vectors } = JSON.parse(readFileSync('test/vectors/v1/detached-jws.json', 'utf8')) as {
  readonly vectors: readonly [Vector, ...Vector[]];
};

describe.each(vectors)('the worked example of a detached signature, $alg', (vector) => {
  const der = Buffer.from(vector.certificate, 'base64');

  it('is whole: every value follows from those before it', () => {
    const [header, payload, ...rest] = vector.payloadSignature.split('.');
    expect([payload, rest.length]).toEqual(['', 1]);
    expect(Buffer.from(String(header), 'base64url').toString()).toBe(vector.header);
    expect(vector.digest).toBe(`SHA-256=${hash(Buffer.from(vector.body), 'base64')}`);
    expect(vector['x5t#S256']).toBe(hash(der, 'base64url'));
    expect(JSON.parse(vector.header)).toMatchObject({ alg: vector.alg, 'x5t#S256': vector['x5t#S256'] });
    expect(vector.signingInput).toBe(`${String(header)}.digest: ${vector.digest}`);
    expect(vector.signingInputSha256).toBe(hash(Buffer.from(vector.signingInput), 'hex'));
  });

  it('is verified by the gateway, and not for another body or signature', () => {
    const certificate = parseCertificate(der)!;
    const signature = valueOf(parseDetachedSignature(vector.payloadSignature));
    const digest = digestHeaderOf(Buffer.from(vector.body));
    expect(signature.signedAt).toBe(Date.UTC(2026, 10, 23, 10, 15, 30));
    expect(verifyDetachedSignature(signature, digest, certificate)).toBe(true);
    expect(verifyDetachedSignature(signature, digestHeaderOf(Buffer.from(`${vector.body} `)), certificate)).toBe(false);
    expect(verifyDetachedSignature(damaged(signature), digest, certificate)).toBe(false);
  });
});

describe('docs/aansluiten.md, section 8', () => {
  const page = readFileSync('docs/aansluiten.md', 'utf8');
  const section = page.slice(page.indexOf('\n## 8. '));
  const fences = readFences('docs/aansluiten.md').filter(({ text }) => section.includes(text));
  const [vector] = vectors;

  it('shows the values of the first vector and no others', () => {
    const commands = fences.map(({ text }) => text).join('\n');
    expect(/^printf '%s' '([^']+)' > voorbeeld\.xml$/m.exec(commands)?.[1]).toBe(vector.body);
    expect(/^KOP=\$\(printf '%s' '([^']+)'/m.exec(commands)?.[1]).toBe(vector.header);
    expect(/-----BEGIN CERTIFICATE-----\n([^-]+)\n-----END/.exec(commands)?.[1]?.replace(/\n/g, '')).toBe(
      vector.certificate,
    );
    expect(/^HANDTEKENING=(\S+)$/m.exec(commands)?.[1]).toBe(vector.payloadSignature.split('.')[2]);
    expect(commands).toContain(`verify_signature ${vector.alg} `);
    expect(fences.filter(({ language }) => language === 'text').map(({ text }) => text)).toEqual([
      `${vector.signingInput}\n`,
    ]);
  });
});

function hash(bytes: Uint8Array, encoding: 'base64' | 'base64url' | 'hex'): string {
  return createHash('sha256').update(bytes).digest(encoding);
}

function damaged(signature: DetachedSignature): DetachedSignature {
  const bytes = Buffer.from(signature.signature);
  bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10);
  return { ...signature, signature: bytes };
}

function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
