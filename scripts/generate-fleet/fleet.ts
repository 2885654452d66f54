/** Variables as a file of them holds: JSON, which YAML reads alike. */
export type FleetVars = Readonly<Record<string, unknown>>;

/** Clusters made up from a seed, with settings in every layer. The same in any form in which it is written. */
export interface Fleet {
  readonly vars: FleetVars;
  readonly types: readonly FleetType[];
}

export interface FleetType {
  readonly name: string;
  readonly vars: FleetVars;
  readonly clusters: readonly FleetCluster[];
}

export interface FleetCluster {
  readonly name: string;
  readonly vars: FleetVars;
  /** Set for all of its hosts in the INI, so that everything else overrides it. */
  readonly inlineVars: FleetVars;
  /** In order of declaration; hosts are declared by the groups. */
  readonly groups: readonly FleetGroup[];
  /** Files of single hosts, by the host's name. */
  readonly hostVars: ReadonlyMap<string, FleetVars>;
  readonly size: number;
}

export interface FleetGroup {
  readonly name: string;
  /** Lines of a section of hosts: a pattern, perhaps with assignments. */
  readonly hosts: readonly string[];
  readonly children: readonly string[];
  readonly inlineVars: FleetVars;
  /** Its file; undefined where it has none. */
  readonly vars: FleetVars | undefined;
}
