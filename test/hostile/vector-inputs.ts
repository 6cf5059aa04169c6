import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCompact } from '../../gateway/codec/compact-jws.ts';
import { parseDetachedSignature } from '../../gateway/codec/detached-signature.ts';
import { parseStrictJson } from '../../gateway/codec/strict-json.ts';
import { openXml } from '../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature } from '../../gateway/codec/xml-signature.ts';
import { bringJson, bringSigned, bringXml, edited, editHeader, jsonMessage } from '../support/hostile-bench.ts';
import { jwsVectors } from '../support/jws-vectors.ts';
import { REFERENCE_DATA } from '../support/normative.ts';
import type { HostileInput, InputSet } from './input.ts';
import { refusedByPolicy } from './json-policy.ts';

/** The vectors of the reference data: each by itself for the reader concerned, and brought to the gateway. */
export function vectorInputs(folder = path.join(REFERENCE_DATA, 'vectors')): InputSet {
  const parts: readonly (readonly [string, (folder: string) => readonly HostileInput[]])[] = [
    ['json/test_parsing', jsonInputs],
    ['xmldsig', xmlInputs],
    ['jws', jwsInputs],
  ];
  const sets = parts.map(([name, read]) => {
    const place = path.join(folder, name);
    return existsSync(place) ? { inputs: read(place), leftOut: [] } : { inputs: [], leftOut: [place] };
  });
  return { inputs: sets.flatMap(({ inputs }) => inputs), leftOut: sets.flatMap(({ leftOut }) => leftOut) };
}

function jsonInputs(folder: string): readonly HostileInput[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name): HostileInput[] => {
      const bytes = readFileSync(path.join(folder, name));
      return [
        {
          kind: 'reader',
          name: `JSON vector ${name}, by the reader`,
          wanted: wantedOf(name),
          read: () => {
            const read = parseStrictJson(bytes);
            return read.ok ? 'accepted' : read.error.code;
          },
        },
        {
          kind: 'request',
          name: `JSON vector ${name}, as a bericht`,
          wanted: 'refused',
          build: (bench) => bringJson(bench, bytes),
        },
        {
          kind: 'request',
          name: `JSON vector ${name}, in a bericht`,
          wanted: 'refused',
          build: (bench) => {
            const text = jsonMessage(bench);
            const head = text.slice(0, text.indexOf('"inhoud":') + '"inhoud":'.length);
            return bringJson(bench, Buffer.concat([Buffer.from(head), bytes, Buffer.from('}')]));
          },
        },
      ];
    });
}

/** `n_` must be refused, `y_` taken unless a policy that is written down refuses it, `i_` is left to each reader. */
function wantedOf(name: string): 'accepted' | 'refused' | 'either' {
  if (name.startsWith('n_')) return 'refused';
  if (name.startsWith('i_')) return 'either';
  return refusedByPolicy(name) === undefined ? 'accepted' : 'refused';
}

function xmlInputs(folder: string): readonly HostileInput[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.xml'),
  );
  return files.flatMap(({ name, parentPath }): HostileInput[] => {
    const bytes = readFileSync(path.join(parentPath, name));
    return [
      // All are signed in inclusive canonical form, by another root, or with another algorithm: the profile takes none.
      { kind: 'reader', name: `XML vector ${name}, by the reader`, wanted: 'refused', read: () => readXml(bytes) },
      {
        kind: 'request',
        name: `XML vector ${name}, as a bericht with its own signature`,
        wanted: 'refused',
        build: (bench) => bringXml(bench, bytes),
      },
      {
        kind: 'request',
        name: `XML vector ${name}, as a bericht signed beside it`,
        wanted: 'refused',
        build: (bench) => bringSigned(bench, { format: 'xml', text: bytes }),
      },
    ];
  });
}

function readXml(bytes: Uint8Array): string {
  const opened = openXml(bytes);
  if (!opened.ok) return opened.error.code;
  const message = opened.value;
  try {
    const read = readEnvelopedSignature(message, { namespace: message.rootNamespace, name: message.rootName });
    if (!read.ok) return read.error.code;
    return read.value === undefined ? 'ERR_SIGNATURE_MISSING' : 'accepted';
  } finally {
    message.dispose();
  }
}

function jwsInputs(folder: string): readonly HostileInput[] {
  return jwsVectors(folder).flatMap(({ name, compact, detached }): HostileInput[] => [
    {
      kind: 'reader',
      name: `JWS vector ${name}, as a receipt`,
      wanted: 'refused',
      read: () => {
        const read = readCompact(compact, 'JOSE');
        return read.ok ? 'accepted' : read.error;
      },
    },
    {
      kind: 'reader',
      name: `JWS vector ${name}, detached`,
      wanted: 'refused',
      read: () => {
        const read = parseDetachedSignature(detached);
        return read.ok ? 'accepted' : read.error.code;
      },
    },
    ...[compact, detached].map((value, at): HostileInput => ({
      kind: 'request',
      name: `JWS vector ${name}, as Payload-Signature ${at === 0 ? 'with its payload' : 'detached'}`,
      wanted: 'refused',
      build: (bench) =>
        editHeader(bringJson(bench, edited(jsonMessage(bench), 'Arnhem', 'Arnhem ')), 'Payload-Signature', () => value),
    })),
  ]);
}
