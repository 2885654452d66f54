/** What a run of the benchmark gives; times in milliseconds on the wall where not said. */
export interface Figures {
  readonly clusters: number;
  readonly hosts: number;
  readonly seed: number;
  readonly rounds: number;
  /** Of all bundles, their manifests among them. */
  readonly files: number;
  /** Distinct ones, and their bytes. */
  readonly blobs: number;
  readonly bytes: number;
  readonly coldMs: number;
  /** Processor time of khp and git together. */
  readonly coldCpuMs: number;
  readonly floorMs: number;
  readonly coldOverFloor: number;
  readonly defaultKeyMs: number;
  readonly defaultKeyFloorMs: number;
  readonly defaultKeyOverFloor: number;
  readonly templateMs: number;
  readonly templateFloorMs: number;
  readonly templateOverFloor: number;
  readonly oneHostMs: number;
  readonly noopMs: number;
  readonly checkMs: number;
  readonly checkOverCold: number;
  readonly peakMiB: number;
  readonly growth: number;
  /** `ansible-playbook` with one task `template`; undefined where it did not run. */
  readonly ansible: { readonly hosts: number; readonly ms: number } | undefined;
}

/** What each figure may be at most. */
export const GOALS = {
  coldOverFloor: 2,
  defaultKeyOverFloor: 2,
  templateOverFloor: 2,
  oneHostMs: 1000,
  noopMs: 600,
  checkOverCold: 0.6,
  peakMiB: 2048,
  growth: 11,
} as const;

type Goal = keyof typeof GOALS;

/** The figures that are not reached. */
export function missed(figures: Figures): Goal[] {
  return (Object.keys(GOALS) as Goal[]).filter((key) => figures[key] > GOALS[key]);
}

/** Prints the figures side by side with what they are to be. */
export function printFigures(figures: Figures): void {
  const { hosts, clusters, files, blobs, bytes, ansible } = figures;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    `${hosts} hosts in ${clusters} clusters: ${files} files, ${blobs} distinct, ${(bytes / 2 ** 20).toFixed(0)} MiB`,
  );
  const line = (key: Goal, what: string, how = '') => {
    const value =
      Number.isInteger(GOALS[key]) && GOALS[key] >= 100 ? figures[key].toFixed(0) : figures[key].toFixed(2);
    const verdict = figures[key] <= GOALS[key] ? '' : '  not reached';
    console.log(
      `${what.padEnd(44)}${value.padStart(8)}  at most ${GOALS[key]}${verdict}${how && `  (${how})`}`,
    );
  };
  const over = (compiled: number, floor: number) => `${seconds(compiled)} and ${seconds(floor)}`;
  line(
    'coldOverFloor',
    'cold compile ÷ fast-import of the same trees',
    over(figures.coldMs, figures.floorMs),
  );
  line(
    'defaultKeyOverFloor',
    'a key of _default.yml ÷ fast-import',
    over(figures.defaultKeyMs, figures.defaultKeyFloorMs),
  );
  line(
    'templateOverFloor',
    "a template's text ÷ fast-import",
    over(figures.templateMs, figures.templateFloorMs),
  );
  line('oneHostMs', "one host's setting, ms");
  line('noopMs', 'nothing edited, ms');
  line('checkOverCold', 'khp check without cache ÷ cold', seconds(figures.checkMs));
  line('peakMiB', 'peak memory, khp and git together, MiB');
  line('growth', `${hosts} hosts ÷ ${hosts / 10} hosts, cold`);
  console.log(`processor time of the cold compile: ${seconds(figures.coldCpuMs)}`);
  console.log(
    ansible
      ? `ansible-playbook, one file by \`template\` on ${ansible.hosts} hosts: ${seconds(ansible.ms)}`
      : 'ansible-playbook did not run',
  );
}
