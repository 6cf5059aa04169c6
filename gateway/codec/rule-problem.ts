/** What is wrong in a rule set, for whoever maintains it: which file, which row, what (Dutch). */
export interface RuleProblem {
  readonly file: string;
  readonly row: string;
  readonly problem: string;
}

/** The values that occur more than once, each once. */
export function findRepeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
