/** Header values by lower-case name, every occurrence kept, in order. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** Collects names and values as they alternate on the wire. */
export function collectHeaders(rawHeaders: readonly string[]): HeaderValues {
  const headers = new Map<string, string[]>();
  rawHeaders.forEach((value, index) => {
    if (index % 2 === 0) return;
    const name = String(rawHeaders[index - 1]).toLowerCase();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  });
  return headers;
}
