import type {
  AttributeUse,
  ComplexType,
  ElementDeclaration,
  ElementParticle,
  FacetStep,
  Particle,
  SimpleType,
} from './xsd-model.ts';
import { childOf, childrenOf, componentKey, resolveName, type XsdComponents, type XsdNode } from './xsd-source.ts';

/** Resolves the components of a set of schema documents, as far as the StUF schemas use XSD; throws on what they don't use. */
export class XsdTypes {
  private readonly components: XsdComponents;
  private readonly complexTypes = new Map<XsdNode, ComplexType>();

  constructor(components: XsdComponents) {
    this.components = components;
  }

  /** The global element of that name. */
  element(name: string): ElementDeclaration {
    return this.declaration(this.find('element', name));
  }

  private declaration(node: XsdNode): ElementDeclaration {
    const reference = node.attributes['ref'];
    if (reference !== undefined) return this.declaration(this.find('element', resolveName(node, reference)));
    const isGlobal = this.components.get(componentKey('element', ownName(node))) === node;
    return {
      name: node.attributes['name'] ?? '',
      namespace: isGlobal || node.schema.qualifiedElements ? node.schema.targetNamespace : '',
      nillable: node.attributes['nillable'] === 'true',
      fixed: node.attributes['fixed'],
      type: () => this.elementType(node),
    };
  }

  private elementType(node: XsdNode): ComplexType {
    const local = childOf(node, 'complexType');
    if (local !== undefined) return this.complexType(local);
    const name = node.attributes['type'];
    if (name === undefined) throw new Error(`element ${ownName(node)} without a type`);
    const global = this.components.get(componentKey('complexType', resolveName(node, name)));
    if (global !== undefined) return this.complexType(global);
    const simple = this.simpleTypeNamed(resolveName(node, name));
    return { name: simple.name, content: undefined, simple, attributes: [] };
  }

  private complexType(node: XsdNode): ComplexType {
    const known = this.complexTypes.get(node);
    if (known !== undefined) return known;
    const made = this.makeComplexType(node);
    this.complexTypes.set(node, made);
    return made;
  }

  private makeComplexType(node: XsdNode): ComplexType {
    if (node.attributes['mixed'] === 'true' || childOf(node, 'anyAttribute') !== undefined)
      throw new Error(`${ownName(node)}: mixed content and anyAttribute are not read`);
    const name = ownName(node);
    const body = childOf(node, 'simpleContent', 'complexContent');
    const derivation = body === undefined ? undefined : childOf(body, 'extension', 'restriction');
    if (body === undefined || derivation === undefined)
      return { name, content: this.contentOf(node), simple: undefined, attributes: this.attributesOf(node, []) };
    const base = this.base(derivation);
    const attributes = this.attributesOf(derivation, base.attributes);
    const isExtension = derivation.tag === 'extension';
    if (body.tag === 'simpleContent')
      return { name, content: undefined, simple: this.simpleContent(derivation, base), attributes };
    const own = this.contentOf(derivation);
    return { name, content: isExtension ? joined(base.content, own) : own, simple: undefined, attributes };
  }

  private simpleContent(derivation: XsdNode, base: ComplexType): SimpleType {
    const { simple } = base;
    if (simple === undefined) throw new Error(`${base.name} has no simple content`);
    if (derivation.tag === 'extension') return simple;
    const inner = childOf(derivation, 'simpleType');
    return restricted(inner === undefined ? simple : this.simpleType(inner), derivation, simple.name);
  }

  private base(derivation: XsdNode): ComplexType {
    const name = resolveName(derivation, derivation.attributes['base'] ?? '');
    const complex = this.components.get(componentKey('complexType', name));
    if (complex !== undefined) return this.complexType(complex);
    const simple = this.simpleTypeNamed(name);
    return { name, content: undefined, simple, attributes: [] };
  }

  private contentOf(node: XsdNode): Particle | undefined {
    const model = childOf(node, 'sequence', 'choice', 'group', 'all');
    return model === undefined ? undefined : this.particle(model);
  }

  private particle(node: XsdNode): Particle {
    const min = Number(node.attributes['minOccurs'] ?? '1');
    const most = node.attributes['maxOccurs'] ?? '1';
    const max = most === 'unbounded' ? Infinity : Number(most);
    switch (node.tag) {
      case 'element':
        return { kind: 'element', element: this.declaration(node), min, max };
      case 'sequence':
      case 'choice':
        return { kind: node.tag, items: node.children.map((child) => this.particle(child)), min, max };
      default:
        throw new Error(`${node.tag} in a content model is not read (${node.schema.file})`);
    }
  }

