import type { ComponentRole } from '../1-load/component.ts';
import { DirectoryEntry, InitAct, ServiceEntry } from '../contract/manifest.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { templarsOf } from './loop.ts';
import { renderedPart } from './recorded-part.ts';
import { checkPart, type PartPath, renderPart } from './render-part.ts';

type Service = NonNullable<ComponentRole['service']>;

/** The service of a role. */
export function renderService(role: string, service: Service, on: ComponentOnHost): readonly ServiceEntry[] {
  const path = ['roles', role, 'service'];
  return renderedPart(on, {
    path,
    part: service,
    describe: () => [service],
    render: (seen) => renderPart({ value: service, path }, seen),
    check: (rendered) => {
      const { stop, health, ...rest } = rendered;
      const value = {
        ...rest,
        component: on.component.name,
        role,
        stop: { signal: stop.signal, timeout: seconds(stop.timeout) },
        ...(health ? { health: inSeconds(health) } : {}),
      };
      return checkPart(ServiceEntry, { value, path }, on);
    },
    finish: (entry) => [entry],
  });
}

/** The acts of a role, by name. */
export function renderInit(
  role: string,
  init: ComponentRole['init'],
  on: ComponentOnHost,
): readonly InitAct[] {
  return renderedPart(on, {
    path: ['roles', role, 'init'],
    part: init,
    describe: () => [init],
    render: (seen) =>
      Object.entries(init)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([act, { command, formatted, ...looks }]) => {
          const path = ['roles', role, 'init', act];
          return {
            path,
            value: renderPart({ value: { act, command, formatted }, path }, seen),
            fills: renderLooped(looks.fills, [...path, 'fills'], seen),
            needs: renderLooped(looks.needs, [...path, 'needs'], seen),
          };
        }),
    check: (acts) =>
      acts.flatMap(({ path, value, ...looks }) => {
        const fills = checkLooped(looks.fills, on);
        const needs = checkLooped(looks.needs, on);
        const entry = value && checkPart(InitAct, { value: { ...value, fills, needs }, path }, on);
        return entry ?? [];
      }),
    finish: (acts) => acts,
  });
}

const DirectoryPath = DirectoryEntry.pick({ path: true });

type Looped = ComponentRole['init'][string]['fills'];

/** A part that was rendered, and where it stands. */
interface RenderedAt {
  readonly path: PartPath;
  readonly value: unknown;
}

function renderLooped(list: Looped, path: PartPath, on: ComponentOnHost): RenderedAt[] {
  return list.flatMap(({ loop, ...part }, index) => {
    const at = [...path, index];
    return templarsOf(loop, at, on).flatMap((templar) => {
      const value = renderPart({ value: part, path: at, templar }, on);
      return value ? [{ path: at, value }] : [];
    });
  });
}

function checkLooped(list: readonly RenderedAt[], on: ComponentOnHost): string[] {
  return list.flatMap((part) => checkPart(DirectoryPath, part, on)?.path ?? []);
}

function inSeconds({ settle, within, ...checks }: NonNullable<Service['health']>) {
  return { ...checks, ...(settle && { settle: seconds(settle) }), within: seconds(within) };
}

const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** `5m` → 300. What is no duration becomes NaN, which the schema refuses at its place. */
function seconds(duration: string): number {
  const match = /^(\d+)([smh])$/.exec(duration);
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : Number.NaN;
}
