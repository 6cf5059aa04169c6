import { elementParticlesOf } from './xsd-derive.ts';
import type { ComplexType, ElementDeclaration, ElementParticle, GroupParticle, Particle } from './xsd-model.ts';

/** A place in the documents of a root element: an element as its parent's content model declares it there. */
export interface Position {
  readonly path: string;
  readonly element: ElementDeclaration;
  readonly type: ComplexType;
  readonly parent: Position | undefined;
  /** The particle that declares it and the groups around that, outermost first; the root has none. */
  readonly particle: ElementParticle | undefined;
  readonly groups: readonly GroupParticle[];
  /** The content model without groups that say nothing. */
  readonly content: GroupParticle | undefined;
  readonly children: ReadonlyMap<ElementParticle, Position>;
}

/** All that documents of the root element can hold; throws on a type that holds itself. */
export function positionsOf(root: ElementDeclaration): Position {
  return makePosition({ path: root.name, element: root, parent: undefined, particle: undefined, groups: [] });
}

/** The position and all below it. */
export function everyPosition(position: Position): readonly Position[] {
  return [position, ...[...position.children.values()].flatMap(everyPosition)];
}

/** Whether the position is the other one or stands above it. */
export function isAbove(position: Position, other: Position): boolean {
  return other === position || (other.parent !== undefined && isAbove(position, other.parent));
}

type Head = Pick<Position, 'path' | 'element' | 'parent' | 'particle' | 'groups'>;

function makePosition(head: Head): Position {
  if (head.path.split('/').length > MOST_LEVELS) throw new Error(`${head.path} is too deep`);
  const type = head.element.type();
  const content = type.content === undefined ? undefined : simplified(type.content);
  const children = new Map<ElementParticle, Position>();
  const position: Position = { ...head, type, content, children };
  for (const [particle, groups] of content === undefined ? [] : particlesIn(content, [])) {
    const { element } = particle;
    const path = `${head.path}/${element.name}`;
    children.set(particle, makePosition({ path, element, parent: position, particle, groups }));
  }
  return position;
}

function particlesIn(
  group: GroupParticle,
  around: readonly GroupParticle[],
): readonly (readonly [ElementParticle, readonly GroupParticle[]])[] {
  const groups = [...around, group];
  return group.items.flatMap((item) =>
    item.kind === 'element' ? [[item, groups] as const] : particlesIn(item, groups),
  );
}

// A sequence of one occurrence in a sequence says no more than its items do; a group without elements says nothing.
function simplified(particle: Particle): GroupParticle | undefined {
  if (particle.kind === 'element') throw new Error('a content model is a group');
  const items = particle.items.flatMap((item): readonly Particle[] => {
    if (item.kind === 'element') return item.max === 0 ? [] : [item];
    const inner = simplified(item);
    if (inner === undefined) return [];
    return particle.kind === 'sequence' && isPlain(inner) ? inner.items : [inner];
  });
  if (elementParticlesOf({ ...particle, items }).length === 0) return undefined;
  return { ...particle, items };
}

function isPlain(group: GroupParticle): boolean {
  return group.kind === 'sequence' && group.min === 1 && group.max === 1;
}

const MOST_LEVELS = 20;
