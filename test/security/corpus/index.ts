import type { HostileCase } from '../../support/hostile-bench.ts';
import { ENCODINGS } from './encodings.ts';
import { JSON_PARSER } from './json-parser.ts';
import { JWS } from './jws.ts';
import { VALUES } from './values.ts';
import { XML_ALGORITHMS } from './xml-algorithms.ts';
import { XML_CANONICAL } from './xml-canonical.ts';
import { XML_PARSER } from './xml-parser.ts';
import { XML_REFERENCES } from './xml-references.ts';
import { XML_WRAPPING } from './xml-wrapping.ts';

/** Attacks of one family. */
export interface Family {
  readonly family: string;
  readonly cases: readonly HostileCase[];
}

/** The whole corpus of requests. */
export const CORPUS: readonly Family[] = [
  { family: 'XML signature wrapping', cases: XML_WRAPPING },
  { family: 'XML references and transforms', cases: XML_REFERENCES },
  { family: 'XML algorithms and keys', cases: XML_ALGORITHMS },
  { family: 'XML canonical form', cases: XML_CANONICAL },
  { family: 'XML parser', cases: XML_PARSER },
  { family: 'JSON parser', cases: JSON_PARSER },
  { family: 'JWS', cases: JWS },
  { family: 'encodings', cases: ENCODINGS },
  { family: 'values and headers', cases: VALUES },
];
