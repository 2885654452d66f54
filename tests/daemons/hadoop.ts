import type { Lab } from './lab.ts';

/** The ends of all logs of a host, for whoever reads why a test failed. */
export async function lastWords(lab: Lab, host: string): Promise<string> {
  const script = `cd /var/log && for log in supervisor/*.log hadoop/*.log zookeeper/*.log; do
    [ -f "$log" ] && echo "== ${host} $log" && tail -n 25 "$log"; done; supervisorctl status; ls -l /opt`;
  return (await lab.on(host, ['sh', '-c', script])).stdout;
}
