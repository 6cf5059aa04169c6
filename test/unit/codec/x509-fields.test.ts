import { describe, expect, it } from '@jest/globals';

import {
  bitString,
  boolean,
  explicit,
  fromDer,
  integer,
  nothing,
  octetString,
  oid,
  printableString,
  sequence,
  time,
  toDer,
} from '../../../certs-dev/der.ts';
import type { Node } from '../../../certs-dev/der.ts';
import { buildBasicConstraints, buildExtendedKeyUsage, buildKeyUsage } from '../../../certs-dev/extensions.ts';
import { parseCertificate } from '../../../gateway/codec/certificate.ts';
import { readX509Fields } from '../../../gateway/codec/x509-fields.ts';
import type { X509Fields } from '../../../gateway/codec/x509-fields.ts';
import { craft, extension, read, rsaKey } from '../../support/craft-certificate.ts';
import type { Craft } from '../../support/craft-certificate.ts';

const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';

const fieldsOf = (parts: Craft): X509Fields => readX509Fields(craft(parts).der);
const octets = (hex: string): Node => fromDer(Buffer.from(hex, 'hex'));

describe('readX509Fields', () => {
  it('reads extensions', () => {
    const extensions = [
      buildBasicConstraints(3),
      buildKeyUsage(['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyCertSign', 'cRLSign']),
      buildExtendedKeyUsage(['clientAuth', 'serverAuth']),
    ];
    expect(fieldsOf({ extensions })).toMatchObject({
      pathLength: 3,
      keyUsages: new Set(['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyCertSign', 'cRLSign']),
      extendedKeyUsages: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'],
      hasUnknownCritical: false,
      signatureAlgorithm: '1.2.840.10045.4.3.2',
      signatureDigest: undefined,
    });
  });

  it('reads a certificate without extensions as one for nothing', () => {
    expect(fieldsOf({ extensions: [] })).toMatchObject({
      pathLength: undefined,
      keyUsages: new Set(),
      extendedKeyUsages: [],
    });
  });

  it('reads a CA without path length as one of any depth', () => {
    const any = [extension(BASIC_CONSTRAINTS, sequence(boolean(true)))];
    expect(fieldsOf({ extensions: any }).pathLength).toBe(Number.POSITIVE_INFINITY);
  });

  it('reads a CA that is spelt out to be none as none', () => {
    const none = [extension(BASIC_CONSTRAINTS, sequence(boolean(false)))];
    expect(fieldsOf({ extensions: none }).pathLength).toBeUndefined();
  });

  it.each(['3003010180', '3003010101', '30040102ffff', '30020100'])(
    'throws on the basic constraints %s, which another reader takes for a CA',
    (hex) => {
      expect(() => fieldsOf({ extensions: [extension(BASIC_CONSTRAINTS, octets(hex))] })).toThrow(RangeError);
    },
  );

  it('reads a key usage without bits as none', () => {
    expect(fieldsOf({ extensions: [extension(KEY_USAGE, bitString(new Uint8Array()))] }).keyUsages).toEqual(new Set());
  });

  it('reads years of two and of four digits', () => {
    const validity = sequence(time(new Date('1999-12-31T23:59:59Z')), time(new Date('2050-01-01T00:00:00Z')));
    expect(fieldsOf({ validity })).toMatchObject({
      notBefore: Date.parse('1999-12-31T23:59:59Z'),
      notAfter: Date.parse('2050-01-01T00:00:00Z'),
    });
    const century = sequence(octets('170d3530303130313030303030305a'), octets('170d3439313233313233353935395a'));
    expect(fieldsOf({ validity: century })).toMatchObject({
      notBefore: Date.parse('1950-01-01T00:00:00Z'),
      notAfter: Date.parse('2049-12-31T23:59:59Z'),
    });
  });

  it('reads a BMPString as the text it is, and throws on half a character', () => {
    const oins = [octets('1e0400310032')];
    expect(fieldsOf({ oins }).subject).toContainEqual({ type: '2.5.4.5', value: '12' });
    const der = craft({ oins: [printableString('xyz')] }).der;
    der[der.lastIndexOf('xyz') - 2] = 0x1e;
    expect(() => readX509Fields(der)).toThrow('Buffer size must be a multiple of 16-bits');
    expect(parseCertificate(der)).toBeUndefined();
  });

  it('reads the digest that RSA-PSS names', () => {
    const key = rsaKey();
    expect(fieldsOf({ key, signing: 'pss-sha256' }).signatureDigest).toBe('2.16.840.1.101.3.4.2.1');
    expect(fieldsOf({ key, signing: 'pss-default' }).signatureDigest).toBeUndefined();
  });

  it.each([
    ['an extension that stands twice', [buildKeyUsage(['digitalSignature']), buildKeyUsage(['keyCertSign'])]],
    ['an extension without a value', [sequence(oid(KEY_USAGE))]],
    ['an extension whose value is of another type', [sequence(oid(KEY_USAGE), nothing())]],
    ['an extension with nothing in it', [sequence(oid(KEY_USAGE), octetString(new Uint8Array()))]],
    ['an extension with two values in it', [sequence(oid(KEY_USAGE), octetString(Buffer.from('05000500', 'hex')))]],
    ['a key usage of another type', [extension(KEY_USAGE, nothing())]],
    ['an extended key usage of another type', [extension(EXTENDED_KEY_USAGE, nothing())]],
    ['an extended key usage of texts', [extension(EXTENDED_KEY_USAGE, sequence(printableString('alles')))]],
    ['basic constraints of another type', [extension(BASIC_CONSTRAINTS, nothing())]],
    ['a path length of another type', [extension(BASIC_CONSTRAINTS, sequence(boolean(true), nothing()))]],
    ['a path length of no octets', [extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(new Uint8Array())))]],
    ['a negative path length', [extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(Uint8Array.of(0xff))))]],
    ['a huge path length', [extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(Uint8Array.of(1, 0))))]],
  ])('throws on %s, and such a certificate is not read', (_name, extensions) => {
    const { der } = craft({ extensions });
    expect(() => readX509Fields(der)).toThrow(RangeError);
    expect(parseCertificate(der)).toBeUndefined();
  });

  it.each([
    ['a day that does not exist', octets('170d3236303233303030303030305a')],
    ['a time without seconds', octets('170b323630323031303030305a')],
    ['another type', nothing()],
  ])('throws on a validity with %s', (_name, wrong) => {
    const { der } = craft({ validity: sequence(wrong, time(new Date(0))) });
    expect(() => readX509Fields(der)).toThrow(RangeError);
  });

  it.each([
    ['no octets', Buffer.alloc(0)],
    ['another type', toDer(nothing())],
    ['an empty certificate', toDer(sequence())],
    ['no algorithm', toDer(sequence(sequence(explicit(0, nothing()), ...Array.from({ length: 6 }, () => sequence()))))],
    ['an empty signed part', toDer(sequence(sequence(), sequence()))],
    ['no version', toDer(sequence(sequence(nothing()), sequence()))],
  ])('throws on %s', (_name, wrong) => {
    expect(() => readX509Fields(wrong)).toThrow(RangeError);
  });

  it('agrees with node:crypto on when a certificate is valid', () => {
    const { x509, notBefore, notAfter } = read(craft({}));
    expect([notBefore, notAfter]).toEqual([Date.parse(x509.validFrom), Date.parse(x509.validTo)]);
  });
});
