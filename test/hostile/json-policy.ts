/** Why a vector that RFC 8259 allows is refused; undefined for one that isn't. */
export function refusedByPolicy(name: string): string | undefined {
  return REFUSED.get(name);
}

const TWICE =
  'A name twice: RFC 8259 section 4 allows it and says that readers then differ, so one bericht would have two meanings.';
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['y_object_duplicated_key.json', TWICE],
  ['y_object_duplicated_key_and_value.json', TWICE],
]);
