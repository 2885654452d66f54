/** Bytes of a commit object. */
export const MAX_COMMIT = 65_536;

/** Entries of a bundle's tree. */
export const MAX_ENTRIES = 20_000;

/** Bytes of manifest.json. */
export const MAX_MANIFEST = 16 << 20;

/** Bytes of all files of a bundle together, the manifest included. */
export const MAX_BUNDLE = 128 << 20;

/** By how much a sequence may grow at once, so that a mistake cannot use up the numbers. */
export const MAX_JUMP = 1000;

/** Seconds by which a promotion may be dated ahead of this host's clock. */
export const MAX_AHEAD = 3600;

/** Bytes of one artifact. */
export const MAX_ARTIFACT = 16 * 2 ** 30;
