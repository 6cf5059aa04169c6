/** RFC 3339, UTC, milliseconds. */
export function toTime(instant: number): string {
  return new Date(instant).toISOString();
}
