import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { ServiceAccount } from './service-account.ts';
import { asUser, formatMark, withLimits, withVariables, wordsOf } from './service-definition.ts';
import { programName } from './service-manager.ts';
import { behindGate } from './start-gate.ts';

/**
 * The program file of a service. supervisord itself can neither set the limits of one program nor hold every text in
 * `environment=` (no value with both kinds of quotes), so the command does both: gate → prlimit → setpriv → env → the
 * service, each in place of the one before, so that the process is the service's own. `journal`: the path of the runner's.
 */
export function supervisordProgram(
  service: ServiceEntry,
  program: {
    readonly account: ServiceAccount | undefined;
    readonly logs: string;
    readonly journal: string;
  },
): string {
  const { account, logs, journal } = program;
  const command = withVariables(service, account, wordsOf(service.command));
  const name = programName(service.role);
  const settings = {
    command: behindGate(journal, withLimits(service, asUser(account, command)))
      .map(quoted)
      .join(' '),
    directory: '/',
    // After a reboot, and after it has failed.
    autostart: 'true',
    autorestart: 'unexpected',
    exitcodes: '0',
    startsecs: '1',
    startretries: '3',
    stopsignal: service.stop.signal,
    stopwaitsecs: String(service.stop.timeout),
    stopasgroup: 'true',
    killasgroup: 'true',
    redirect_stderr: 'true',
    stdout_logfile: percent(`${logs}/${name}.log`),
    stdout_logfile_maxbytes: '50MB',
    stdout_logfile_backups: '5',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  return `${formatMark(';', service)}[program:${name}]\n${lines.join('')}`;
}

function percent(text: string): string {
  return text.replace(/%/g, '%%');
}

/**
 * A word as supervisord reads it: it expands `%`, then splits as a POSIX shell does. Before both, its reader of INI cuts
 * a line at a `;` or `#` behind white space, in quotes too, so none is left behind any.
 */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_@:,./=+-]+$/.test(word)) return word;
  const single = word.replace(/'/g, `'"'"'`).replace(/[;#]/g, `''$&`);
  return percent(`'${single}'`);
}
