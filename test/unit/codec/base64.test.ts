import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodeBase64, decodeBase64Url } from '../../../gateway/codec/base64.ts';

describe('decodeBase64Url and decodeBase64', () => {
  it('read what Buffer writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (octets) => {
        const buffer = Buffer.from(octets);
        expect(decodeBase64Url(buffer.toString('base64url'))).toEqual(buffer);
        expect(decodeBase64(buffer.toString('base64'))).toEqual(buffer);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['padding', 'YQ=='],
    ['stray bits', 'YR'],
    ['a length that no octets have', 'YWJjZ'],
    ['the other alphabet', '+/+/'],
    ['white space', 'YW Jj'],
    ['a line break after it', 'YWJj\n'],
    ['another character', 'YW*j'],
  ])('refuse as base64url %s', (_name, text) => {
    expect(decodeBase64Url(text)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no padding', 'YQ'],
    ['too little padding', 'YQ='],
    ['stray bits', 'YR=='],
    ['the other alphabet', '-_-_'],
    ['a line break', 'YWJj\nYWJj'],
  ])('refuse as base64 %s', (_name, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
