import { attributeFacets } from './attribute-facets.ts';
import type { Facet, Probe, Site } from './facets.ts';
import { groupFacets } from './group-facets.ts';
import { FOREIGN, XSI, changed, childItemsOf, prefixOf, type Edit, type Item } from './messages.ts';
import type { Position } from './positions.ts';
import { valueFacets } from './value-facets.ts';
import type { ElementParticle, SimpleType } from './xsd-model.ts';

/** Every facet of the schema at the position. */
export function facetsAt(position: Position): readonly Facet[] {
  const { particle, type } = position;
  const facet = (kind: string, probes: readonly Probe[]): Facet => ({ position, kind, probes });
  const text = type.simple;
  return [
    ...(particle === undefined ? [] : occurrenceFacets(position, particle)),
    facet(position.element.nillable ? 'nillable' : 'not-nillable', nilProbes(position)),
    facet('name', nameProbes(position)),
    ...(text === undefined ? contentFacets(position) : textFacets(position, text)),
    ...groupFacets(position),
    ...attributeFacets(position),
  ];
}

function occurrenceFacets(position: Position, particle: ElementParticle): readonly Facet[] {
  const facets: Facet[] = [];
  const innermost = position.groups.at(-1);
  const without: Probe = { name: 'without', edit: (site) => withoutSiblings(site, particle.min > 0) };
  if (particle.min === 0) facets.push({ position, kind: 'optional', probes: [{ ...without, accepted: true }] });
  else if (innermost?.kind === 'sequence' && !isAloneInOptional(position))
    facets.push({ position, kind: 'required', probes: [{ ...without, accepted: false }] });
  // Where a group around it repeats, one more of the element is one more of the group: a facet of the group.
  if (position.groups.some(({ max }) => max > 1)) return facets;
  const times = (count: number, accepted: boolean): Probe => ({
    name: `${String(count)} times`,
    accepted,
    edit: ({ item }) => new Map([[item, Array<Item>(count).fill(item)]]),
  });
  if (particle.max === Infinity) facets.push({ position, kind: 'unbounded', probes: [times(3, true)] });
  else {
    const most = particle.max > 1 ? [times(particle.max, true)] : [];
    facets.push({ position, kind: 'max-occurs', probes: [...most, times(particle.max + 1, false)] });
  }
  return facets;
}

function nilProbes({ element, type }: Position): readonly Probe[] {
  const nil =
    (value: string, keep: boolean): ((site: Site) => Edit) =>
    ({ item }) => {
      const others = item.attributes.filter(({ name, namespace }) => name !== 'nil' || namespace !== XSI);
      const attributes = [...others, { name: 'nil', namespace: XSI, value }];
      return changed(item, { attributes, content: keep ? item.content : [] });
    };
  const full = (site: Site): Edit | undefined => (isEmpty(site.item) ? undefined : nil('true', true)(site));
  const canHold = type.simple !== undefined || type.content !== undefined;
  return [
    { name: 'nil', accepted: element.nillable, edit: nil('true', false) },
    ...(canHold ? [{ name: 'nil with content', accepted: false, edit: full }] : []),
    ...(element.nillable ? [{ name: 'nil=false', accepted: true, edit: nil('false', true) }] : []),
  ];
}

function isEmpty({ content }: Item): boolean {
  return content.every((part) => part === '');
}

function nameProbes({ element }: Position): readonly Probe[] {
  const namespace = element.namespace.endsWith('StUF0301') ? FOREIGN : 'http://www.egem.nl/StUF/StUF0301';
  const flipped = element.name.startsWith(element.name.charAt(0).toLowerCase())
    ? element.name.charAt(0).toUpperCase()
    : element.name.charAt(0).toLowerCase();
  const renamed =
    (change: Partial<Item>): Probe['edit'] =>
    ({ item }) =>
      changed(item, change);
  return [
    { name: 'another namespace', accepted: false, edit: renamed({ namespace }) },
    { name: 'no namespace', accepted: false, edit: renamed({ namespace: '' }) },
    { name: 'another case', accepted: false, edit: renamed({ name: flipped + element.name.slice(1) }) },
  ];
}

