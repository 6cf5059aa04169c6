import { createHash } from 'node:crypto';
import { XmlC14NMode, XmlError } from 'libxml2-wasm';
import type { XmlDocument } from 'libxml2-wasm';
import type { DigestName } from './signature-algorithms.ts';

/**
 * The document in exclusive canonical XML without comments; undefined where that form isn't defined, as with a relative
 * namespace name. Whole documents only: libxml2 walks those alone, a subset would call JavaScript for every node.
 */
export function canonicalize(document: XmlDocument): Buffer | undefined {
  const chunks: Buffer[] = [];
  // Copied: the chunk is a view on libxml2's own memory.
  const written = canonicalizeTo(document, (chunk) => chunks.push(Buffer.from(chunk)));
  return written ? Buffer.concat(chunks) : undefined;
}

/** Digests of the same form, in the order of the names; none where the form isn't defined. */
export function digestCanonical(document: XmlDocument, names: readonly DigestName[]): readonly Buffer[] {
  const hashes = Array.from(new Set(names), (name) => ({ name, hash: createHash(name) }));
  const written = canonicalizeTo(document, (chunk) => {
    for (const { hash } of hashes) hash.update(chunk);
  });
  const digests = hashes.map(({ name, hash }) => ({ name, digest: hash.digest() }));
  return names.flatMap((wanted) =>
    digests.filter(({ name }) => written && name === wanted).map(({ digest }) => digest),
  );
}

function canonicalizeTo(document: XmlDocument, take: (chunk: Uint8Array) => void): boolean {
  const write = (chunk: Uint8Array): number => {
    take(chunk);
    return chunk.length;
  };
  try {
    document.canonicalize(
      { write, close: () => true },
      { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: false },
    );
    return true;
  } catch (error) {
    if (error instanceof XmlError) return false;
    throw error;
  }
}
