import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A signature of RFC 7520 or RFC 7797 in the two forms that the readers know. */
export interface JwsVector {
  readonly name: string;
  /** With its payload, and without. */
  readonly compact: string;
  readonly detached: string;
  readonly header: Readonly<Record<string, unknown>>;
}

interface Written {
  readonly input: { readonly payload: string };
  readonly signing: Signing | readonly Signing[];
}

interface Signing {
  readonly protected?: Readonly<Record<string, unknown>>;
  readonly protected_b64u?: string;
  readonly 'sig-input'?: string;
  readonly sig: string;
}

/** Reads the vectors in the folders `jws` and `rfc7797`; one with several signatures gives as many. */
export function jwsVectors(folder: string): readonly JwsVector[] {
  return ['jws', 'rfc7797'].flatMap((part) =>
    readdirSync(path.join(folder, part))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name) => readVector(path.join(folder, part, name), `${part}/${name.replace('.json', '')}`)),
  );
}

function readVector(file: string, name: string): readonly JwsVector[] {
  const { input, signing } = JSON.parse(readFileSync(file, 'utf8')) as Written;
  const all = Array.isArray(signing) ? (signing as readonly Signing[]) : [signing as Signing];
  return all.map((one, at) => {
    const header = one.protected_b64u ?? '';
    const payload = Buffer.from(input.payload).toString('base64url');
    return {
      name: all.length === 1 ? name : `${name} ${String(at + 1)}`,
      compact: `${header}.${payload}.${one.sig}`,
      detached: `${header}..${one.sig}`,
      header: one.protected ?? {},
    };
  });
}
