import {
  asText,
  Dict,
  type PyFunction,
  PythonError,
  pyFunction,
  str,
  truth,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
} from '../../jinja/jinja.ts';
import { AnsibleFilterError } from '../errors.ts';
import { splitUrl } from './split-url.ts';

function urlParts(value: Value): Dict {
  const text = asText(value);
  if (text === undefined) throw typeError(`Cannot split a value of type ${typeName(value)} as a URL`);
  const { scheme, netloc, path, query, fragment } = splitUrl(text);
  const at = netloc.lastIndexOf('@');
  const [user, host] = at === -1 ? [undefined, netloc] : [netloc.slice(0, at), netloc.slice(at + 1)];
  const colon = user?.indexOf(':') ?? -1;
  const bracket = /^\[([^\]]*)\](?::(.*))?/.exec(host);
  const plain = host.indexOf(':');
  const name = bracket ? bracket[1]! : plain === -1 ? host : host.slice(0, plain);
  const port = bracket ? bracket[2] : plain === -1 ? undefined : host.slice(plain + 1);
  return new Dict([
    ['fragment', fragment],
    ['hostname', name === '' ? null : lowerHost(name)],
    ['netloc', netloc],
    ['password', user === undefined || colon === -1 ? null : user.slice(colon + 1)],
    ['path', path],
    ['port', portOf(port)],
    ['query', query],
    ['scheme', scheme],
    ['username', user === undefined ? null : colon === -1 ? user : user.slice(0, colon)],
  ]);
}

function lowerHost(name: string): string {
  const zone = name.indexOf('%');
  return zone === -1 ? name.toLowerCase() : name.slice(0, zone).toLowerCase() + name.slice(zone);
}

function portOf(text: string | undefined): Value {
  if (text === undefined || text === '') return null;
  if (!/^[0-9]+$/.test(text)) throw valueError(`Port could not be cast to integer value as '${text}'`);
  if (Number(text) > 65535) throw valueError('Port out of range 0-65535');
  return Number(text);
}

function urlSplit(value: Value, query: Value): Value {
  const parts = urlParts(value);
  if (!truth(query)) return parts;
  const part = parts.get(query);
  if (part === undefined) throw new AnsibleFilterError(`urlsplit: unknown URL component: ${str(query)}`);
  return part;
}

/** urllib.parse.unquote_plus */
function unquotePlus(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => {
    const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  });
}

/** Filters on URLs. */
export const URL_FILTERS: Record<string, PyFunction> = {
  urlsplit: pyFunction('value query?', (value: Value, query: Value = '') => urlSplit(value, query)),
  urldecode: pyFunction('string', (value: Value) => {
    const text = asText(value);
    if (text !== undefined) return unquotePlus(text);
    if (value instanceof Undefined) value.fail();
    throw new PythonError('AttributeError', `'${typeName(value)}' object has no attribute 'replace'`);
  }),
};
