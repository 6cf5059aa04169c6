import { describe, expect, it } from '@jest/globals';
import {
  EVENT_WORDS,
  EXPIRY_WORDS,
  FORMAT_WORDS,
  FORM_WORDS,
  POINT_KIND_WORDS,
  PROCESSING_WORDS,
  PROOF_WORDS,
  REFUSAL_WORDS,
  STATE_WORDS,
  TASK_WORDS,
  reasonFromWire,
  reasonToWire,
} from '../../../gateway/codec/wire-words.ts';
import type { Words } from '../../../gateway/codec/wire-words.ts';
import { MESSAGE_STATES } from '../../../gateway/domain/lifecycle.ts';
import { EXPIRY_REASONS, REFUSAL_REASONS } from '../../../gateway/domain/receipt.ts';

const TABLES = {
  EVENT_WORDS,
  EXPIRY_WORDS,
  FORMAT_WORDS,
  FORM_WORDS,
  POINT_KIND_WORDS,
  PROCESSING_WORDS,
  PROOF_WORDS,
  REFUSAL_WORDS,
  STATE_WORDS,
  TASK_WORDS,
};

describe('a table of words', () => {
  it.each(Object.entries(TABLES))('%s reads back what it writes, and nothing else', (_name, table) => {
    const known = table as unknown as Words<string>;
    const words = Object.keys(known.all);
    expect(words.length).toBeGreaterThan(0);
    expect(words.map((word) => known.fromWire(known.toWire(word)))).toEqual(words);
    expect(new Set(Object.values(known.all)).size).toBe(words.length);
    expect(['', 'toString', '__proto__', 'constructor'].map((word) => known.fromWire(word))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('covers the lists of the domain', () => {
    expect(Object.keys(STATE_WORDS.all)).toEqual(MESSAGE_STATES);
    expect(Object.keys(REFUSAL_WORDS.all)).toEqual(REFUSAL_REASONS);
    expect(Object.keys(EXPIRY_WORDS.all)).toEqual(EXPIRY_REASONS);
  });
});

describe('a reason', () => {
  it('is read and written whichever list it is of', () => {
    expect(
      [...REFUSAL_REASONS, ...EXPIRY_REASONS].map((reason) => reasonFromWire(String(reasonToWire(reason)))),
    ).toEqual([...REFUSAL_REASONS, ...EXPIRY_REASONS]);
  });

  it('that is none, or of no list, has no word', () => {
    expect([reasonToWire(undefined), reasonToWire('vrije tekst'), reasonFromWire('VRIJ')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
