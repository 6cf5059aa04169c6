import type { Random } from '../conformance/random.ts';
import {
  bringJson,
  bringSigned,
  bringStuf,
  bringXml,
  editHeader,
  jsonMessage,
  signedXml,
  stufMessage,
  xmlMessage,
} from '../support/hostile-bench.ts';
import type { Bench, HostileRequest } from '../support/hostile-bench.ts';
import type { HostileInput, Wanted } from './input.ts';

/** One way to spoil a bericht, drawn anew each time. */
interface Recipe {
  readonly name: string;
  readonly wanted: Wanted;
  readonly build: (bench: Bench) => HostileRequest;
}

/** So many variants of each recipe. */
export function variantInputs(each: number): readonly HostileInput[] {
  return Array.from({ length: each }, (_, at) =>
    RECIPES.map(({ name, wanted, build }): HostileInput => ({
      kind: 'request',
      name: `${name}, ${String(at)}`,
      wanted,
      build,
    })),
  ).flat();
}

/** An octet of the text changed, left out, doubled or put in, anywhere. */
function spoilOctets(octets: Uint8Array, random: Random): Uint8Array {
  const at = random.between(0, octets.length - 1);
  const [before, after] = [octets.subarray(0, at), octets.subarray(at + 1)];
  const own = octets[at] ?? 0;
  const other = (own + random.between(1, 255)) % 256;
  const put = random.pick([[other], [], [own, own], [own, other], [other, own]]);
  return Buffer.concat([before, Uint8Array.from(put), after]);
}

/** One letter or digit between two places of a text changed for another. */
function spoilLetter(text: string, random: Random, within: RegExp): string {
  const spans = [...text.matchAll(within)].filter(([found]) => /[A-Za-z0-9]/.test(found));
  const span = random.pick(spans);
  const places = [...span[0].matchAll(/[A-Za-z0-9]/g)].map(({ index }) => span.index + index);
  const at = random.pick(places);
  const others = Array.from('abcXYZ0123456789').filter((letter) => letter.toLowerCase() !== text[at]?.toLowerCase());
  return text.slice(0, at) + random.pick(others) + text.slice(at + 1);
}

/** An element of the text left out, doubled, or moved behind another. */
function spoilElements(text: string, random: Random): string {
  const leaves = [...text.matchAll(/<((?:b|t|ZKN|BG|StUF):[\w.]+)(?: [^<>]*)?>[^<]*<\/\1>/g)];
  const { 0: element, index } = random.pick(leaves);
  const rest = text.slice(0, index) + text.slice(index + element.length);
  const target = random.pick(leaves.filter((leaf) => leaf.index !== index));
  const to = target.index > index ? target.index - element.length : target.index;
  return random.pick([
    rest,
    text.slice(0, index) + element + text.slice(index),
    rest.slice(0, to) + element + rest.slice(to),
  ]);
}

/** An element or attribute that no schema knows, somewhere. */
function addUnknownXml(text: string, bench: Bench): string {
  const { random } = bench;
  const starts = [...text.matchAll(/<((?:JZ|b|t|ZKN|BG|StUF):[\w.]+)( [^<>]*)?>/g)].slice(1);
  const { 0: tag, 1: name = '', index } = random.pick(starts);
  const end = index + tag.length;
  const [unknown, value] = [bench.word(), bench.word()];
  const prefix = name.split(':')[0] ?? '';
  return random.pick([
    `${text.slice(0, end)}<${unknown}>${value}</${unknown}>${text.slice(end)}`,
    `${text.slice(0, end)}<${prefix}:${unknown}>${value}</${prefix}:${unknown}>${text.slice(end)}`,
    `${text.slice(0, index + 1 + name.length)} ${unknown}="${value}"${text.slice(index + 1 + name.length)}`,
  ]);
}

/** A member that no schema knows, or a value of another kind, somewhere. */
function spoilJson(text: string, bench: Bench): string {
  const { random } = bench;
  const value = (): unknown =>
    random.pick<unknown>([bench.word(), [bench.word()], { [bench.word()]: bench.word() }, true, 1.5, []]);
  const message = JSON.parse(text) as Record<string, unknown>;
  const objects = objectsIn(message);
  const object = random.pick(objects);
  if (random.between(0, 1) === 0) object[bench.word()] = value();
  else
    object[random.pick(Object.keys(object))] = random.pick<unknown>([[bench.word()], { [bench.word()]: 1 }, true, 1.5]);
  return JSON.stringify(message);
}

function objectsIn(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Record<string, unknown>;
  return [object, ...Object.values(object).flatMap(objectsIn)];
}

/** Unknown content of a size, as wide or as deep as it gets. */
function bulk(bench: Bench): { readonly xml: string; readonly json: string } {
  const { random } = bench;
  const word = bench.word();
  const size = random.between(10_000, 250_000);
  const repeated = (text: string): string => text.repeat(Math.floor(size / text.length));
  const unit = random.pick([
    { xml: `<${word}/>`, json: '0,' },
    { xml: `<x a="${word}"/>`, json: `"${word}",` },
    { xml: `<x>${word}<y>&lt;</y></x>`, json: `{"${word}":[]},` },
    { xml: `<x xmlns="urn:${word}"/>`, json: '"\\u0061\\n",' },
    { xml: '<!--x-->&amp;', json: '1.25,' },
    { xml: `${'<d>'.repeat(40)}${'</d>'.repeat(40)}`, json: `${'['.repeat(40)}${']'.repeat(40)},` },
  ]);
  return { xml: repeated(unit.xml), json: `"${word}":[${repeated(unit.json)}0]` };
}

