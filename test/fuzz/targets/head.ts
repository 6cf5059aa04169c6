import { DEFAULT_LIMITS } from '../../../adapters/https-ingress/config.ts';
import { readHead } from '../../../adapters/https-ingress/read-head.ts';
import { readRoutingQuery, readWaitMs } from '../../../gateway/codec/query.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateLines } from '../mutate/lines.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const ID = '0193a5f0-0000-7000-8000-00000000000e';
// Method and path, then the parameters a call knows; written out once more so that the table of routes isn't its own judge.
const CALLS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^POST \/v1\/berichten$/, []],
  [/^GET \/v1\/berichten\/[0-9a-f-]{36}$/, ['wacht']],
  [/^GET \/v1\/postbus$/, ['aansluitpunt', 'wacht']],
  [/^POST \/v1\/postbus\/[0-9a-f-]{36}\/(?:bevestiging|weigering)$/, []],
  [/^GET \/v1\/bevestigingen$/, ['afzender', 'wacht']],
  [/^POST \/v1\/bevestigingen\/[0-9a-f-]{36}\/ontvangen$/, []],
  [/^GET \/v1\/routering$/, ['berichttype', 'afzender', 'afzenderrol', 'rol', 'oin', 'gemeentecode', 'instantiecode']],
  [/^GET \/v1\/(?:sleutels|openapi\.json)$/, []],
];
const SEEDS = [
  'POST /v1/berichten\nContent-Type: application/json\nContent-Length: 20\nDigest: SHA-256=x',
  'POST /v1/berichten\nContent-Type: application/xml; charset=utf-8\nTransfer-Encoding: chunked',
  `GET /v1/berichten/${ID}?wacht=30\nHost: localhost`,
  'GET /v1/postbus?aansluitpunt=rvdk-verzoeken&wacht=5\nHost: localhost',
  `POST /v1/postbus/${ID}/bevestiging\nContent-Length: 0`,
  `POST /v1/postbus/${ID}/weigering\nContent-Type: application/json\nContent-Length: 30`,
  'GET /v1/bevestigingen?afzender=00000001802611266000&wacht=60\nHost: x',
  `POST /v1/bevestigingen/${ID}/ontvangen\nContent-Length: 0`,
  'GET /v1/routering?berichttype=vtoDi01&rol=RVDK&oin=00000001802611266000&afzenderrol=GEMEENTE\nAccept: application/xml',
  'GET /v1/routering?berichttype=vtoDi01&gemeentecode=0202&afzender=00000001802611266000\nHost: x',
];

const WORDS = [
  ...[
    'GET',
    'POST',
    '..',
    '//',
    '%2e',
    '%2F',
    '%00',
    '?',
    '&',
    '=',
    '#',
    '+',
    '%61',
    'wacht',
    'wacht=1',
    'oin=',
    '%ff',
    '%',
  ],
  ...[
    'Content-Length: 1',
    'Content-Encoding: gzip',
    'Content-Type: text/xml',
    'Transfer-Encoding: chunked',
    'content-length: 99999999',
  ],
  ...['__proto__: x', 'constructor: y', 'application/jose', '0', '61', '1e1', '00000000000000000000', '%0d%0a', 'Host'],
];

// An input is the request line without its version, then a header a line, as the HTTP parser hands them over.
const target: FuzzTarget = {
  invariant:
    'a head that is accepted is of a known call, with known parameters given once each, and announces a body that the call takes',
  seeds: SEEDS.map((text) => Buffer.from(text)),
  mutators: [mutateLines(WORDS), mutateLines(WORDS), mutateBytes(WORDS)],
  maxBytes: 4_096,
  run: (input) => {
    const [first = '', ...lines] = input.toString('latin1').split('\n');
    const space = first.indexOf(' ');
    const [method, url] = [first.slice(0, space), first.slice(space + 1)];
    const rawHeaders = lines.flatMap((line) => [line.split(':', 1).join(''), line.slice(line.indexOf(':') + 1).trim()]);
    // The parser of HTTP refuses a length that is no number, given twice, or beside a transfer coding.
    const lengths = valuesOf(rawHeaders, 'content-length');
    if (lengths.length > 1 || lengths.some((value) => !/^\d{1,15}$/.test(value))) return;
    if (lengths.length === 1 && valuesOf(rawHeaders, 'transfer-encoding').length > 0) return;
    const read = readHead({ method, url, rawHeaders }, DEFAULT_LIMITS);
    if (!read.ok) return;
    judgeTarget(method, url);
    judgeBody(rawHeaders, read.value, Number(lengths[0] ?? 0));
    const wait = readWaitMs(read.value.query);
    must(wait >= 0 && wait <= 60_000, 'waits longer than a minute');
    const question = readRoutingQuery(read.value.query);
    if (question.ok)
      must(
        [question.value.oin, question.value.municipality, question.value.institution].filter((one) => one !== undefined)
          .length === 1,
        'asks for no one, or for two',
      );
  },
};

function judgeTarget(method: string, url: string): void {
  const [path = '', ...queries] = url.split('?');
  const call = CALLS.find(([pattern]) => pattern.test(`${method} ${path}`));
  must(call !== undefined, 'accepts a call that does not exist');
  const names = queries
    .join('?')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => decode(pair.split('=', 1).join('')));
  must(new Set(names).size === names.length, 'accepts a parameter twice');
  must(
    names.every((name) => call[1].includes(name)),
    'accepts an unknown parameter',
  );
}

function judgeBody(
  rawHeaders: readonly string[],
  head: { readonly length: number | undefined; readonly maxBodyBytes: number },
  said: number,
): void {
  must(valuesOf(rawHeaders, 'content-encoding').length === 0, 'accepts a content coding');
  if (valuesOf(rawHeaders, 'transfer-encoding').length > 0)
    must(head.length === undefined, 'believes a length beside a transfer coding');
  else must(head.length === said && said <= head.maxBodyBytes, 'accepts a body over its bound');
  if (head.length === 0) return;
  const types = valuesOf(rawHeaders, 'content-type');
  must(types.length === 1 && /^application\/(?:xml|json|jose)\b/i.test(String(types[0])), 'accepts a body of any type');
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

export default target;
