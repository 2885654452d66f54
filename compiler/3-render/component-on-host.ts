import type { Component } from '../1-load/component.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import type { ReadNode, Templar } from '../ansible/ansible.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import type { Value } from '../jinja/values/value.ts';
import type { TooSlow } from './check/check-declarations.ts';
import type { Scope } from './host-scope.ts';
import type { HostMemo } from './memo/render-memo.ts';
import type { RenderRecord } from './recorded-part.ts';
import type { Surroundings } from './render-problem.ts';

/** A component on one host, with what it takes to render its parts. */
export interface ComponentOnHost {
  readonly host: HostVars;
  readonly component: Component;
  /** The component's roles that the host has, as component.yml lists them. */
  readonly roles: readonly string[];
  readonly scope: Scope;
  readonly templar: Templar;
  /** A templar that sees a few more variables. */
  readonly templarWith: (variables: ReadonlyMap<string, Value>) => Templar;
  /** Who is told of each part. */
  readonly record?: RenderRecord | undefined;
  /** What was rendered before. */
  readonly memo?: HostMemo | undefined;
  /** What all hosts of the cluster have found of declarations that take too long. */
  readonly tooSlow: TooSlow;
  /** The same with holes for the names of the host, whatever is found wrong has the work done without them. */
  readonly withHoles: () => ComponentOnHost;
  /** What a piece of work reads, done once more; what is found wrong is not told again. */
  readonly reads: (work: (on: ComponentOnHost) => unknown) => ReadNode;
  /** Takes what is found wrong. */
  readonly report: (diagnostic: Diagnostic) => void;
}

/** What is known around a text of the component on this host. */
export function around({ host, scope }: ComponentOnHost, fallback: Place): Surroundings {
  return { fallback, hosts: [host.host], placeOf: (variable) => scope.placeOf(variable) };
}
