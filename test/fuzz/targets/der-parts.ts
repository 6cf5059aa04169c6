import forge from 'node-forge';

/** The octets of the first member of a DER sequence, which is what an authority signs; undefined for anything else. */
export function signedPart(der: Buffer): string | undefined {
  try {
    const [first] = forge.asn1.fromDer(der.toString('latin1')).value as forge.asn1.Asn1[];
    return first === undefined ? undefined : forge.asn1.toDer(first).toHex();
  } catch {
    return undefined;
  }
}
