/** The runner's version, as reports and --version say it; package.json's. */
export const RUNNER_VERSION = '0.1.0';
