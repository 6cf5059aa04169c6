import { connect } from 'node:net';

/** A ClientHello made by hand: it can offer what no library would. */
export interface HelloRequest {
  /** What the hello says it speaks at most, for example 0x0303 for TLS 1.2. */
  readonly version: number;
  readonly suites: readonly number[];
  /** The versions of the extension supported_versions; without them it isn't sent. */
  readonly versions?: readonly number[];
  readonly groups?: readonly number[];
  readonly signatures?: readonly number[];
}

/** How a server answered: the alert it sent, or the version and suite that it chose. */
export type HelloAnswer =
  | { readonly kind: 'alert'; readonly description: number }
  | { readonly kind: 'hello'; readonly version: number; readonly suite: number; readonly compression: number }
  | { readonly kind: 'closed' };

/** Sends the hello on a connection of its own and reads the first record of the answer. */
export function sayHello(port: number, hello: HelloRequest): Promise<HelloAnswer> {
  return exchange(port, toRecords(buildHello(hello)));
}

/** The same with bytes that are no ClientHello of TLS at all. */
export function exchange(port: number, bytes: Buffer): Promise<HelloAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let seen = Buffer.alloc(0);
    const finish = (answer: HelloAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const answer = parseAnswer(seen);
      if (answer !== undefined) finish(answer);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish({ kind: 'closed' });
      else reject(error);
    });
    socket.on('close', () => {
      finish({ kind: 'closed' });
    });
  });
}

function parseAnswer(seen: Buffer): HelloAnswer | undefined {
  const type = seen[0];
  if (type === ALERT) return seen.length < 7 ? undefined : { kind: 'alert', description: seen.readUInt8(6) };
  if (type !== HANDSHAKE || seen.length < 5 || seen.length < 5 + seen.readUInt16BE(3)) return undefined;
  // RFC 8446 4.1.3: type, length (3), version, random, session id, suite, compression, extensions.
  const body = seen.subarray(9);
  const at = 35 + body.readUInt8(34);
  const answer = { suite: body.readUInt16BE(at), compression: body.readUInt8(at + 2) };
  return { kind: 'hello', version: chosenVersion(body.subarray(at + 3)) ?? body.readUInt16BE(0), ...answer };
}

function chosenVersion(extensions: Buffer): number | undefined {
  for (let at = 2; at + 4 <= extensions.length; at += 4 + extensions.readUInt16BE(at + 2))
    if (extensions.readUInt16BE(at) === SUPPORTED_VERSIONS) return extensions.readUInt16BE(at + 4);
  return undefined;
}

function buildHello({ version, suites, versions, groups, signatures }: HelloRequest): Buffer {
  const extensions = [
    extension(SUPPORTED_GROUPS, list16(groups ?? DEFAULT_GROUPS)),
    extension(SIGNATURE_ALGORITHMS, list16(signatures ?? DEFAULT_SIGNATURES)),
    // Empty: whoever goes on asks for a share of the group of its choice, and so shows version and suite.
    ...(versions === undefined ? [] : [extension(KEY_SHARE, u16(0))]),
    ...(versions === undefined ? [] : [extension(SUPPORTED_VERSIONS, list8(versions))]),
  ];
  const body = Buffer.concat([
    u16(version),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    list16(suites),
    // Compression: DEFLATE (RFC 3749) beside none; TLS 1.3 allows none alone.
    Buffer.from(versions === undefined ? [2, 1, 0] : [1, 0]),
    vector16(Buffer.concat(extensions)),
  ]);
  return Buffer.concat([Buffer.from([CLIENT_HELLO, body.length >> 16]), u16(body.length & 0xffff), body]);
}

function toRecords(message: Buffer): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += MAX_RECORD_BYTES) {
    const part = message.subarray(at, at + MAX_RECORD_BYTES);
    records.push(Buffer.from([HANDSHAKE]), u16(0x0301), vector16(part));
  }
  return Buffer.concat(records);
}

const extension = (type: number, content: Buffer): Buffer => Buffer.concat([u16(type), vector16(content)]);
const list16 = (values: readonly number[]): Buffer => vector16(Buffer.concat(values.map(u16)));
const vector16 = (content: Buffer): Buffer => Buffer.concat([u16(content.length), content]);

function list8(values: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from([2 * values.length]), ...values.map(u16)]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

const ALERT = 21;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const MAX_RECORD_BYTES = 16_000;
const SUPPORTED_GROUPS = 10;
const SIGNATURE_ALGORITHMS = 13;
const SUPPORTED_VERSIONS = 43;
const KEY_SHARE = 51;
const DEFAULT_GROUPS = [0x0017, 0x001d, 0x0018];
// ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256.
const DEFAULT_SIGNATURES = [0x0403, 0x0804, 0x0401];
