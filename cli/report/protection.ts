/** A place in a table with totals. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * The places to hide in a table whose last row and column are totals: all counts below `smallest` but zero, and what else
 * it takes that each of those could as well be `smallest`. The table is seen as a circulation: a cell and the grand total
 * run from row to column, a total of one line the other way, so that what comes into a line leaves it. Values that fit
 * what is shown are then the circulations that differ in hidden places alone, and how far one can rise is a question of flow.
 */
export function findHidden(table: readonly (readonly number[])[], smallest: number): readonly Place[] {
  const rows = table.map((_, index) => newNode(index));
  const columns = (table[0] ?? []).map((_, index) => newNode(index));
  const total = table.at(-1)?.at(-1) ?? 0;
  const arcs = rows.flatMap((row) =>
    columns.flatMap((column) => {
      const value = table[row.index]?.[column.index] ?? 0;
      return value === 0 ? [] : [newArc({ row, column, value }, { rows, columns, total })];
    }),
  );
  // Hiding more never narrows what a reader must hold possible: what is protected stays so.
  for (const arc of arcs) if (arc.value < smallest) protect(arc, smallest);
  return arcs.filter((arc) => arc.isHidden);
}

interface Node {
  readonly index: number;
  readonly arcs: Arc[];
}

/** A count that isn't zero. */
interface Arc extends Place {
  readonly value: number;
  readonly from: Node;
  readonly to: Node;
  readonly cost: number;
  isHidden: boolean;
}

function newNode(index: number): Node {
  return { index, arcs: [] };
}

function newArc(
  { row, column, value }: { readonly row: Node; readonly column: Node; readonly value: number },
  {
    rows,
    columns,
    total,
  }: { readonly rows: readonly Node[]; readonly columns: readonly Node[]; readonly total: number },
): Arc {
  const isRowTotal = column === columns.at(-1);
  const isColumnTotal = row === rows.at(-1);
  const [from, to] = isRowTotal === isColumnTotal ? [row, column] : [column, row];
  // What is lost by hiding it; any total is dearer than all cells together.
  const cost = value + (isRowTotal || isColumnTotal ? total : 0);
  const arc = { row: row.index, column: column.index, value, from, to, cost, isHidden: false };
  from.arcs.push(arc);
  to.arcs.push(arc);
  return arc;
}

/** By how much the value of an arc differs from the true one, in a table that a reader can't tell from it. */
type Change = Map<Arc, number>;

interface Step {
  readonly arc: Arc;
  readonly isForward: boolean;
  readonly origin: Node;
}

function protect(arc: Arc, atLeast: number): void {
  arc.isHidden = true;
  const change: Change = new Map();
  for (let need = atLeast - arc.value; need > 0;) {
    const path = findCheapestPath(arc, change);
    const rise = Math.min(need, ...path.map((step) => roomOf(step, change)));
    for (const step of path) {
      step.arc.isHidden = true;
      change.set(step.arc, (change.get(step.arc) ?? 0) + (step.isForward ? rise : -rise));
    }
    need -= rise;
  }
}

// Zeros are told, so a reader knows that what is hidden is at least 1; upward there is no bound.
function roomOf({ arc, isForward }: Step, change: Change): number {
  return isForward ? Number.POSITIVE_INFINITY : arc.value + (change.get(arc) ?? 0) - 1;
}

// Dijkstra, from the end of the arc back to its start; through the totals there always is a way.
function findCheapestPath(arc: Arc, change: Change): readonly Step[] {
  const reached = new Map<Node, { readonly cost: number; readonly step: Step | undefined }>();
  const costOf = (node: Node): number => reached.get(node)?.cost ?? Number.POSITIVE_INFINITY;
  const open: Open[] = [];
  reached.set(arc.to, { cost: 0, step: undefined });
  for (let node = arc.to; node !== arc.from; node = takeCheapest(open)) {
    for (const step of stepsFrom(node, arc).filter((one) => roomOf(one, change) > 0)) {
      const target = step.isForward ? step.arc.to : step.arc.from;
      const cost = costOf(node) + (step.arc.isHidden ? 0 : step.arc.cost);
      // No further than the cheapest whole way so far.
      if (cost >= Math.min(costOf(target), costOf(arc.from))) continue;
      reached.set(target, { cost, step });
      insert(open, { node: target, cost });
    }
  }
  return pathTo(arc.from, (node) => reached.get(node)?.step);
}

/** A node to go on from; one that was reached again at less cost stands in the list twice, which does no harm. */
interface Open {
  readonly node: Node;
  readonly cost: number;
}

// The cheapest is last.
function insert(open: Open[], one: Open): void {
  let [low, high] = [0, open.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((open[middle]?.cost ?? 0) > one.cost) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, one);
}

function takeCheapest(open: Open[]): Node {
  const cheapest = open.pop();
  if (cheapest === undefined) throw new Error('a count of a table lies on no cycle with its totals');
  return cheapest.node;
}

function stepsFrom(node: Node, except: Arc): readonly Step[] {
  return node.arcs.filter((arc) => arc !== except).map((arc) => ({ arc, isForward: arc.from === node, origin: node }));
}

function pathTo(end: Node, stepTo: (node: Node) => Step | undefined): readonly Step[] {
  const path: Step[] = [];
  for (let step = stepTo(end); step !== undefined; step = stepTo(step.origin)) path.push(step);
  return path;
}
