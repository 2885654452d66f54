import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { artifactSandbox, SAMPLE_TARBALL, sampleArtifact } from './sample-artifacts.ts';

async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const http = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((done) => http.once('listening', done));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

test('takes up a broken download, follows redirections, and never takes more than was signed', async () => {
  const ranges: (string | undefined)[] = [];
  const url = await server((request, response) => {
    if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
    else {
      ranges.push(request.headers.range);
      const start = Number(/\d+/.exec(request.headers.range ?? '0')![0]);
      response.writeHead(start > 0 ? 206 : 200, {
        'content-range': `bytes ${start}-${SAMPLE_TARBALL.length - 1}/*`,
        'content-encoding': 'gzip',
      });
      if (ranges.length > 1) response.end(SAMPLE_TARBALL.subarray(start));
      else response.write(SAMPLE_TARBALL.subarray(0, 100), () => response.destroy());
    }
  });
  const { stage, downloads } = artifactSandbox();
  const artifact = sampleArtifact(SAMPLE_TARBALL, { url: `${url}/old` });
  expect(await stage(artifact)).toMatchObject({ ok: false, code: 'artifacts/not-fetched' });
  expect(lstatSync(join(downloads, artifact.sha256)).size).toBe(100);
  expect(await stage(artifact)).toMatchObject({ ok: true });
  expect(ranges).toEqual([undefined, 'bytes=100-']);
});

test('a server without ranges starts anew; one that sends on and on, or too little, or something else, is refused', async () => {
  const other = Buffer.from(SAMPLE_TARBALL).fill(0, 50, 60);
  const bodies: Record<string, Buffer> = {
    '/all': SAMPLE_TARBALL,
    '/more': Buffer.concat([SAMPLE_TARBALL, SAMPLE_TARBALL]),
    '/less': SAMPLE_TARBALL.subarray(0, 9),
    '/other': other,
  };
  const url = await server((request, response) => {
    const body = bodies[request.url!];
    response.writeHead(body ? 200 : 404).end(body);
  });
  const whole = artifactSandbox();
  mkdirSync(whole.downloads);
  const artifact = sampleArtifact(SAMPLE_TARBALL, { url: `${url}/all` });
  writeFileSync(join(whole.downloads, artifact.sha256), 'what is not the beginning of it');
  expect(await whole.stage(artifact)).toMatchObject({ ok: true });
  for (const [path, why] of [
    ['/more', /more than/],
    ['/less', /ended after 9/],
    ['/other', /SHA-256/],
    ['/none', /status 404/],
  ] as const) {
    const { stage, root, downloads } = artifactSandbox();
    const failed = await stage(sampleArtifact(SAMPLE_TARBALL, { url: url + path }));
    expect(failed).toMatchObject({
      ok: false,
      code: 'artifacts/not-fetched',
      message: expect.stringMatching(why),
    });
    expect(existsSync(join(root, 'opt'))).toBe(false);
    for (const name of existsSync(downloads) ? readdirSync(downloads) : [])
      expect(lstatSync(join(downloads, name)).size).toBeLessThan(SAMPLE_TARBALL.length);
  }
});

test('mirrors come first, in order; a wrong one is passed over', async () => {
  const asked: string[] = [];
  const url = await server((request, response) => {
    asked.push(request.url!);
    response.writeHead(request.url!.startsWith('/b/') ? 200 : 500).end(SAMPLE_TARBALL);
  });
  const { stage } = artifactSandbox();
  const mirrors = {
    'https://archive.example/': ['file:///50%/', `${url}/a/`, `${url}/b/`, `${url}/c/`],
    'https://': ['http://no.invalid/'],
  };
  expect(await stage(sampleArtifact(SAMPLE_TARBALL), mirrors)).toMatchObject({ ok: true });
  expect(asked).toEqual(['/a/hadoop.tar.gz', '/b/hadoop.tar.gz']);
});

test('a pipe or a device is no artifact, and keeps nobody waiting', async () => {
  const pipe = join(temporaryFolder(), 'pipe');
  spawnSync('mkfifo', [pipe]);
  for (const path of [pipe, '/dev/zero', '/']) {
    const failed = await artifactSandbox().stage(sampleArtifact(SAMPLE_TARBALL, { url: `file://${path}` }));
    expect(failed).toMatchObject({ ok: false, message: expect.stringContaining('it is no file') });
  }
});
