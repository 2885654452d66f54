import type { Component } from '../1-load/component.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import type { ReadNode, ReadRecorder } from '../ansible/ansible.ts';
import type { ComponentOnHost } from './component-on-host.ts';
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

/** Renders a part, and tells what it read where somebody asked. */
export function recorded<T>(on: ComponentOnHost, path: PartPath, render: () => T[]): T[] {
  const { record, host, component } = on;
  if (!record) return render();
  const { value, node } = record.recorder.run(render);
  record.onPart({ host, component, path, result: value, reads: node });
  return value;
}
