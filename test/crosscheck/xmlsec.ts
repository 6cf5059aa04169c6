import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Signatory } from './signatories.ts';

/** `xmlsec1`, working in a folder of its own. */
export interface Xmlsec {
  readonly version: string;
  /** Whether it knows RSA-PSS; releases before 1.3 don't. */
  readonly knowsPss: boolean;
  /** Fills in digests, signature and certificate of a template. */
  sign(template: string, signatory: Signatory): Buffer;
  /** Of documents that all are to be verified with this certificate, why each is refused; undefined when it is accepted. */
  verify(documents: readonly Buffer[], signatory: Signatory): Promise<readonly (string | undefined)[]>;
}

/** Opens xmlsec1 in a folder that the caller removes. */
export function openXmlsec(folder: string): Xmlsec {
  const version = / ([\d.]+)/.exec(runOnce(['--version']))?.[1] ?? '';
  const inFolder = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  return {
    version,
    knowsPss: runOnce(['--list-transforms']).includes('rsa-pss'),
    sign: (template, { certificatePem, privateKeyPem }) => {
      const keys = [inFolder('key.pem', privateKeyPem), inFolder('certificate.pem', certificatePem)];
      const [input, output] = [inFolder('template.xml', template), path.join(folder, 'signed.xml')];
      runOnce(['--sign', '--privkey-pem', keys.join(','), ...IDS, '--output', output, input]);
      return readFileSync(output);
    },
    verify: async (documents, { certificatePem }) => {
      const certificate = inFolder('certificate.pem', certificatePem);
      const files = documents.map((document, index) => inFolder(`${String(index)}.xml`, document));
      const verdicts: (string | undefined)[] = [];
      // It stops at the first that it refuses.
      while (verdicts.length < files.length) {
        verdicts.push(...(await verifyUpToRefusal(certificate, files.slice(verdicts.length))));
      }
      return verdicts;
    },
  };
}

async function verifyUpToRefusal(
  certificate: string,
  files: readonly string[],
): Promise<readonly (string | undefined)[]> {
  // The key is given: without the x509 kind of key data none is taken from KeyInfo, whose trust isn't compared here.
  const options = ['--enabled-key-data', 'key-name', '--pubkey-cert-pem', certificate, ...IDS];
  const child = spawn('xmlsec1', ['--verify', ...options, ...files], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const accepted = said.split('\n').filter((line) => line === 'OK').length;
  const fine = Array.from({ length: accepted }, () => undefined);
  if (code === 0 && accepted === files.length) return fine;
  if (code === null || accepted >= files.length) throw new Error(`xmlsec1 fails: ${said.slice(-500)}`);
  return [...fine, /subj=[^:]*:error=.*/.exec(said.slice(said.lastIndexOf('OK\n') + 1))?.[0] ?? 'FAIL'];
}

function runOnce(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('xmlsec1', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`xmlsec1 ${args[0] ?? ''} failed: ${stderr}`);
  return stdout + stderr;
}

const IDS = ['--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties'];
