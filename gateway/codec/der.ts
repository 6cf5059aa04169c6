/** One DER value (X.690): its identifier octet and its content octets. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The members of a constructed value. Throws RangeError on what isn't DER with one-octet tags. */
export function readDerMembers(value: DerValue, tag: number = DER_TAGS.sequence): readonly DerValue[] {
  return readDerValues(ofDerType(value, tag).content);
}

/** The values that stand one after the other in the octets. Throws RangeError on what isn't DER with one-octet tags. */
export function readDerValues(octets: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let position = 0; position < octets.length;) {
    const { start, end } = readExtent(octets, position);
    values.push({ tag: octetAt(octets, position), content: octets.subarray(start, end) });
    position = end;
  }
  return values;
}

/** The value, if it is there and of this type. Throws RangeError when it isn't. */
export function ofDerType(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) throw new RangeError('another type than expected');
  return value;
}

/** The value, if it is there. Throws RangeError when it isn't. */
export function requiredDer(value: DerValue | undefined): DerValue {
  if (value === undefined) throw new RangeError('a part is missing');
  return value;
}

/** The dotted form of an OBJECT IDENTIFIER. Throws RangeError on another type or a number cut off. */
export function readOid(value: DerValue | undefined): string {
  if (value?.tag !== DER_TAGS.oid || (octetAt(value.content, value.content.length - 1) & 0x80) !== 0) {
    throw new RangeError('not an object identifier');
  }
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of value.content) {
    arc = arc * 0x80 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    // X.690 section 8.19.4: the first two arcs are one number.
    const first = Math.min(2, Math.floor(arc / 40));
    arcs.push(...(arcs.length === 0 ? [first, arc - 40 * first] : [arc]));
    arc = 0;
  }
  return arcs.join('.');
}

/** Identifier octets of X.680. */
export const DER_TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context3: 0xa3,
} as const;

interface Extent {
  readonly start: number;
  readonly end: number;
}

// X.690 sections 8.1.3 and 10.1: definite length, in as few octets as it takes.
function readExtent(octets: Uint8Array, position: number): Extent {
  const first = octetAt(octets, position + 1);
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  const start = position + 2 + lengthOctets;
  let length = first < 0x80 ? first : 0;
  for (let index = position + 2; index < start; index += 1) length = length * 0x100 + octetAt(octets, index);
  const isMinimal = first < 0x80 || (length >= 0x80 && length >= 0x100 ** (lengthOctets - 1));
  if (!isMinimal || start + length > octets.length) throw new RangeError('length is not DER');
  return { start, end: start + length };
}

function octetAt(octets: Uint8Array, position: number): number {
  const octet = octets[position];
  if (octet === undefined) throw new RangeError('cut off');
  return octet;
}
