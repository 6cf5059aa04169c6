import forge from 'node-forge';

const { asn1 } = forge;
const { Class, Type } = asn1;

/** One ASN.1 value, ready to be nested in another or written with `toDer`. */
export type Node = forge.asn1.Asn1;

export const sequence = (...members: readonly Node[]): Node => constructed(Type.SEQUENCE, members);

/** A SET OF: its members stand in the order of their encodings, as DER asks (X.690 §11.6). */
export const setOf = (...members: readonly Node[]): Node =>
  constructed(
    Type.SET,
    [...members].sort((left, right) => Buffer.compare(toDer(left), toDer(right))),
  );

export const oid = (dotted: string): Node => primitive(Type.OID, asn1.oidToDer(dotted).getBytes());

export const nothing = (): Node => primitive(Type.NULL, '');

export const boolean = (value: boolean): Node => primitive(Type.BOOLEAN, value ? '\xff' : '\x00');

/** An INTEGER from its big-endian two's complement octets. */
export const integer = (octets: Uint8Array): Node => primitive(Type.INTEGER, toBinary(octets));

export const octetString = (octets: Uint8Array): Node => primitive(Type.OCTETSTRING, toBinary(octets));

export const bitString = (octets: Uint8Array, unusedBits = 0): Node =>
  primitive(Type.BITSTRING, String.fromCharCode(unusedBits) + toBinary(octets));

export const utf8String = (text: string): Node => primitive(Type.UTF8, forge.util.encodeUtf8(text));

/** A PrintableString; throws a RangeError on characters the type does not have (X.680 §41.4). */
export function printableString(text: string): Node {
  if (!/^[A-Za-z0-9 '()+,./:=?-]*$/.test(text)) throw new RangeError('not a PrintableString');
  return primitive(Type.PRINTABLESTRING, text);
}

/** A Time: UTCTime through 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export const time = (instant: Date): Node =>
  instant.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, asn1.dateToUtcTime(instant))
    : primitive(Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(instant));

/** A context-specific tag number in use here. */
export type Tag = keyof typeof TAGS;

/** A context-specific value with an explicit tag around `inner`. */
export const explicit = (tag: Tag, inner: Node): Node => asn1.create(Class.CONTEXT_SPECIFIC, TAGS[tag], true, [inner]);

/** A context-specific primitive value with an implicit tag. */
export const implicit = (tag: Tag, octets: Uint8Array): Node =>
  asn1.create(Class.CONTEXT_SPECIFIC, TAGS[tag], false, toBinary(octets));

export const toDer = (node: Node): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1');

/** Reads one DER value so that it can be nested; throws if it would not be written back octet for octet. */
export function fromDer(der: Uint8Array): Node {
  const node = asn1.fromDer(toBinary(der));
  if (!toDer(node).equals(der)) throw new RangeError('not DER');
  return node;
}

const toBinary = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

const primitive = (type: forge.asn1.Type, value: string): Node => asn1.create(Class.UNIVERSAL, type, false, value);

const constructed = (type: forge.asn1.Type, members: readonly Node[]): Node =>
  asn1.create(Class.UNIVERSAL, type, true, [...members]);

// The library types every tag number by the name of the universal type that has it.
const TAGS = { 0: Type.NONE, 2: Type.INTEGER, 3: Type.BITSTRING, 7: Type.ODESC } as const;
