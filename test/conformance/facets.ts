import type { Edit, Item } from './messages.ts';
import type { Position } from './positions.ts';
import type { Random } from './random.ts';

/** An item in a valid message, with the items around it, the root first. */
export interface Site {
  readonly root: Item;
  readonly item: Item;
  readonly parents: readonly Item[];
  /** Items at the same position in other messages. */
  readonly others: readonly Item[];
}

/** One change that tries a facet, and what the schema must say to it; without `accepted` either answer will do. */
export interface Probe {
  readonly name: string;
  readonly accepted?: boolean;
  /** The changed message; undefined where this site doesn't lend itself to it. */
  readonly edit: (site: Site, random: Random) => Edit | undefined;
}

/** One rule of the schema at one position. */
export interface Facet {
  readonly position: Position;
  /** `required`, `max-occurs`, `@entiteittype fixed` …: with the path it names the facet. */
  readonly kind: string;
  readonly probes: readonly Probe[];
  /** Set on what is tried though the schema has no facet of it: it isn't counted. */
  readonly extra?: true;
}

/** How a facet is called in reports and in docs/conformance.md. */
export function facetName(facet: Facet): string {
  return `${facet.position.path}: ${facet.kind}`;
}
