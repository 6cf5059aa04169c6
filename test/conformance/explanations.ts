import { readFileSync } from 'node:fs';
import type { Facet } from './facets.ts';

/** A row of the table of differences in docs/conformance.md. */
export interface Explanation {
  /** Patterns in which `*` stands for anything. */
  readonly element: string;
  readonly facet: string;
  /** What the project's own schema does there, the normative one doing the other. */
  readonly own: 'accepts' | 'refuses';
}

/** The rows of the table whose heading is `| Element | Facet | Own schema | …`. */
export function readExplanations(page: string): readonly Explanation[] {
  const rows = readFileSync(page, 'utf8').matchAll(/^\| *`([^`|]+)` *\| *`([^`]+)` *\| *(accepts|refuses) *\|/gm);
  return [...rows].map(([, element = '', facet = '', own]) => ({
    element,
    facet,
    own: own === 'accepts' ? 'accepts' : 'refuses',
  }));
}

/** The row that explains a difference at the facet, if there is one. */
export function explanationOf(
  explanations: readonly Explanation[],
  facet: Facet,
  ownAccepts: boolean,
): Explanation | undefined {
  const [root = '', ...rest] = facet.position.path.split('/');
  const name = `${rest.join('/')}: ${facet.kind}`;
  return explanations.find(
    ({ element, facet: pattern, own }) =>
      fits(element, root) && fits(pattern, name) && (own === 'accepts') === ownAccepts,
  );
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
