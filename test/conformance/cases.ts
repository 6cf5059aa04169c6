import { facetsAt } from './element-facets.ts';
import type { Facet, Probe, Site } from './facets.ts';
import { MINIMAL, MessageMaker, carrierOf, itemsOf, randomPlan, toXml, type Item, type Plan } from './messages.ts';
import type { Person } from './persons.ts';
import { everyPosition, positionsOf, type Position } from './positions.ts';
import { Random } from './random.ts';
import type { ElementDeclaration, Particle } from './xsd-model.ts';

/** A message to judge: valid by its making, or changed to try one facet. */
export interface Case {
  readonly text: string;
  readonly base: number;
  readonly facet?: Facet;
  readonly probe?: Probe;
}

/** What is to be made for one root element. */
export interface Order {
  readonly element: ElementDeclaration;
  readonly persons: readonly Person[];
  readonly seed: number;
  /** At least so many valid messages. */
  readonly valid: number;
  /** Every probe of every facet, and not just the first that must be accepted and the first that must be refused of every other. */
  readonly thorough: boolean;
}

/** The facets of a root element and the messages that try them. */
export interface CaseSet {
  readonly facets: readonly Facet[];
  /** The valid ones first; `base` of a changed one is the number of the valid one that it came from. */
  readonly cases: readonly Case[];
}

/** Makes valid messages that together hold everything the schema allows, and changes each facet in them. */
export function makeCases(order: Order): CaseSet {
  const random = new Random(order.seed);
  const root = positionsOf(order.element);
  const positions = everyPosition(root);
  const maker = new MessageMaker(root, order.persons, random);
  const messages = plansFor(positions, random, order.valid)
    .map((plan) => maker.make(plan))
    .map((message) => ({ message, text: toXml(message) }))
    .sort((a, b) => a.text.length - b.text.length);
  const valid = messages.map(({ text }, base): Case => ({ text, base }));
  const all = positions.flatMap(facetsAt);
  const facets = order.thorough ? all : everyOther(all, order.seed).map(thinned);
  const sites = sitesIn(messages.map(({ message }) => message));
  const changes = facets.flatMap((facet) => probesOn(facet, sites.get(facet.position) ?? [], random));
  return { facets, cases: [...valid, ...changes] };
}

function plansFor(positions: readonly Position[], random: Random, least: number): readonly Plan[] {
  const carriers = positions
    .filter(({ content }) => content !== undefined)
    .flatMap((position) =>
      Array.from({ length: alternativesIn(position.content) }, (_, turn) => carrierOf(position, turn)),
    );
  const fixed = [MINIMAL, randomPlan(random, 1), randomPlan(random, 0.8), ...carriers];
  const missing = Math.max(0, least - fixed.length);
  return [...fixed, ...Array.from({ length: missing }, () => randomPlan(random, random.between(5, 60) / 100))];
}

function alternativesIn(particle: Particle | undefined): number {
  if (particle === undefined || particle.kind === 'element') return 1;
  return Math.max(particle.kind === 'choice' ? particle.items.length : 1, ...particle.items.map(alternativesIn));
}

interface NumberedSite extends Site {
  readonly base: number;
}

function sitesIn(messages: readonly Item[]): ReadonlyMap<Position, readonly NumberedSite[]> {
  const items = new Map<Position, Item[]>();
  const sites = new Map<Position, NumberedSite[]>();
  for (const [base, root] of messages.entries()) {
    for (const [item, parents] of itemsOf(root)) {
      const others = items.get(item.position) ?? [];
      const known = sites.get(item.position) ?? [];
      others.push(item);
      known.push({ root, item, parents, others, base });
      items.set(item.position, others);
      sites.set(item.position, known);
    }
  }
  return sites;
}

// The next seed has the others.
function everyOther(facets: readonly Facet[], seed: number): readonly Facet[] {
  return facets.filter(({ extra }) => extra !== true).filter((_facet, index) => (index + seed) % 2 === 0);
}

// One probe tells little of a pattern: each of its parts may be wider.
function thinned(facet: Facet): Facet {
  if (facet.kind.includes('pattern ')) return facet;
  const firsts = [true, false].flatMap((accepted) => facet.probes.find((probe) => probe.accepted === accepted) ?? []);
  return { ...facet, probes: firsts };
}

// Small messages first; which of them is left to chance, so that the changes don't all meet the same values.
function probesOn(facet: Facet, sites: readonly NumberedSite[], random: Random): readonly Case[] {
  return facet.probes.flatMap((probe) => {
    const start = random.between(0, Math.min(SMALLEST, sites.length) - 1);
    for (let turn = 0; turn < sites.length; turn += 1) {
      const site = sites[(start + turn) % sites.length];
      const edit = site && probe.edit(site, random);
      if (site !== undefined && edit !== undefined)
        return [{ text: toXml(site.root, edit), base: site.base, facet, probe }];
    }
    return [];
  });
}

const SMALLEST = 4;
