import type { Facet, Probe, Site } from './facets.ts';
import { changed, type AttributeValue, type Edit } from './messages.ts';
import type { Position } from './positions.ts';
import { namedFacets, type ValueFacet } from './value-facets.ts';
import { violationsOf } from './values.ts';
import type { AttributeUse } from './xsd-model.ts';

/** The facets of the attributes that an element at the position may carry. */
export function attributeFacets(position: Position): readonly Facet[] {
  const unknown = (attribute: AttributeValue): Probe => ({
    name: `unknown ${attribute.namespace}`,
    accepted: false,
    edit: ({ item }) => changed(item, { attributes: [...item.attributes, attribute] }),
  });
  const closed: Facet = {
    position,
    kind: 'attributes closed',
    probes: [
      unknown({ name: 'onbekend', namespace: '', value: 'x' }),
      unknown({ name: 'onbekend', namespace: 'http://www.egem.nl/StUF/StUF0301', value: 'x' }),
    ],
  };
  const { attributes } = position.type;
  return [closed, ...attributes.flatMap((use) => useFacets(position, use))];
}

function useFacets(position: Position, use: AttributeUse): readonly Facet[] {
  const label = `@${use.name}`;
  const without: Probe = {
    name: 'without',
    accepted: !use.required,
    edit: (site) => withAttribute(site, use, () => []),
  };
  const namespace = use.namespace === '' ? 'http://www.egem.nl/StUF/StUF0301' : '';
  const misplaced: Probe = {
    name: 'in another namespace',
    accepted: false,
    edit: (site) => withAttribute(site, use, (attribute) => [{ ...attribute, namespace }]),
  };
  // The same name may also be allowed in the other namespace.
  const twin = position.type.attributes.some((other) => other.name === use.name && other.namespace === namespace);
  const put =
    (value: string): Probe['edit'] =>
    (site) =>
      withAttribute(site, use, (attribute) => [{ ...attribute, value }]);
  const values =
    use.fixed === undefined ? [...namedFacets(use.type, put), emptyFacet(use, put)] : [fixedFacet(use.fixed, put)];
  const facets: readonly ValueFacet[] = [
    { kind: use.required ? 'required' : 'optional', probes: [without] },
    ...(twin ? [] : [{ kind: 'name', probes: [misplaced] }]),
    ...values,
  ];
  return facets.map((facet) => ({ ...facet, position, kind: `${label} ${facet.kind}` }));
}

function fixedFacet(fixed: string, put: (value: string) => Probe['edit']): ValueFacet {
  const wrong = ['', `${fixed}X`, fixed.toLowerCase() === fixed ? fixed.toUpperCase() : fixed.toLowerCase()];
  return {
    kind: 'fixed',
    probes: wrong.map((value) => ({ name: `"${value}"`, accepted: false, edit: put(value) })),
  };
}

function emptyFacet({ type }: AttributeUse, put: (value: string) => Probe['edit']): ValueFacet {
  return {
    kind: 'value',
    probes: [{ name: 'empty', accepted: violationsOf(type, '').length === 0, edit: put('') }],
    extra: true,
  };
}

function withAttribute(
  { item }: Site,
  use: AttributeUse,
  replace: (attribute: AttributeValue) => readonly AttributeValue[],
): Edit | undefined {
  if (!item.attributes.some((attribute) => attribute.use === use)) return undefined;
  const attributes = item.attributes.flatMap((attribute) => (attribute.use === use ? replace(attribute) : [attribute]));
  return changed(item, { attributes });
}
