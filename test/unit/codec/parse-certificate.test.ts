import { createHash } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { printableString, utf8String } from '../../../certs-dev/der.ts';
import { parseCertificate, parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { craft, OIN, read } from '../../support/craft-certificate.ts';
import { createTestPki } from '../../support/pki.ts';

const pki = createTestPki();
const signing = pki.participant('gemeente-arnhem').signing;

describe('parseCertificate', () => {
  it('reads what identifies a certificate and says what it is for', () => {
    const certificate = read(craft({ commonName: 'Blad', organisation: 'Gemeente Zaltbommel' }));
    const digest = createHash('sha256').update(certificate.der);
    expect(certificate.fingerprint).toBe(digest.copy().digest('hex'));
    expect(certificate.thumbprint).toBe(digest.copy().digest('base64url'));
    expect(certificate).toMatchObject({
      subjectOins: [OIN],
      commonNames: ['Blad'],
      organisations: ['Gemeente Zaltbommel'],
      keyUsages: new Set(['digitalSignature']),
      extendedKeyUsages: [],
      notBefore: Date.parse(certificate.x509.validFrom),
      notAfter: Date.parse(certificate.x509.validTo),
    });
    expect(certificate.publicKey.equals(certificate.x509.publicKey)).toBe(true);
  });

  it('reads every serialNumber of the subject, never the serial number of the certificate', () => {
    expect(read(craft({ oins: [] })).subjectOins).toEqual([]);
    expect(read(craft({ oins: [printableString('1'), utf8String('2')] })).subjectOins).toEqual(['1', '2']);
    const [twice] = parseCertificatesPem(pki.bad('twee-oins-in-een-rdn').signing.certificatePem);
    expect(twice?.subjectOins).toHaveLength(2);
  });

  it('answers the same object for the same octets, so that what is known of it is kept', () => {
    const { der } = craft({});
    expect(parseCertificate(Buffer.from(der))).toBe(parseCertificate(Buffer.from(der)));
  });

  it('does not change when the octets it read are overwritten', () => {
    const octets = Buffer.from(craft({}).der);
    const certificate = parseCertificate(octets);
    const before = Buffer.from(octets);
    octets.fill(0);
    expect(certificate?.der).toEqual(before);
  });

  it('forgets the oldest after a thousand others', () => {
    const octets = Buffer.from(craft({}).der);
    const first = parseCertificate(octets);
    for (let index = 0; index < 1000; index += 1) {
      // The last octets are of the signature, which reading doesn't verify.
      const other = Buffer.from(octets);
      other.writeUInt16BE(index === octets.readUInt16BE(octets.length - 2) ? 65_535 : index, octets.length - 2);
      expect(parseCertificate(other)).toBeDefined();
    }
    const again = parseCertificate(octets);
    expect(again).not.toBe(first);
    expect(again?.fingerprint).toBe(first?.fingerprint);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('geen certificaat')],
    ['a certificate in PEM', Buffer.from(signing.certificatePem)],
    ['a private key', Buffer.from(signing.privateKeyPem)],
    ['octets after it', Buffer.concat([craft({}).der, Buffer.of(0)])],
    ['a certificate cut off', craft({}).der.subarray(0, -1)],
    ['more than 16 kB', Buffer.alloc(16_385, 0x30)],
    ['version 1', craft({ isVersion1: true, extensions: [] }).der],
  ])('answers undefined to %s', (_name, octets) => {
    expect(parseCertificate(octets)).toBeUndefined();
  });
});

describe('parseCertificatesPem', () => {
  it('reads all certificates of a chain in order, and passes over other blocks', () => {
    const chain = parseCertificatesPem(signing.privateKeyPem + signing.chainPem);
    expect(chain.map(({ x509 }) => x509.toString())).toEqual([signing.certificatePem, pki.authority.intermediatePem]);
  });

  it('answers nothing to a text without certificates', () => {
    expect(parseCertificatesPem('')).toEqual([]);
  });

  it('throws when one can not be read, so that no trust is lost in silence', () => {
    const broken = signing.chainPem.replace('-----BEGIN CERTIFICATE-----\n', '-----BEGIN CERTIFICATE-----\nAAAA');
    expect(() => parseCertificatesPem(broken)).toThrow(RangeError);
  });
});