const OUTSIDE_SIGNATURE = /(?<=<(?:b|t):(?!Signature)[\w]+>)[^<]+(?=<\/(?:b|t):)/g;
const SIGNED_VALUES = /(?<=<ds:(?:DigestValue|SignatureValue|X509Certificate)>)[^<]+|(?<=Algorithm=")[^"]+/g;

const RECIPES: readonly Recipe[] = [
  {
    name: 'JSON, an octet spoilt after signing',
    wanted: 'ERR_SIGNATURE_DIGEST',
    build: (bench) => spoilBody(bench, bringJson(bench, jsonMessage(bench))),
  },
  {
    name: 'XML, an octet spoilt after signing beside it',
    wanted: 'ERR_SIGNATURE_DIGEST',
    build: (bench) => spoilBody(bench, bringSigned(bench, { format: 'xml', text: xmlMessage(bench) })),
  },
  {
    name: 'XML with its signature, a value spoilt',
    wanted: 'ERR_SIGNATURE_DIGEST',
    build: (bench) => bringXml(bench, spoilLetter(signedXml(bench), bench.random, OUTSIDE_SIGNATURE)),
  },
  {
    name: 'XML with its signature, its elements spoilt',
    wanted: 'refused',
    build: (bench) => bringXml(bench, spoilElements(signedXml(bench), bench.random)),
  },
  {
    name: 'XML with its signature, the signature spoilt',
    wanted: 'refused',
    build: (bench) => bringXml(bench, spoilLetter(signedXml(bench), bench.random, SIGNED_VALUES)),
  },
  {
    name: 'XML with its signature, an octet spoilt anywhere',
    wanted: 'either',
    build: (bench) => spoilBody(bench, bringXml(bench, signedXml(bench))),
  },
  {
    name: 'XML with its signature, something unknown added before signing',
    wanted: 'refused',
    build: (bench) =>
      bringXml(
        bench,
        signedXml(bench, {
          edit: (template) => {
            const at = template.indexOf('<ds:Signature');
            return addUnknownXml(template.slice(0, at), bench) + template.slice(at);
          },
        }),
      ),
  },
  {
    name: 'XML, something unknown added before signing',
    wanted: 'refused',
    build: (bench) => bringSigned(bench, { format: 'xml', text: addUnknownXml(xmlMessage(bench), bench) }),
  },
  {
    name: 'StUF, something unknown added before signing',
    wanted: 'refused',
    build: (bench) => bringStuf(bench, addUnknownXml(stufMessage(bench), bench)),
  },
  {
    name: 'StUF, its elements spoilt before signing',
    wanted: 'either',
    build: (bench) => bringStuf(bench, spoilElements(stufMessage(bench), bench.random)),
  },
  {
    name: 'StUF, an octet spoilt before signing',
    wanted: 'either',
    build: (bench) => bringStuf(bench, spoilOctets(Buffer.from(stufMessage(bench)), bench.random)),
  },
  {
    name: 'JSON, something unknown or of another kind before signing',
    wanted: 'refused',
    build: (bench) => bringJson(bench, spoilJson(jsonMessage(bench), bench)),
  },
  {
    name: 'JSON, an octet spoilt before signing',
    wanted: 'either',
    build: (bench) => bringJson(bench, spoilOctets(Buffer.from(jsonMessage(bench)), bench.random)),
  },
  {
    name: 'JWS, a letter of its header or value spoilt',
    wanted: 'refused',
    build: (bench) =>
      editHeader(bringJson(bench, jsonMessage(bench)), 'Payload-Signature', (value) =>
        spoilLetter(value, bench.random, /[^.]+/g),
      ),
  },
  {
    name: 'XML, unknown content in bulk',
    wanted: 'refused',
    build: (bench) =>
      bringSigned(bench, {
        format: 'xml',
        text: xmlMessage(bench).replace('<b:inhoud>', () => `<b:inhoud>${bulk(bench).xml}`),
      }),
  },
  {
    name: 'XML with its signature, unknown content in bulk',
    wanted: 'refused',
    build: (bench) =>
      bringXml(
        bench,
        signedXml(bench, { edit: (template) => template.replace('<b:inhoud>', () => `<b:inhoud>${bulk(bench).xml}`) }),
      ),
  },
  {
    name: 'JSON, unknown content in bulk',
    wanted: 'refused',
    build: (bench) =>
      bringJson(
        bench,
        jsonMessage(bench).replace('"inhoud": {', () => `"inhoud": {${bulk(bench).json},`),
      ),
  },
];

function spoilBody(bench: Bench, request: HostileRequest): HostileRequest {
  return { ...request, body: spoilOctets(request.body, bench.random) };
}
