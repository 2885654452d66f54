import * as z from 'zod';
import type { Place } from '../contract/diagnostic.ts';
import { HealthCheck } from '../contract/manifest.ts';
import { NAME } from '../contract/names.ts';
import type { DeclarationsFile } from './declaration.ts';
import { NAME_WORDS } from './name-words.ts';
import type { RulesFile } from './rule.ts';
import type { VarsFile } from './workspace.ts';

const name = z.string().regex(NAME, NAME_WORDS);
const mode = z.string().regex(/^0[0-7]{3}$/, 'a mode in quotes, such as "0644"');
/** `300s`, `5m`, `1h`, `250ms` is not enough: whole seconds. */
const duration = z.string().regex(/^\d+[smh]$/, 'a duration such as 60s, 5m, 1h');

const COUNT_OR_SHARE = z.union([
  z.int().min(1),
  z.string().regex(/^(?:[1-9]|[1-9][0-9]|100)%$/, 'a count, or a share such as 10%'),
]);

/** The formats that a rendered file is parsed as before it may leave the compiler. */
const FORMATS = ['xml', 'json', 'yaml', 'ini', 'properties', 'text'] as const;
export type Format = (typeof FORMATS)[number];

const Service = z.strictObject({
  command: z.string(),
  user: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  limits: z.record(z.string(), z.int().min(0)).default({}),
  stop: z
    .strictObject({ signal: z.string().default('TERM'), timeout: duration.default('60s') })
    .default({ signal: 'TERM', timeout: '60s' }),
  /** Roles of the cluster that start before this one. */
  after: z.array(name).default([]),
  health: z
    .strictObject({
      http: z.string().optional(),
      tcp: z.string().optional(),
      command: z.string().optional(),
      jmx: HealthCheck.shape.jmx,
      settle: duration.optional(),
      within: duration.default('120s'),
    })
    .optional(),
  max_unavailable: COUNT_OR_SHARE.default(1),
  on_failure: z.enum(['hold', 'rollback']).default('hold'),
  /** Commands that have a running service read again what it can read while it runs. */
  reload: z.array(z.string()).min(1).optional(),
});

/** A directory, or one for each item of the list that the variable `loop` holds. */
const Looped = z.strictObject({ path: z.string(), loop: z.string().optional() });

/** What `khp-runner init ROLE` runs when a person asks for it, and the directories that it looks at before. */
const Init = z.strictObject({
  command: z.string(),
  fills: z.array(Looped).default([]),
  needs: z.array(Looped).default([]),
  formatted: z.array(z.string()).min(1).default(['current/VERSION']),
});

const Directory = z.strictObject({
  path: z.string(),
  /** The variable that holds a list; `path` is rendered once an `item` of it. */
  loop: z.string().optional(),
  owner: z.string().default('root'),
  group: z.string().default('root'),
  mode: mode.default('0755'),
  mountpoint: z.boolean().default(false),
});

const Role = z
  .strictObject({
    /** None for a client (gateway) role. */
    service: Service.optional(),
    /** By the name of the act: `format`. */
    init: z.record(name, Init).default({}),
    directories: z.array(Directory).default([]),
    metrics: z.array(z.strictObject({ jmx: z.string(), keep: z.array(z.string()).default([]) })).default([]),
    logs: z.array(z.strictObject({ path: z.string(), format: z.string().default('text') })).default([]),
  })
  .refine(({ service, init }) => service !== undefined || Object.keys(init).length === 0, {
    message: 'left out where the role has no service, as whose user it would run',
    path: ['init'],
  });

const File = z.strictObject({
  /** Beside component.yml. */
  template: z.string(),
  path: z.string(),
  owner: z.string().default('root'),
  group: z.string().default('root'),
  mode: mode.default('0644'),
  format: z.enum(FORMATS).default('text'),
  /** Every host with a role of the component where not said. */
  roles: z.array(name).optional(),
  restart: z.array(name).default([]),
  reload: z.array(name).default([]),
});

/** templates/<component>/component.yml. Every string value may hold Jinja. */
export const ComponentFile = z.strictObject({
  component: name,
  requires: z.array(name).default([]),
  install: z.strictObject({ link: z.string() }).optional(),
  /** A role is the hosts of the group of that name. */
  roles: z.record(name, Role).default({}),
  files: z.array(File).default([]),
});
export type ComponentFile = z.infer<typeof ComponentFile>;
export type ComponentRole = z.infer<typeof Role>;
export type ComponentTemplate = z.infer<typeof File>;

/** A file beside component.yml that says more of the component. */
export interface Beside<T> {
  readonly content: T;
  /** The place of a part of it, by its path; of the nearest part that has one. */
  placeOf(path: readonly PropertyKey[]): Place;
}

export interface Component {
  readonly name: string;
  /** The path of its component.yml. */
  readonly file: string;
  readonly content: ComponentFile;
  /** defaults.yml. */
  readonly defaults: VarsFile | undefined;
  /** vars.yml. */
  readonly declarations: Beside<DeclarationsFile> | undefined;
  /** rules.yml. */
  readonly rules: Beside<RulesFile> | undefined;
  /** The place of a part of component.yml, by its path: `['files', 0, 'template']`; of the nearest part that has one. */
  placeOf(path: readonly (string | number)[]): Place;
}
