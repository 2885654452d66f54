import { dirname } from 'node:path';
import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { ServiceAccount } from './service-account.ts';
import { environmentOf, formatMark, wordsOf } from './service-definition.ts';
import { programName } from './service-manager.ts';
import { waitAtGate } from './start-gate.ts';

/**
 * The unit file of a service; see systemd.service(5), systemd.exec(5), systemd.kill(5). It is stopped as under
 * supervisord: the signal goes to its process group, and what has left that lives on (a nodemanager's containers), which
 * the kill of a whole control group would end. `journal`: the path of the runner's.
 */
export function systemdUnit(
  service: ServiceEntry,
  { account, journal }: { readonly account: ServiceAccount | undefined; readonly journal: string },
): string {
  const { role, component, stop, limits, after } = service;
  const environment = environmentOf(service, account);
  const lines = [
    '[Unit]',
    `Description=${percent(`${role} of ${component}`)}`,
    'Wants=network-online.target',
    `RequiresMountsFor=${quoted(dirname(journal))}`,
    `After=${['network-online.target', ...after.map((other) => `${programName(other)}.service`)].join(' ')}`,
    '',
    '[Service]',
    'Type=exec',
    ...(account ? [`User=${service.user}`] : []),
    ...Object.entries(environment)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    ...Object.entries(limits)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([limit, value]) => `Limit${limit.toUpperCase()}=${value}`),
    // As root, who alone may read the journal.
    `ExecStartPre=+${waitAtGate(journal).map(argument).join(' ')}`,
    `ExecStart=${programWords(service.command).map(argument).join(' ')}`,
    `ExecStop=/bin/kill -s ${stop.signal} -- -$MAINPID`,
    'KillMode=process',
    `KillSignal=SIG${stop.signal}`,
    `TimeoutStopSec=${stop.timeout === 0 ? '1us' : stop.timeout}`,
    'Restart=on-failure',
    'RestartSec=5',
    // A JVM that was stopped by a signal says so by these.
    'SuccessExitStatus=130 143',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${formatMark('#', service)}${lines.join('\n')}\n`;
}

/** A `+`, `!`, `-`, `@` or `:` before the program's path would be systemd's: the first would run it as root. */
function programWords(command: string): string[] {
  const words = wordsOf(command);
  return words[0]!.startsWith('/') ? words : ['/usr/bin/env', ...words];
}

/** A word of a command line, in which systemd would expand variables too. */
function argument(word: string): string {
  return quoted(word).replace(/\$/g, '$$$$');
}

function percent(text: string): string {
  return text.replace(/%/g, '%%');
}

/** A word as systemd reads it: in double quotes, with C's escapes, `%` twice. */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_@:,./=+-]+$/.test(word)) return word;
  return `"${percent(word).replace(/["\\]/g, '\\$&')}"`;
}
