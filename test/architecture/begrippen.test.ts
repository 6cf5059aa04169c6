import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

const glossary = new Set(
  readFileSync('docs/begrippen.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => (line.split('|')[1] ?? '').split(/[,: ()]+/)),
);

const schemas = [
  'schemas/stuurgegevens.schema.json',
  ...['schemas/bevestigingen', 'schemas/berichten'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.schema.json'))
      .map((path) => join(folder, path)),
  ),
];

function propertyNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(key === 'properties' ? Object.keys(child as object) : []),
    ...propertyNames(child),
  ]);
}

describe('docs/begrippen.md', () => {
  it.each(schemas)('has a row for every property name of %s', (path) => {
    const names = propertyNames(JSON.parse(readFileSync(path, 'utf8')));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !glossary.has(name))).toEqual([]);
  });
});
