const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const STUF = 'http://www.egem.nl/StUF/StUF0301';
const BG = 'http://www.egem.nl/StUF/sector/bg/0310';

/** A schema file of a small koppelvlak. */
export function xsd(namespace: string, body: string): string {
  return `<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:StUF="${STUF}" xmlns:JZ="${JZ}" xmlns:BG="${BG}"
  targetNamespace="${namespace}" elementFormDefault="qualified">${body}</xs:schema>`;
}

/** The appinfo that names a version. */
export function patch(version: string): string {
  return `<xs:annotation><xs:appinfo><StUF:patch>${version}</StUF:patch></xs:appinfo></xs:annotation>`;
}

/**
 * The files of a koppelvlak in the form of the published one: one message of a version and the answers, in the folders and with the
 * names of the normative package. `broken` has its two faults.
 */
export function smallPackage(
  version: string,
  options: { readonly broken?: boolean; readonly extra?: string } = {},
): Map<string, string> {
  const { broken = false, extra = '' } = options;
  const slash = broken ? '\\' : '/';
  const simple = broken ? '' : '<xs:include schemaLocation="../../bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd"/>';
  return new Map([
    [
      'jz0100/jz0100_msg_totaal.xsd',
      xsd(
        JZ,
        `<xs:import namespace="${STUF}" schemaLocation="entiteiten${slash}jz0100_stuf0301.xsd"/>${patch(version)}
<xs:element name="vtoDi01"><xs:complexType><xs:sequence>
  <xs:element name="stuurgegevens" type="StUF:Stuurgegevens"/><xs:element name="toelichting" type="xs:string"/>${extra}
</xs:sequence></xs:complexType></xs:element>`,
      ),
    ],
    [
      'jz0100/entiteiten/jz0100_stuf0301.xsd',
      xsd(
        STUF,
        `<xs:include schemaLocation="../../0301/stuf0301.xsd"/>${simple}
<xs:complexType name="Stuurgegevens"><xs:sequence>
  <xs:element name="berichtcode" type="StUF:Berichtcode"/><xs:element name="referentienummer" type="xs:string"/>
  <xs:element name="functie" type="xs:string"/>
</xs:sequence></xs:complexType>`,
      ),
    ],
    [
      '0301/stuf0301.xsd',
      xsd(STUF, '<xs:element name="Bv01Bericht" type="xs:string"/><xs:element name="Bv03Bericht" type="xs:string"/>'),
    ],
    [
      'bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd',
      xsd(
        STUF,
        '<xs:simpleType name="Berichtcode"><xs:restriction base="xs:string"><xs:length value="4"/></xs:restriction></xs:simpleType>',
      ),
    ],
    ['jz0100/koppelvlak.wsdl', '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>'],
    ['LEESMIJ.txt', 'Lees mij.'],
  ]);
}

/** The same as bytes. */
export function toFiles(texts: ReadonlyMap<string, string>): ReadonlyMap<string, Buffer> {
  return new Map([...texts].map(([path, text]) => [path, Buffer.from(text)]));
}
