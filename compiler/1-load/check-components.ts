import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import type { Code } from '../diagnostics/catalogue.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { Component } from './component.ts';
import { findCycles } from './find-cycles.ts';

type Path = readonly (string | number)[];

/** A name that one component.yml gives and another one, or the same, must have declared. */
interface Reference {
  readonly name: string;
  readonly component: Component;
  readonly path: Path;
  /** The file that the path is of, where it is not component.yml. */
  readonly in?: { placeOf(path: Path): Place };
}

/**
 * Checks what components say of each other: what they require, the roles that they name, and the orders that follow,
 * which may have no cycle. `folders` are the components that there are, be they readable or not.
 */
export function checkComponents(
  components: ReadonlyMap<string, Component>,
  folders: ReadonlySet<string>,
): Diagnostic[] {
  const all = [...components.values()];
  const roles = new Set(all.flatMap(({ content }) => Object.keys(content.roles)));
  const requires = all.flatMap(requiresOf);
  const diagnostics = requires.flatMap((reference) => unknown(reference, folders, 'component'));
  // A component that cannot be read may have the role that is missed.
  if (all.length === folders.size) {
    diagnostics.push(
      ...all.flatMap(roleReferences).flatMap((reference) => unknown(reference, roles, 'role')),
    );
  }
  return [...diagnostics, ...duplicateRoles(all), ...requireCycles(requires), ...afterCycles(all)];
}

function requiresOf(component: Component): Reference[] {
  return component.content.requires.map((name, i) => ({ name, component, path: ['requires', i] }));
}

function roleReferences(component: Component): Reference[] {
  const { files } = component.content;
  const lists: [Path, readonly string[]][] = files.flatMap(({ roles = [], restart, reload }, i) => [
    [['files', i, 'roles'], roles],
    [['files', i, 'restart'], restart],
    [['files', i, 'reload'], reload],
  ]);
  const named = lists.flatMap(([path, names]) =>
    names.map((name, i) => ({ name, component, path: [...path, i] })),
  );
  return [
    ...named,
    ...ruleReferences(component),
    ...afterReferences(component).map(({ reference }) => reference),
  ];
}

function ruleReferences(component: Component): Reference[] {
  const { rules } = component;
  if (!rules) return [];
  return Object.entries(rules.content).flatMap(([rule, content]) =>
    (['unique', 'sum'] as const).flatMap((kind) =>
      Object.keys(content[kind] ?? {}).map((name) => ({
        name,
        component,
        path: [rule, kind, name],
        in: rules,
      })),
    ),
  );
}

function afterReferences(component: Component): { role: string; reference: Reference }[] {
  return Object.entries(component.content.roles).flatMap(([role, { service }]) =>
    (service?.after ?? []).map((name, i) => {
      const path = ['roles', role, 'service', 'after', i];
      return { role, reference: { name, component, path } };
    }),
  );
}

function unknown(
  { name, component, path, in: file = component }: Reference,
  known: ReadonlySet<string>,
  kind: 'role' | 'component',
): Diagnostic[] {
  if (known.has(name)) return [];
  const code: Code = kind === 'role' ? 'load/unknown-role' : 'load/unknown-component';
  const hint = didYouMean(name, known);
  const message = `there is no ${kind} \`${name}\``;
  return [diagnose(code, { place: file.placeOf(path), message, ...(hint !== undefined && { hint }) })];
}

function duplicateRoles(components: readonly Component[]): Diagnostic[] {
  const first = new Map<string, { component: Component; place: Place; service: boolean }>();
  const diagnostics: Diagnostic[] = [];
  for (const component of components) {
    for (const [role, { service }] of Object.entries(component.content.roles)) {
      const place = component.placeOf(['roles', role]);
      const other = first.get(role);
      // Clients of several components may share a role; a service is found by the name of its role alone.
      if (other && (service || other.service)) {
        const related = [
          { place: other.place, message: `first declared here, in \`${other.component.name}\`` },
        ];
        const message = `role \`${role}\` is in two components, \`${other.component.name}\` and \`${component.name}\``;
        diagnostics.push(diagnose('load/duplicate-role', { place, message, related }));
      } else if (!other) first.set(role, { component, place, service: service !== undefined });
    }
  }
  return diagnostics;
}

function requireCycles(requires: readonly Reference[]): Diagnostic[] {
  const edges = requires.map(({ name, component, path }) => ({
    from: component.name,
    to: name,
    place: component.placeOf(path),
  }));
  return cycleProblems(edges, {
    code: 'load/cyclic-requires',
    title: 'components require each other',
    verb: 'requires',
  });
}

function afterCycles(components: readonly Component[]): Diagnostic[] {
  const edges = components.flatMap(afterReferences).map(({ role, reference: { name, component, path } }) => ({
    from: role,
    to: name,
    place: component.placeOf(path),
  }));
  return cycleProblems(edges, {
    code: 'load/cyclic-after',
    title: 'services wait for each other',
    verb: 'comes after',
  });
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly place: Place;
}

interface CycleWords {
  readonly code: Code;
  readonly title: string;
  /** What an edge says: `a requires b`. */
  readonly verb: string;
}

function cycleProblems(edges: readonly Edge[], words: CycleWords): Diagnostic[] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of edges) graph.set(from, [...(graph.get(from) ?? []), to]);
  return findCycles(graph).map((cycle) => {
    const places = cycle
      .slice(1)
      .map((to, i) => edges.find((edge) => edge.from === cycle[i] && edge.to === to)!);
    const related = places
      .slice(1)
      .map(({ from, to, place }) => ({ place, message: `\`${from}\` ${words.verb} \`${to}\`` }));
    const message = `${words.title}: ${cycle.join(' → ')}`;
    return diagnose(words.code, { place: places[0]!.place, message, ...(related.length > 0 && { related }) });
  });
}
