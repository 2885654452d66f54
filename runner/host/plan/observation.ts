/** What lies at a path of the host, at one moment. Links are never followed. */
export type Observed =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'file';
      readonly sha256: string;
      /** `0644`. */
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  | {
      readonly kind: 'directory';
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
      readonly mountpoint: boolean;
    }
  | { readonly kind: 'link'; readonly target: string }
  /** A device, a pipe, a socket; or a path below something that is no directory. */
  | { readonly kind: 'other'; readonly what: string };

/** What was seen, by absolute path. */
export type Observation = ReadonlyMap<string, Observed>;
