import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import {
  digestHeaderOf,
  parseDetachedSignature,
  signDetached,
  verifyDetachedSignature,
} from '../../../gateway/codec/detached-signature.ts';
import type { DetachedSignature } from '../../../gateway/codec/detached-signature.ts';
import { NOW, OIN } from '../../support/craft-certificate.ts';
import { createTestPki } from '../../support/pki.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const PSS = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];

if (hasOpenssl) {
  const folder = mkdtempSync(path.join(tmpdir(), 'jws-interop-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };

  describe.each([
    ['PS256', 'rsa-2048', PSS],
    ['ES256', 'ec-p256', []],
  ] as const)('a detached signature with %s and the openssl command', (algorithm, keyKind, options) => {
    const subject = { organisation: 'Gemeente', commonName: 'proef', oins: [OIN], usage: 'signing' } as const;
    const identity = createTestPki().authority.issue({ ...subject, keyKind });
    const [leaf] = parseCertificatesPem(identity.certificatePem);
    const digestHeader = digestHeaderOf(Buffer.from('<bericht/>'));
    const parsed = parseDetachedSignature(
      signDetached({ ...identity, digest: digestHeader.slice('SHA-256='.length), signedAt: NOW }),
    );
    const ours = (parsed as { readonly value: DetachedSignature }).value;
    const input = write(`${algorithm}.txt`, `${ours.header}.digest: ${digestHeader}`);

    it('that we made verifies there', () => {
      const key = write(`${algorithm}.pub`, leaf!.publicKey.export({ type: 'spki', format: 'pem' }));
      const value = write(`${algorithm}.sig`, algorithm === 'ES256' ? toDer(ours.signature) : ours.signature);
      const said = execFileSync('openssl', ['dgst', '-sha256', ...options, '-verify', key, '-signature', value, input]);
      expect(said.toString()).toBe('Verified OK\n');
    });

    it('that was made there verifies here', () => {
      const key = write(`${algorithm}.key`, identity.privateKeyPem);
      const made = execFileSync('openssl', ['dgst', '-sha256', ...options, '-sign', key, input]);
      const signature = algorithm === 'ES256' ? fromDer(made) : made;
      expect(verifyDetachedSignature({ ...ours, signature }, digestHeader, leaf!)).toBe(true);
      expect(verifyDetachedSignature({ ...ours, signature }, `${digestHeader} `, leaf!)).toBe(false);
    });
  });
} else {
  it('leaves out the comparison with openssl: the command is absent', () => {
    expect(hasOpenssl).toBe(false);
  });
}

/** SEQUENCE of two INTEGERs (RFC 3279 section 2.2.3) from r and s side by side. */
function toDer(value: Uint8Array): Buffer {
  const integer = (octets: Uint8Array): Buffer => {
    const first = octets.findIndex((octet) => octet !== 0);
    const bare = octets.subarray(first);
    const sign = (bare[0] ?? 0) >= 0x80 ? [0] : [];
    return Buffer.from([0x02, bare.length + sign.length, ...sign, ...bare]);
  };
  const content = Buffer.concat([integer(value.subarray(0, 32)), integer(value.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}

function fromDer(der: Buffer): Buffer {
  const length = der.readUInt8(3);
  const integers = [der.subarray(4, 4 + length), der.subarray(6 + length)];
  return Buffer.concat(integers.map((octets) => Buffer.concat([Buffer.alloc(32), octets]).subarray(-32)));
}
