import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/attacks.md', 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Attack') && !line.startsWith('| ---'))
  .map((line) => line.slice(2, -2).split(' | '))
  .map((cells) => ({ attack: cells[0] ?? '', why: cells[1] ?? '', shown: cells[2] ?? '', cells: cells.length }));

/** The files below test/ that a cell names, each with titles that stand in it. */
function namedIn(cell: string): readonly { readonly file: string; readonly titles: readonly string[] }[] {
  return [...cell.matchAll(/`([^`]+)`((?: “[^”]+”)+)/g)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }));
}

function read(file: string): string {
  const path = [`test/${file}.test.ts`, `test/${file}.ts`].find((one) => existsSync(one));
  return path === undefined ? '' : readFileSync(path, 'utf8');
}

describe('docs/attacks.md', () => {
  it('is a table of attacks, each once', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(new Set(rows.map(({ attack }) => attack)).size).toBe(rows.length);
  });

  it.each(rows)('$attack: why not, and by which tests', ({ attack, why, shown, cells }) => {
    expect([cells, attack.length > 8, why.length > 8]).toEqual([3, true, true]);
    const named = namedIn(shown);
    expect(named).not.toEqual([]);
    // Nothing of the cell may escape the check below by its form.
    expect(
      shown
        .replaceAll(/`[^`]+`(?: “[^”]+”)+/g, '')
        .replaceAll(' · ', '')
        .trim(),
    ).toBe('');
    for (const { file, titles } of named) {
      const text = read(file);
      // A title is the whole text between quotes, so that a part of one or a comment is no test.
      expect(titles.filter((title) => !["'", '"', '`'].some((quote) => text.includes(quote + title + quote)))).toEqual(
        [],
      );
    }
  });
});
