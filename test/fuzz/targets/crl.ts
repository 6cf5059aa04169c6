import { X509Certificate } from 'node:crypto';
import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { readCrl } from '../../../gateway/codec/crl.ts';
import type { Certificate } from '../../../gateway/codec/certificate.ts';
import { arnhem, NOW, pki } from '../identities.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateDer } from '../mutate/der.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { signedPart } from './der-parts.ts';

const serial = new X509Certificate(arnhem.certificatePem).serialNumber.padStart(2, '0');
const template = { thisUpdate: new Date(NOW - 3_600_000), nextUpdate: new Date(NOW + 3_600_000) };
const lists = [
  pki.authority.list('intermediate', { ...template, number: 7, serials: [serial, '0102'] }),
  pki.authority.list('intermediate', { ...template, number: 8, serials: [] }),
  pki.authority.list('root', { ...template, number: 1, serials: ['0103'] }),
];
const ders = lists.map((pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'));
const ISSUED: ReadonlySet<string | undefined> = new Set(ders.map(signedPart));
const issuers: readonly Certificate[] = [
  ...parseCertificatesPem(pki.authority.intermediatePem),
  ...parseCertificatesPem(pki.authority.rootPem),
];

const target: FuzzTarget = {
  invariant: 'never throws; a list that is taken into force is one that its authority signed',
  seeds: [...ders, ...lists.slice(0, 1).map((pem) => Buffer.from(pem))],
  mutators: [mutateDer, mutateDer, mutateBytes(['-----BEGIN X509 CRL-----', '-----END X509 CRL-----'])],
  run: (input) => {
    for (const issuer of issuers) {
      const read = readCrl(input, { issuer, now: NOW, inForce: undefined });
      if (!read.ok) continue;
      const der =
        input[0] === 0x30 ? input : Buffer.from(input.toString('latin1').replace(/-----[^-]+-----/g, ''), 'base64');
      must(ISSUED.has(signedPart(der)), 'takes a list that nobody issued');
    }
  },
};

export default target;
