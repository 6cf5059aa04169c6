import type { Facet, Probe, Site } from './facets.ts';
import { changed, childItemsOf, type Item } from './messages.ts';
import type { Position } from './positions.ts';
import { elementParticlesOf } from './xsd-derive.ts';
import type { GroupParticle, Particle } from './xsd-model.ts';

/** The facets of the groups in the content model at the position: order, occurrence and choice. */
export function groupFacets(position: Position): readonly Facet[] {
  const { content } = position;
  return content === undefined ? [] : facetsOf(position, content, { within: [], repeats: false });
}

interface Around {
  readonly within: readonly number[];
  /** Whether a group around it may stand more than once; then order and number are looser than the group alone says. */
  readonly repeats: boolean;
}

function facetsOf(position: Position, group: GroupParticle, around: Around): readonly Facet[] {
  const label = `group${around.within.map((index) => `.${String(index + 1)}`).join('')}`;
  const repeats = around.repeats || group.max > 1;
  const own = [
    ...(group.kind === 'sequence' && !repeats ? orderFacets(group) : []),
    ...(group.kind === 'choice' ? choiceFacets(group, label) : []),
    ...occurrenceFacets(group, label, around.repeats),
  ];
  const inner = group.items.flatMap((item, index) =>
    item.kind === 'element' ? [] : facetsOf(position, item, { within: [...around.within, index], repeats }),
  );
  return [...own.map((facet) => ({ position, ...facet })), ...inner];
}

type GroupFacet = Pick<Facet, 'kind' | 'probes'>;

function orderFacets(group: GroupParticle): readonly GroupFacet[] {
  return group.items.slice(1).map((second, index) => {
    const first = group.items[index] ?? second;
    const swapped: Probe = {
      name: 'after its neighbour',
      accepted: false,
      edit: ({ item }) => {
        const [before, after] = [itemsOfParticle(item, first), itemsOfParticle(item, second)];
        if (before.length === 0 || after.length === 0) return undefined;
        const moved = new Set(before);
        const last = after.at(-1);
        return changed(item, {
          content: item.content
            .filter((child) => !moved.has(child as Item))
            .flatMap((child) => (child === last ? [child, ...before] : [child])),
        });
      },
    };
    return { kind: `order of ${labelOf(first)}`, probes: [swapped] };
  });
}

function choiceFacets(group: GroupParticle, label: string): readonly GroupFacet[] {
  const alternatives = group.items.map((alternative) => ({
    kind: `${label} alternative ${labelOf(alternative)}`,
    probes: [
      {
        name: 'chosen',
        accepted: true,
        edit: ({ item }: Site) => (itemsOfParticle(item, alternative).length === 0 ? undefined : new Map()),
      },
    ],
  }));
  if (group.max > 1) return alternatives;
  const exclusive = group.items.slice(1).map((alternative, index): Probe => ({
    name: `with ${labelOf(alternative)}`,
    accepted: false,
    edit: (site) => withBoth(site, group.items[index] ?? alternative, alternative),
  }));
  return exclusive.length === 0 ? alternatives : [...alternatives, { kind: `${label} exclusive`, probes: exclusive }];
}

// The second alternative is borrowed from a message that chose it.
function withBoth({ item, others }: Site, first: Particle, second: Particle): ReturnType<Probe['edit']> {
  const present = itemsOfParticle(item, first);
  const borrowed = others.map((other) => itemsOfParticle(other, second)).find((items) => items.length > 0);
  const last = present.at(-1);
  if (last === undefined || borrowed === undefined) return undefined;
  return changed(item, { content: item.content.flatMap((child) => (child === last ? [child, ...borrowed] : [child])) });
}

function occurrenceFacets(group: GroupParticle, label: string, repeats: boolean): readonly GroupFacet[] {
  const isPlain = group.kind === 'sequence' && group.min === 1 && group.max === 1;
  const times = (count: number, accepted: boolean): Probe => ({
    name: `${String(count)} times`,
    accepted,
    edit: (site) => withOccurrences(site, group, count),
  });
  const facets: GroupFacet[] = [];
  if (isPlain) return facets;
  if (group.min === 0) facets.push({ kind: `${label} optional`, probes: [times(0, true)] });
  else if (!canBeEmpty(group)) facets.push({ kind: `${label} required`, probes: [times(group.min - 1, false)] });
  // Twice the group may be once the group with more in it.
  const absorbs = group.items.some(({ max }) => max > 1);
  if (group.max !== Infinity && !repeats && !absorbs) {
    const most = group.max > 1 ? [times(group.max, true)] : [];
    facets.push({ kind: `${label} max-occurs`, probes: [...most, times(group.max + 1, false)] });
  }
  return facets;
}

// As many occurrences as asked for, by leaving out or repeating those that are there.
function withOccurrences({ item }: Site, group: GroupParticle, count: number): ReturnType<Probe['edit']> {
  const inside = childItemsOf(item).filter(({ occurrences }) => occurrences.some((one) => one.group === group));
  const [first] = inside;
  if (first === undefined) return undefined;
  const times = new Set(inside.map(({ occurrences }) => occurrences.find((one) => one.group === group)));
  const ofOccurrence = [...times].map((time) =>
    inside.filter(({ occurrences }) => occurrences.some((one) => one === time)),
  );
  const filled = Array.from({ length: count }, (_, index) => ofOccurrence[index % ofOccurrence.length] ?? []).flat();
  const all = new Set<unknown>(inside);
  const at = item.content.indexOf(first);
  const content = item.content.filter((child) => !all.has(child));
  return changed(item, { content: [...content.slice(0, at), ...filled, ...content.slice(at)] });
}

function itemsOfParticle(item: Item, particle: Particle): readonly Item[] {
  const particles = new Set(elementParticlesOf(particle));
  return childItemsOf(item).filter(
    ({ position }) => position.particle !== undefined && particles.has(position.particle),
  );
}

function canBeEmpty(particle: Particle): boolean {
  if (particle.min === 0) return true;
  if (particle.kind === 'element') return false;
  return particle.kind === 'choice' ? particle.items.some(canBeEmpty) : particle.items.every(canBeEmpty);
}

function labelOf(particle: Particle): string {
  const [first] = elementParticlesOf(particle);
  return first?.element.name ?? '';
}
