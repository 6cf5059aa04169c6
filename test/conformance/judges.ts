import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';

/** Whether each of the schemas accepts the document, in their order. */
export function judge(text: string, validators: readonly XsdValidator[]): readonly boolean[] {
  const document = XmlDocument.fromBuffer(Buffer.from(text));
  try {
    return validators.map((validator) => {
      try {
        validator.validate(document);
        return true;
      } catch (error) {
        if (error instanceof XmlValidateError) return false;
        throw error;
      }
    });
  } finally {
    document.dispose();
  }
}

/** `xmllint --schema`, a program of its own, on many documents at once. */
export class Xmllint {
  private readonly schema: string;
  private readonly folder: string;

  constructor(schema: string, folder: string) {
    this.schema = schema;
    this.folder = folder;
  }

  /** Whether xmllint accepts each of the texts, in their order. */
  async judge(texts: readonly string[]): Promise<readonly boolean[]> {
    mkdirSync(this.folder, { recursive: true });
    const folder = mkdtempSync(path.join(this.folder, 'deel-'));
    const names = texts.map((_, index) => path.join(folder, `${String(index)}.xml`));
    names.forEach((name, index) => {
      writeFileSync(name, texts[index] ?? '');
    });
    const output = await this.run(names);
    rmSync(folder, { recursive: true });
    return names.map((name) => {
      const verdict = output.get(name);
      if (verdict === undefined) throw new Error(`xmllint said nothing of ${name}`);
      return verdict;
    });
  }

  private run(names: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    return new Promise((resolve, reject) => {
      const child = spawn('xmllint', ['--nonet', '--noout', '--schema', this.schema, ...names], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const chunks: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.once('error', reject);
      child.once('close', (code) => {
        const text = Buffer.concat(chunks).toString('utf8');
        // 3: some document is not valid; anything else means that xmllint could not judge.
        if (code !== 0 && code !== 3) reject(new Error(`xmllint ended with ${String(code)}: ${text.slice(0, 500)}`));
        else resolve(verdictsIn(text));
      });
    });
  }
}

function verdictsIn(output: string): ReadonlyMap<string, boolean> {
  const lines = output.matchAll(/^(.+\.xml) (validates|fails to validate)$/gm);
  return new Map([...lines].map(([, name = '', verdict]) => [name, verdict === 'validates']));
}