  private attributesOf(node: XsdNode, inherited: readonly AttributeUse[]): readonly AttributeUse[] {
    const uses = new Map(inherited.map((use) => [attributeKey(use), use]));
    for (const group of childrenOf(node, 'attributeGroup')) {
      const found = this.find('attributeGroup', resolveName(group, group.attributes['ref'] ?? ''));
      for (const use of this.attributesOf(found, [])) uses.set(attributeKey(use), use);
    }
    for (const attribute of childrenOf(node, 'attribute')) {
      const use = this.attributeUse(attribute);
      if (attribute.attributes['use'] === 'prohibited') uses.delete(attributeKey(use));
      else uses.set(attributeKey(use), use);
    }
    return [...uses.values()];
  }

  private attributeUse(node: XsdNode): AttributeUse {
    const reference = node.attributes['ref'];
    const global = reference === undefined ? undefined : this.find('attribute', resolveName(node, reference));
    const declared = global ?? node;
    const qualified = global !== undefined || node.schema.qualifiedAttributes;
    return {
      name: declared.attributes['name'] ?? '',
      namespace: qualified ? declared.schema.targetNamespace : '',
      type: this.attributeType(declared),
      required: node.attributes['use'] === 'required',
      fixed: node.attributes['fixed'] ?? declared.attributes['fixed'],
    };
  }

  private attributeType(node: XsdNode): SimpleType {
    const local = childOf(node, 'simpleType');
    if (local !== undefined) return this.simpleType(local);
    return this.simpleTypeNamed(resolveName(node, node.attributes['type'] ?? ''));
  }

  private simpleTypeNamed(name: string): SimpleType {
    if (name.startsWith(XSD)) return { name, builtin: name.slice(XSD.length), steps: [] };
    return this.simpleType(this.find('simpleType', name));
  }

  private simpleType(node: XsdNode): SimpleType {
    const restriction = childOf(node, 'restriction');
    if (restriction === undefined) throw new Error(`${ownName(node)}: union and list are not read`);
    const inner = childOf(restriction, 'simpleType');
    const base =
      inner === undefined
        ? this.simpleTypeNamed(resolveName(restriction, restriction.attributes['base'] ?? ''))
        : this.simpleType(inner);
    return restricted(base, restriction, ownName(node));
  }

  private find(kind: string, name: string): XsdNode {
    const found = this.components.get(componentKey(kind, name));
    if (found === undefined) throw new Error(`no ${kind} ${name}`);
    return found;
  }
}

/** The element particles of a content model in document order. */
export function elementParticlesOf(particle: Particle | undefined): readonly ElementParticle[] {
  if (particle === undefined) return [];
  return particle.kind === 'element' ? [particle] : particle.items.flatMap(elementParticlesOf);
}

function joined(base: Particle | undefined, own: Particle | undefined): Particle | undefined {
  if (base === undefined || own === undefined) return base ?? own;
  return { kind: 'sequence', items: [base, own], min: 1, max: 1 };
}

function restricted(base: SimpleType, restriction: XsdNode, name: string): SimpleType {
  const valuesOf = (tag: string): readonly string[] =>
    childrenOf(restriction, tag).map((facet) => facet.attributes['value'] ?? '');
  const unknown = restriction.children.find(({ tag }) => !KNOWN.has(tag));
  if (unknown !== undefined) throw new Error(`facet ${unknown.tag} of ${name} is not read`);
  const limits = LIMITS.flatMap((tag) => valuesOf(tag).map((value): [string, number] => [tag, Number(value)]));
  const step: FacetStep = {
    patterns: valuesOf('pattern'),
    enumeration: valuesOf('enumeration'),
    limits: Object.fromEntries(limits),
  };
  const empty = step.patterns.length + step.enumeration.length + limits.length === 0;
  return { name, builtin: base.builtin, steps: empty ? base.steps : [...base.steps, step] };
}

function attributeKey(use: AttributeUse): string {
  return `{${use.namespace}}${use.name}`;
}

function ownName(node: XsdNode): string {
  return `{${node.schema.targetNamespace}}${node.attributes['name'] ?? ''}`;
}

const XSD = '{http://www.w3.org/2001/XMLSchema}';
const LIMITS = [
  'length',
  'minLength',
  'maxLength',
  'minInclusive',
  'maxInclusive',
  'totalDigits',
  'fractionDigits',
] as const;
const KNOWN = new Set<string>([...LIMITS, 'pattern', 'enumeration', 'attribute', 'attributeGroup', 'simpleType']);
