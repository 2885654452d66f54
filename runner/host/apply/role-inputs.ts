import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { definitionOf, type FileEntry, type Manifest } from '../../../compiler/contract/manifest.ts';
import type { Plan } from '../plan/plan.ts';
import { linksOf } from '../plan/plan-links.ts';
import type {
  Journal,
  LastChange,
  Moment,
  RoleChanges,
  RoleInput,
  SecretDigests,
} from '../state/state-file.ts';

/** Where the links of a manifest's artifacts lead once a plan is carried out; by path. */
export function linksAfter(manifest: Manifest, { waiting }: Pick<Plan, 'waiting'>): Record<string, string> {
  const stay = new Map(waiting.flatMap(({ path, from }) => (from === null ? [] : [[path, from] as const])));
  return Object.fromEntries(
    linksOf(manifest).map(({ path, target }) => [path, stay.get(path) ?? target] as const),
  );
}

/** What is to become active, as far as a service runs from it. */
export interface RoleInputs {
  readonly manifest: Manifest;
  readonly plan: Pick<Plan, 'steps' | 'waiting'>;
  /** Of files with secrets. */
  readonly digests: SecretDigests;
}

/**
 * By role, digests of what its service is started with (its definition, the effects of the files that name it, where its
 * component's link leads) and of what it reloads. `touched`: the disk did not hold the bytes of the generation before in
 * one of those files, so that the service may have read others, whatever the digests say.
 */
export function roleInputs(inputs: RoleInputs): Journal['roles'] {
  const { manifest, plan, digests } = inputs;
  const links = linksAfter(manifest, plan);
  const rewritten = new Set(
    plan.steps.flatMap((step) => (step.kind === 'write' && (step.save || step.isNew) ? step.entry.path : [])),
  );
  const input = (files: readonly FileEntry[], more: object): RoleInput => {
    const effects = files.map(({ path, effect }) => [path, digests[path]?.effect ?? effect]);
    const digest = createHash('sha256')
      .update(canonicalJson({ ...more, effects }))
      .digest('hex');
    return { digest, touched: files.some(({ path }) => rewritten.has(path)) };
  };
  const roles = [...new Set(manifest.services.map(({ role }) => role))];
  return Object.fromEntries(
    roles.map((role) => {
      const services = manifest.services.filter((service) => service.role === role);
      const components = new Set(services.map(({ component }) => component));
      const ofComponents = linksOf(manifest).filter(({ component }) => components.has(component));
      const startedWith = {
        services: services.map((service) => ({ component: service.component, ...definitionOf(service) })),
        links: ofComponents.map(({ path }) => [path, links[path]!]),
      };
      const restart = manifest.files.filter((file) => file.restart.includes(role));
      const reload = manifest.files.filter((file) => file.reload.includes(role));
      return [role, { restart: input(restart, startedWith), reload: input(reload, {}) }];
    }),
  );
}

/** The changes as they are once a journal's swap is made, at a moment that is not before its last rename. */
export function changesAfter(
  before: RoleChanges,
  roles: Journal['roles'],
  moment: () => Moment,
): RoleChanges {
  const last = (known: LastChange | undefined, { digest, touched }: RoleInput): LastChange =>
    known?.digest === digest && !touched ? known : { digest, ...moment() };
  return Object.fromEntries(
    Object.entries(roles).map(([role, { restart, reload }]) => {
      const known = before[role];
      return [role, { restart: last(known?.restart, restart), reload: last(known?.reload, reload) }];
    }),
  );
}
