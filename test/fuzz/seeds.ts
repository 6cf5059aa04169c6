import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The smallest examples of the message types, valid and invalid, in one format: what is small is read often. */
export function readExamples(format: 'json' | 'xml', count = 20): readonly string[] {
  return readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('voorbeelden') && path.endsWith(`.${format}`))
    .sort()
    .map((path) => readFileSync(join(EXAMPLES, path), 'utf8'))
    .sort((a, b) => a.length - b.length)
    .slice(0, count);
}

const EXAMPLES = 'schemas/berichten';
