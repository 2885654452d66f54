import type { Component } from '../1-load/component.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import { giveUpHoles, type ReadNode, type ReadRecorder, type Templar } from '../ansible/ansible.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import type { Value } from '../jinja/values/value.ts';
import type { TooSlow } from './check/check-declarations.ts';
import type { ClusterTemplars, SeenOnHost } from './cluster-templars.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import type { ComponentOfHost } from './components-on.ts';
import type { Scope } from './host-scope.ts';
import type { HostMemo } from './memo/render-memo.ts';
import type { RenderRecord } from './recorded-part.ts';

/** What it takes to render the parts of components, the same for all of a host. */
export interface OnHost {
  readonly host: HostVars;
  readonly templars: ClusterTemplars;
  readonly record: RenderRecord | undefined;
  /** Templars that tell what is read, and whom. */
  readonly recorded: { readonly recorder: ReadRecorder; readonly templars: ClusterTemplars } | undefined;
  readonly memo: HostMemo | undefined;
  readonly tooSlow: TooSlow;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** A component on a host. What its templates see is made when it is asked for: most hosts take all from others. */
export class UsableComponent implements ComponentOnHost {
  readonly component: Component;
  readonly roles: readonly string[];
  readonly host: HostVars;
  readonly record: RenderRecord | undefined;
  readonly memo: HostMemo | undefined;
  readonly tooSlow: TooSlow;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly #on: OnHost;
  readonly #holes: boolean;
  #seen: SeenOnHost | undefined;
  #withHoles: ComponentOnHost | undefined;
  #recorded: ComponentOnHost | undefined;

  constructor({ component, roles }: ComponentOfHost, on: OnHost, { holes } = { holes: false }) {
    this.component = component;
    this.roles = roles;
    this.host = on.host;
    this.record = on.record;
    this.memo = on.memo;
    this.tooSlow = on.tooSlow;
    this.report = on.report;
    this.#on = on;
    this.#holes = holes;
  }

  get scope(): Scope {
    return this.#see().scope;
  }

  get templar(): Templar {
    return this.#see().templar;
  }

  get templarWith(): (variables: ReadonlyMap<string, Value>) => Templar {
    return this.#see().templarWith;
  }

  withHoles(): ComponentOnHost {
    if (this.#holes) return this;
    // Whatever is found wrong is told by who does the work again, without holes.
    const on = { ...this.#on, memo: undefined, tooSlow: new Map(this.tooSlow), report: giveUpHoles };
    this.#withHoles ??= new UsableComponent(this, on, { holes: true });
    return this.#withHoles;
  }

  reads(work: (on: ComponentOnHost) => unknown): ReadNode {
    const { recorded } = this.#on;
    if (!recorded) throw new Error('reads are told only where parts are');
    const alone = { record: undefined, memo: undefined, tooSlow: new Map(), report: () => {} };
    this.#recorded ??= new UsableComponent(this, { ...this.#on, ...alone, templars: recorded.templars });
    const on = this.#recorded;
    return recorded.recorder.run(() => work(on)).node;
  }

  #see(): SeenOnHost {
    const { host, templars } = this.#on;
    this.#seen ??= this.#holes ? templars.withHoles(host, this.component) : templars.of(host, this.component);
    return this.#seen;
  }
}
