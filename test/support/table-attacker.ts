/** A table with its totals as its last row and column; undefined is suppressed. */
export type Grid = readonly (readonly (number | undefined)[])[];

/** Each line of a table with what it adds up to: coefficients by place, whose sum is zero. */
function equationsOf(grid: Grid): readonly (readonly { readonly at: string; readonly sign: number }[])[] {
  const width = grid[0]?.length ?? 0;
  const place = (row: number, column: number): string => `${String(row)}/${String(column)}`;
  const rows = grid.map((line, row) =>
    line.map((_, column) => ({ at: place(row, column), sign: column === width - 1 ? -1 : 1 })),
  );
  const columns = (grid[0] ?? []).map((_, column) =>
    grid.map((__, row) => ({ at: place(row, column), sign: row === grid.length - 1 ? -1 : 1 })),
  );
  return [...rows, ...columns];
}

/** The places that linear algebra over all lines gives a value: Gauss–Jordan with exact (BigInt) fractions cleared. */
export function solve(grid: Grid): ReadonlyMap<string, number> {
  const hidden = grid.flatMap((line, row) =>
    line.flatMap((value, column) => (value === undefined ? [`${String(row)}/${String(column)}`] : [])),
  );
  const valueAt = (at: string): number => {
    const [row = 0, column = 0] = at.split('/').map(Number);
    return grid[row]?.[column] ?? 0;
  };
  const lines = equationsOf(grid).map((line) => {
    const row = hidden.map((at) => BigInt(line.find((term) => term.at === at)?.sign ?? 0));
    const right = line.reduce((sum, { at, sign }) => sum - sign * valueAt(at), 0);
    return [...row, BigInt(right)];
  });
  let done = 0;
  hidden.forEach((_, column) => {
    const found = lines.findIndex((line, index) => index >= done && line[column] !== 0n);
    const pivot = lines[found];
    if (pivot === undefined) return;
    lines.splice(found, 1);
    lines.splice(done, 0, pivot);
    const head = pivot[column] ?? 0n;
    lines.forEach((line, index) => {
      const factor = line[column] ?? 0n;
      if (index === done || factor === 0n) return;
      lines[index] = line.map((value, at) => value * head - (pivot[at] ?? 0n) * factor);
    });
    done += 1;
  });
  const values = lines.flatMap((line): (readonly [string, number])[] => {
    const terms = hidden.flatMap((at, index) => (line[index] === 0n ? [] : [{ at, factor: line[index] ?? 1n }]));
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? [[only.at, Number((line.at(-1) ?? 0n) / only.factor)]] : [];
  });
  return new Map(values);
}

/** The most each hidden place can be, as far as whoever goes on from line to line gets, knowing that none is zero. */
export function boundsOf(grid: Grid): ReadonlyMap<string, number> {
  const low = new Map<string, number>();
  const high = new Map<string, number>();
  grid.forEach((line, row) => {
    line.forEach((value, column) => {
      low.set(`${String(row)}/${String(column)}`, value ?? 1);
      high.set(`${String(row)}/${String(column)}`, value ?? Number.POSITIVE_INFINITY);
    });
  });
  const narrow = (line: readonly { readonly at: string; readonly sign: number }[]): boolean =>
    line
      .map(({ at, sign }) => {
        // sign·x = −Σ of the others
        const others = line.filter((term) => term.at !== at);
        const most = -others.reduce((sum, term) => sum + term.sign * (boundOf(term, 'low') ?? 0), 0);
        const least = -others.reduce((sum, term) => sum + term.sign * (boundOf(term, 'high') ?? 0), 0);
        const [from, to] = sign > 0 ? [least, most] : [-most, -least];
        const isNarrower = from > (low.get(at) ?? 0) || to < (high.get(at) ?? 0);
        low.set(at, Math.max(from, low.get(at) ?? 0));
        high.set(at, Math.min(to, high.get(at) ?? 0));
        return isNarrower;
      })
      .includes(true);
  const boundOf = ({ at, sign }: { readonly at: string; readonly sign: number }, end: 'low' | 'high') =>
    ((end === 'low') === sign > 0 ? low : high).get(at);
  const lines = equationsOf(grid);
  for (let round = 0; round < 100 && lines.map(narrow).includes(true); round += 1);
  return high;
}
