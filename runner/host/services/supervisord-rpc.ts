import { request } from 'node:http';
import { ServiceProblem } from './service-manager.ts';
import { formatCall, parseAnswer, type XmlRpcAnswer } from './xml-rpc.ts';

/** Milliseconds that supervisord may take for an answer: it reads its configuration again for some. */
const TIMEOUT = 30_000;

/** Bytes of an answer. */
const MAX_ANSWER = 16 << 20;

/** A socket of supervisord, and what it asks for. */
export interface SupervisordSocket {
  readonly path: string;
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

/**
 * Calls a method of supervisord over its unix socket; see supervisord.org/api.html. Faults are answers. Throws
 * ServiceProblem where nobody answers.
 */
export async function callSupervisord(
  socket: SupervisordSocket,
  method: string,
  parameters: readonly (string | boolean)[] = [],
): Promise<XmlRpcAnswer> {
  const problem = (why: string) =>
    new ServiceProblem(
      'services/manager-unreachable',
      `supervisord at ${socket.path} does not answer: ${why}`,
    );
  const { status, body } = await post(socket, formatCall(`supervisor.${method}`, parameters)).catch(
    (error: Error) => {
      throw problem(error.message);
    },
  );
  if (status === 401) {
    const wrong = socket.login ? 'other than those in runner.yml' : 'to be put into runner.yml';
    throw problem(`it asks for the username and password of its [unix_http_server], ${wrong}`);
  }
  const answer = status === 200 ? parseAnswer(body) : undefined;
  if (!answer) throw problem(`status ${status} to ${method}`);
  return answer;
}

function post(
  { path: socketPath, login }: SupervisordSocket,
  body: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const auth = login && `${login.username}:${login.password}`;
    const options = {
      socketPath,
      auth,
      path: '/RPC2',
      method: 'POST',
      headers,
      agent: false,
      timeout: TIMEOUT,
    };
    const call = request(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_ANSWER) call.destroy(new Error(`more than ${MAX_ANSWER} bytes`));
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    call.on('error', reject);
    call.end(body);
  });
}