function contentFacets(position: Position): readonly Facet[] {
  const first =
    (raw: string): Probe['edit'] =>
    ({ item }) =>
      changed(item, { content: [{ raw }, ...item.content] });
  const last =
    (raw: string): Probe['edit'] =>
    ({ item }) =>
      changed(item, { content: [...item.content, { raw }] });
  const [own, foreign] = ['<JZ:onbekend>x</JZ:onbekend>', '<vreemd:onbekend>x</vreemd:onbekend>'];
  return [
    {
      position,
      kind: 'closed',
      probes: [
        { name: 'unknown element first', accepted: false, edit: first(own) },
        { name: 'unknown element last', accepted: false, edit: last(own) },
        { name: 'foreign element last', accepted: false, edit: last(foreign) },
      ],
    },
    { position, kind: 'element-only', probes: [{ name: 'text', accepted: false, edit: last('tekst') }] },
    // Names of types are the schema's own affair; one probe a message shows what becomes of them.
    ...(position.parent?.parent === undefined && position.element.name === 'object'
      ? [{ position, kind: 'xsi-type', probes: [typeProbe(position)], extra: true as const }]
      : []),
  ];
}

function typeProbe({ type }: Position): Probe {
  const [, namespace = '', name = ''] = /^\{(.*)\}(.*)$/.exec(type.name) ?? [];
  const value = `${prefixOf(namespace)}:${name}`;
  return {
    name: 'its own type named',
    accepted: true,
    edit: ({ item }) => changed(item, { attributes: [...item.attributes, { name: 'type', namespace: XSI, value }] }),
  };
}

function textFacets(position: Position, simple: SimpleType): readonly Facet[] {
  const child: Probe = {
    name: 'element in text',
    accepted: false,
    edit: ({ item }) => changed(item, { content: [...item.content, { raw: '<JZ:onbekend/>' }] }),
  };
  const values = valueFacets(
    simple,
    (value) =>
      ({ item }) =>
        changed(item, { content: [value] }),
  );
  return [{ kind: 'text-only', probes: [child] }, ...values].map((facet) => ({ position, ...facet }));
}

// Without its siblings an optional group disappears as a whole, and that is allowed: where the absence must be refused another item stays.
function withoutSiblings({ item, parents }: Site, othersMustStay: boolean): Edit | undefined {
  const inSame = siblingsIn(parents.at(-1), item);
  const others = inSame.filter(({ name }) => name !== item.name);
  const optional = item.occurrences.some(({ group }) => group.min === 0);
  if (othersMustStay && ((optional && others.length === 0) || standsTwice(parents.at(-1), item))) return undefined;
  return new Map(inSame.filter(({ name }) => name === item.name).map((sibling) => [sibling, []]));
}

// What stays of one occurrence may pass for part of the other.
function standsTwice(parent: Item | undefined, { occurrences }: Item): boolean {
  const around = parent === undefined ? [] : childItemsOf(parent).flatMap((sibling) => sibling.occurrences);
  return occurrences.some((one) => around.some((other) => other !== one && other.group === one.group));
}

function siblingsIn(parent: Item | undefined, item: Item): readonly Item[] {
  const innermost = item.occurrences.at(-1);
  const items = parent === undefined ? [item] : childItemsOf(parent);
  return items.filter(({ occurrences }) => innermost === undefined || occurrences.at(-1) === innermost);
}

function isAloneInOptional({ groups }: Position): boolean {
  const innermost = groups.at(-1);
  const outer = groups.at(-2);
  const droppable = innermost?.min === 0 || outer?.kind === 'choice';
  return droppable && innermost?.items.length === 1;
}
