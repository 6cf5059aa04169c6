import { describe, expect, it } from '@jest/globals';
import { scanXml, XML_LIMITS } from '../../../gateway/codec/xml-scan.ts';
import type { XmlFacts, XmlLimits } from '../../../gateway/codec/xml-scan.ts';

function scan(text: string | Uint8Array, limits: Partial<XmlLimits> = {}): XmlFacts | string {
  const scanned = scanXml(typeof text === 'string' ? Buffer.from(text) : text, { ...XML_LIMITS, ...limits });
  return scanned.ok ? scanned.value : scanned.error.code;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('scanXml', () => {
  it.each([
    '<r/>',
    '<r a="1" b = \'2>3\' />',
    '<r\n><a>tekst &amp; meer</a >\n</r >',
    '<?xml version="1.0"?><r/>',
    '<?xml version=\'1.0\' encoding="utf-8" standalone="no" ?>\n<r/>',
    '<?xml\tversion="1.0" encoding="UTF-8"?><r/>',
    '<?xml-stylesheet href="x"?><r/>',
    '<!-- <!DOCTYPE r> --><r><![CDATA[<!DOCTYPE ]]]><?stuur <!ENTITY ?></r><?na?>',
    '  <r>é €  𐍈</r>\n\t\r',
    '<r xmlns="urn:r" xmlns:b="urn:b"><b:c/></r>',
  ])('accepts %j', (text) => {
    expect(scan(text)).toMatchObject({ hugeText: false });
  });

  it.each([
    ['UTF-8 octets that are none', Buffer.from([0x3c, 0x72, 0x2f, 0x3e, 0xc3, 0x28])],
    ['a byte order mark', Buffer.from('\ufeff<r/>')],
    ['UTF-16 with a byte order mark', utf16('\ufeff<r/>')],
    ['UTF-16 without one', utf16('<?xml version="1.0"?><r/>')],
    ['UTF-32', Buffer.from([0, 0, 0, 0x3c])],
    ['another encoding in the declaration', '<?xml version="1.0" encoding="ISO-8859-1"?><r/>'],
    ['another encoding after a tab', '<?xml\tversion="1.0"\nencoding="UTF-16"?><r/>'],
    ['UTF-7', '<?xml version="1.0" encoding="UTF-7"?><r/>'],
  ])('refuses %s as not UTF-8', (_name, text) => {
    expect(scan(text)).toBe('ERR_ENCODING_NOT_UTF8');
  });

  it.each([
    '<!DOCTYPE r><r/>',
    '<!doctype r><r/>',
    '<r><!ENTITY x "y"></r>',
    '<!-x--><r/>',
    '<r><![IGNORE[x]]></r>',
    '<r/><!DOCTYPE r SYSTEM "file:///etc/passwd">',
  ])('refuses the declaration in %j', (text) => {
    expect(scan(text)).toBe('ERR_XML_DOCTYPE');
  });

  it.each([
    '',
    ' ',
    'tekst',
    '<?xml version="1.1"?><r/>',
    '<?xml version="1.0" encoding="UTF-8"',
    `<?xml version="1.0"${' '.repeat(300)}?><r/>`,
    '<?xml standalone="yes"?><r/>',
    '<?xml?><r/>',
    '<r><?xml\n?></r>',
    '<r><?xml version="1.0"?></r>',
    '<r>',
    '<r',
    '<r/',
    '<r/ >',
    '<',
    '< r/>',
    '<r a/>',
    '<r a="1/>',
    '<r a=1/>',
    '<r a="1\'/>',
    '<r a="<"/>',
    '<r =""/>',
    '</r>',
    '<r></r></r>',
    '<r></r',
    '<r/><r/>',
    '<r/>tekst',
    'tekst<r/>',
    '<![CDATA[x]]><r/>',
    '<r><![CDATA[x</r>',
    '<r><!-- x</r>',
    '<r><!--></r>',
    '<r><?x</r>',
  ])('refuses %j as malformed', (text) => {
    expect(scan(text)).toBe('ERR_XML_MALFORMED');
  });

  it('accepts what stands at each limit and refuses one more', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    const attributes = (count: number): string =>
      Array.from({ length: count }, (_, i) => ` a${String(i)}="1"`).join('');
    const namespaces = (count: number): string =>
      Array.from({ length: count }, (_, i) => ` xmlns:a${String(i)}="u"`).join('');
    const cases: readonly [Partial<XmlLimits>, string, string][] = [
      [{ depth: 3 }, nested(3), nested(4)],
      [{ elements: 3 }, '<r><a/><a/></r>', '<r><a/><a/><a/></r>'],
      [{ attributesPerElement: 2 }, `<r${attributes(2)}/>`, `<r${attributes(3)}/>`],
      [{ attributes: 3 }, `<r${attributes(2)}><a b="1"/></r>`, `<r${attributes(2)}><a b="1" c="1"/></r>`],
      [{ nameLength: 3 }, '<abc/>', '<abcd/>'],
      [{ nameLength: 3 }, '<r abc=""/>', '<r abcd=""/>'],
      [{ nameLength: 3 }, '<r></r>', `<r></r${' '.repeat(100)}>`],
      [{ namespaces: 2 }, `<r${namespaces(2)}/>`, `<r${namespaces(2)}><a xmlns=""/></r>`],
      [
        { namespacesInScope: 3 },
        `<r${namespaces(2)}><a${namespaces(1)}/><a${namespaces(1)}/></r>`,
        `<r${namespaces(2)}><a${namespaces(2)}/></r>`,
      ],
      [{ notes: 2 }, '<!----><r><?x?></r>', '<!----><r><?x?><!----></r>'],
    ];
    for (const [limits, within, beyond] of cases) {
      expect([limits, scan(within, limits)]).toEqual([limits, expect.objectContaining({ hugeText: false })]);
      expect([limits, scan(beyond, limits)]).toEqual([limits, 'ERR_XML_LIMIT']);
    }
  });

  it('has the limits of the profile by default', () => {
    expect(scanXml(Buffer.from('<a>'.repeat(64) + '</a>'.repeat(64))).ok).toBe(true);
    expect(scanXml(Buffer.from('<a>'.repeat(65) + '</a>'.repeat(65)))).toMatchObject({
      error: { code: 'ERR_XML_LIMIT' },
    });
  });

  it('says which text needs the parser in HUGE mode, wherever it stands', () => {
    const long = 'x'.repeat(9_000_001);
    for (const text of [`<r>${long}</r>`, `<r a="${long}"/>`, `<r><![CDATA[${long}]]></r>`, `<r><!--${long}--></r>`]) {
      expect(scan(text)).toMatchObject({ hugeText: true, largestText: 9_000_001 });
    }
    expect(scan(`<r>${long.slice(1)}</r>`)).toMatchObject({ hugeText: false, largestText: 9_000_000 });
  });

  it('sees comments and instructions, and those that split a value', () => {
    const none = { hasComment: false, hasProcessingInstruction: false, splitsText: false };
    expect(scan('<?xml version="1.0"?><r>a</r>')).toMatchObject(none);
    expect(scan('<!--x--><r> <!--y--> <a>1</a></r>')).toMatchObject({ ...none, hasComment: true });
    expect(scan('<r><?x y?></r>')).toMatchObject({ ...none, hasProcessingInstruction: true });
    expect(scan('<r><a>12<!--x-->3</a></r>')).toMatchObject({ splitsText: true });
    expect(scan('<r><a><!--x-->3</a></r>')).toMatchObject({ splitsText: true });
    expect(scan('<r><a>3<?x?></a></r>')).toMatchObject({ splitsText: true });
    expect(scan('<r><a><![CDATA[3]]><?x?></a></r>')).toMatchObject({ splitsText: true });
    expect(scan('<r><a>&#49;<!--x--></a></r>')).toMatchObject({ splitsText: true });
    expect(scan('<r><a>3</a><a><!--x--></a></r>')).toMatchObject({ splitsText: false });
  });

  it('finds the end tag of the root', () => {
    expect(scan('<r><a></a></r >\n<!-- </r> -->')).toMatchObject({ rootEnd: 10 });
    expect(scan('<r/>')).toMatchObject({ rootEnd: undefined });
  });

  it('takes time in proportion to the size, whatever is repeated', () => {
    const time = (text: Buffer): number => {
      const start = performance.now();
      scanXml(text);
      return performance.now() - start;
    };
    for (const piece of [']]', '--', '<!--', '<![CDATA[', '?', '<?', '<a ', 'a="', '&', ']]>', '<', '</']) {
      const large = Buffer.from(`<r>${piece.repeat(2_000_000 / piece.length)}`);
      expect([piece, time(large) < 5000]).toEqual([piece, true]);
    }
    const sections = Buffer.from(`<r>${'<![CDATA[]]]]]]>'.repeat(100_000)}</r>`);
    expect(time(sections)).toBeLessThan(5000);
  });
});
