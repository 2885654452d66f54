/**
 * The cycles of a directed graph, each as `[a, b, a]`: one for every set of nodes that all lead to each other, starting
 * at its first node by name and as short as a cycle through it can be. Edges to nodes that are not in the graph are
 * passed over.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const covered = new Set<string>();
  for (const node of [...graph.keys()].sort()) {
    if (covered.has(node)) continue;
    const cycle = shortestCycle(node, graph);
    if (!cycle) continue;
    cycles.push(cycle);
    const below = reachable(node, graph);
    for (const other of below) if (reachable(other, graph).has(node)) covered.add(other);
  }
  return cycles;
}

function shortestCycle(start: string, graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return pathTo(node, start, cameFrom);
      if (cameFrom.has(next) || !graph.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [start];
  for (let at = end; at !== start; at = cameFrom.get(at)!) path.unshift(at);
  return [start, ...path];
}

function reachable(start: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set([start]);
  for (const node of seen) for (const next of graph.get(node) ?? []) seen.add(next);
  return seen;
}
