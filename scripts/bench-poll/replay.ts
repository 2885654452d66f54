import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { hostRef } from '../../compiler/contract/names.ts';
import type { SeenRequest } from './git-server.ts';

/** A host whose git is played, and what its ref holds: the commit that it has, and the one that is promoted. */
export interface PlayedHost {
  readonly host: string;
  readonly had: string;
  readonly promoted: string;
}

/** What git asked for one host. */
export interface Recording {
  readonly requests: readonly SeenRequest[];
  readonly of: PlayedHost;
}

/**
 * Asks a server for a host byte for byte what git asked it for another, with the host's own ref and commits, which are as
 * long; over one connection, as git does. Gives the answers' bodies. Throws where an answer is none.
 */
export async function replay(url: string, { requests, of }: Recording, host: PlayedHost): Promise<Buffer[]> {
  const own = (text: string): string =>
    text
      .replaceAll(hostRef(of.host), hostRef(host.host))
      .replaceAll(of.promoted, host.promoted)
      .replaceAll(of.had, host.had);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const bodies: Buffer[] = [];
  try {
    for (const { method, path, headers, body } of requests) {
      const asked = request(new URL(own(path), url), {
        method,
        headers: [...headers],
        setDefaultHeaders: false,
        agent,
      });
      asked.end(Buffer.from(own(body), 'latin1'));
      const [response] = await once(asked, 'response');
      bodies.push(await buffer(response));
      if (response.statusCode !== 200) throw new Error(`${host.host}: status ${response.statusCode}`);
    }
  } finally {
    agent.destroy();
  }
  return bodies;
}

/** Does something for each of a list, so many at a time. */
export async function forAll<T>(
  list: readonly T[],
  atOnce: number,
  act: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < list.length) await act(list[next++]!);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
