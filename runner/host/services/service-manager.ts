import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { ProcessStart, ServiceState } from '../../../compiler/contract/report.ts';

/** What a service does, as its manager says it. */
export type Activity = Exclude<ServiceState, 'orphaned'>;

/** A service of khp that a manager has, whether a manifest still names it or not. */
export interface SeenService {
  readonly component: string;
  readonly role: string;
  readonly activity: Activity;
  /** Its process; undefined where none runs, or it could not be told to be this service's. */
  readonly process: SeenProcess | undefined;
  /** What the manager says of a service that does not run; one line. */
  readonly detail: string;
}

export interface SeenProcess {
  readonly pid: number;
  readonly start: ProcessStart;
  /** The digest of the definition that it was started with; undefined where it does not say. */
  readonly definition: string | undefined;
}

/** The services of khp by role. */
export type SeenServices = ReadonlyMap<string, SeenService>;

/**
 * What runs services on a host. It is told of a service when that is first started, and of another definition only while
 * the service is stopped, so that nothing but start() ever starts anything. Throws ServiceProblem.
 */
export interface ServiceManager {
  look(): Promise<SeenServices>;
  /** Makes the definition the manager's, where it is not, and starts the service, which is stopped. Does not wait. */
  start(service: ServiceEntry): Promise<void>;
  /** Has the service stopped, first by its signal, and when its timeout is over by KILL. Does not wait. */
  stop(role: string): Promise<void>;
  /** Makes the manager forget a service, which is stopped. */
  remove(role: string): Promise<void>;
  /** Where a person reads what a service has printed: a path of the host, or a command. */
  outputOf(role: string): string;
}

/** Why something could not be done to a service. */
export class ServiceProblem extends Error {
  readonly code: `services/${string}`;
  constructor(code: `services/${string}`, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a role is called where a service manager has names of its own. */
export function programName(role: string): string {
  return `khp-${role}`;
}
