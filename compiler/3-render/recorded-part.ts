import type { Component } from '../1-load/component.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import type { ReadNode, ReadRecorder } from '../ansible/ansible.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { nameOf, remembered } from './memo/render-memo.ts';
import type { PartPath } from './render-part.ts';

/** A part of a component on a host, and what it depends on besides what component.yml says of it. */
export interface RecordedPart {
  readonly host: HostVars;
  readonly component: Component;
  /** In component.yml: `['files', 0]`, `['roles', 'datanode', 'service']`. */
  readonly path: PartPath;
  /** What the part was rendered to: a list of files or entries. */
  readonly result: readonly unknown[];
  readonly reads: ReadNode;
}

/** Who is told what each part of a render reads. */
export interface RenderRecord {
  readonly recorder: ReadRecorder;
  readonly onPart: (part: RecordedPart) => void;
}

interface PartWork<T, R> {
  /** In component.yml. */
  readonly path: PartPath;
  /** What a person wrote of the part, as an object that is there once. */
  readonly part: object;
  /** What else decides the result, and is written elsewhere. */
  readonly besides?: string;
  /** All of it that decides the result, beside the component's name. */
  readonly describe: () => readonly unknown[];
  /** What depends on reads alone; undefined where it failed. */
  readonly render: () => R | undefined;
  readonly finish: (rendered: R) => readonly T[];
}

/** Renders a part unless it is remembered, and tells what it read where somebody asked. */
export function renderedPart<T, R extends object>(on: ComponentOnHost, work: PartWork<T, R>): readonly T[] {
  const { record, host, component, memo } = on;
  const { path, part, besides = '', describe, render, finish } = work;
  const finished = (rendered: R | undefined) => (rendered === undefined ? [] : finish(rendered));
  if (record) {
    const { value, node } = record.recorder.run(() => finished(render()));
    record.onPart({ host, component, path, result: value, reads: node });
    return value;
  }
  const name = nameOf(part, `${component.name} ${path.join()} ${besides}`, describe);
  return finished(remembered(memo, name, render));
}
