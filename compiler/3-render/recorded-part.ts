import type { Component } from '../1-load/component.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import type { HoleValues, ReadNode } from '../ansible/ansible.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { filledJson, hasHole } from './memo/filled-json.ts';
import { nameOf, type RenderMemo } from './memo/render-memo.ts';
import { rememberedWithHoles, type WorkWithHoles } from './memo/with-holes.ts';
import type { PartPath } from './render-part.ts';

/** A part of a component on a host, and what it depends on besides what component.yml says of it. */
export interface RecordedPart {
  readonly host: HostVars;
  readonly component: Component;
  /** In component.yml: `['files', 0]`, `['roles', 'datanode', 'service']`. */
  readonly path: PartPath;
  /** What the part was rendered to: a list of files or entries. */
  readonly result: readonly unknown[];
  /** One object for all that came of the same reads and answers, and so have the same reads. */
  readonly alike: object;
  /** What its templates read, which are rendered once more for it. */
  readonly reads: () => ReadNode;
}

/** Who is told of each part of a render. */
export interface RenderRecord {
  readonly memo: RenderMemo;
  readonly onPart: (part: RecordedPart) => void;
}

interface PartWork<T, D extends object, R extends object> {
  /** In component.yml. */
  readonly path: PartPath;
  /** What a person wrote of the part, as an object that is there once. */
  readonly part: object;
  /** What else decides the result, and is written elsewhere. */
  readonly besides?: string;
  /** All of it that decides the result, beside the component's name. */
  readonly describe: () => readonly unknown[];
  /** What templates give, which depends on reads alone; undefined where it failed. */
  readonly render: (on: ComponentOnHost) => D | undefined;
  /** What that is checked to be, without a template; undefined where it is not. */
  readonly check: (rendered: D) => R | undefined;
  /** How a host's names are put in; where not given, into each text of it. */
  readonly holes?: Pick<WorkWithHoles<D, R>, 'fill' | 'textOf'>;
  readonly finish: (checked: R) => readonly T[];
}

/** Renders a part unless it is remembered, and tells what it read where somebody asked. */
export function renderedPart<T, D extends object, R extends object>(
  on: ComponentOnHost,
  work: PartWork<T, D, R>,
): readonly T[] {
  const { record, host, component, memo } = on;
  const { path, part, besides = '', describe, render, check, holes = IN_TEXTS, finish } = work;
  const finished = (checked: R | undefined) => (checked === undefined ? [] : finish(checked));
  const name = nameOf(part, `${component.name} ${path.join()} ${besides}`, describe);
  const draft = ({ holes: has }: { holes: boolean }) => render(has ? on.withHoles() : on);
  let alike: object = {};
  const foundAs = (kept: object) => {
    alike = kept;
  };
  const result = finished(rememberedWithHoles(memo, name, { ...holes, draft, finish: check, foundAs }));
  record?.onPart({ host, component, path, result, alike, reads: () => on.reads(render) });
  return result;
}

const IN_TEXTS = {
  fill: <D extends object>(draft: D) =>
    hasHole(draft) ? (values: HoleValues): D => filledJson(draft, values) as D : undefined,
  textOf: (draft: object) => JSON.stringify(draft),
};
