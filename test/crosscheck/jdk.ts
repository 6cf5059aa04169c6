import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What another verifier says of a document; `octets` is the SHA-256 (base64) of what `URI=""` covers, where it tells. */
export type Verdict =
  { readonly valid: true; readonly octets: string | undefined } | { readonly valid: false; readonly why: string };

/** What the JDK is to sign, and how. */
export interface JdkSigning {
  readonly document: Buffer;
  readonly keyDer: Buffer;
  readonly certificateDer: Buffer;
  readonly signatureMethod: string;
  readonly digestMethod: string;
  /** Any of `prefix`, `ids`, `hints`, `bare`, divided by commas. */
  readonly style: string;
  /** xades:QualifyingProperties; none when undefined. */
  readonly properties: Buffer | undefined;
}

/** One JVM that answers one question after another. */
export interface Jdk {
  readonly version: string;
  sign(request: JdkSigning): Promise<Buffer>;
  verify(document: Buffer, certificateDer: Buffer): Promise<Verdict>;
  stop(): Promise<void>;
}

/** Starts the JVM on the source beside this file, which it compiles itself. */
export async function startJdk(): Promise<Jdk> {
  const source = new URL('XmlOracle.java', import.meta.url).pathname;
  const child = spawn('java', ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: { readonly resolve: (line: string) => void; readonly reject: (reason: Error) => void }[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => waiting.shift()?.resolve(line));
  lines.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('the JVM ended before it answered'));
  });
  child.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  // A JVM that has ended is told by its answers that don't come.
  child.stdin.on('error', () => undefined);
  const answer = async (): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  const ask = async (...fields: readonly string[]): Promise<string> => {
    const answered = answer();
    child.stdin.write(`${fields.join(' ')}\n`);
    return answered;
  };
  const [ready, version = ''] = (await answer()).split(' ');
  if (ready !== 'ready') throw new Error('the JVM did not start');
  return {
    version,
    sign: async (request) => {
      const { document, keyDer, certificateDer, properties } = request;
      const octets = [document, keyDer, certificateDer].map(base64);
      const how = [request.signatureMethod, request.digestMethod, request.style];
      const answered = await ask('sign', ...octets, ...how, ...(properties === undefined ? [] : [base64(properties)]));
      if (!answered.startsWith('signed ')) throw new Error(`the JDK doesn't sign: ${answered}`);
      return Buffer.from(answered.slice('signed '.length), 'base64');
    },
    verify: async (document, certificateDer) =>
      toVerdict(await ask('verify', base64(document), base64(certificateDer))),
    stop: async () => {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

function toVerdict(answered: string): Verdict {
  const [word, octets] = answered.split(' ');
  if (word === 'valid') return { valid: true, octets };
  if (word === 'refused') return { valid: false, why: answered.slice('refused '.length) };
  throw new Error(`the JVM fails: ${answered}`);
}

function base64(octets: Buffer): string {
  return octets.toString('base64');
}
