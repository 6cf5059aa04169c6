/** One thing that was checked, and what came of it. Name and detail are Dutch, for the reader. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** A check with its outcome; the detail of a failure says what is wrong. */
export function check(name: string, passed: boolean, detail: { readonly good: string; readonly bad: string }): Check {
  return { name, passed, detail: passed ? detail.good : detail.bad };
}

/** Whether every check passed, and there was one. */
export function allPassed(checks: readonly Check[]): boolean {
  return checks.length > 0 && checks.every(({ passed }) => passed);
}
