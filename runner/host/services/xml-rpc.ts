import { SaxesParser } from 'saxes';

/** What XML-RPC carries, of its types those that supervisord uses. */
export type XmlRpcValue =
  | string
  | number
  | boolean
  | readonly XmlRpcValue[]
  | { readonly [key: string]: XmlRpcValue };

/** An answer: a value, or a fault with supervisord's number. */
export type XmlRpcAnswer =
  | { readonly ok: true; readonly value: XmlRpcValue }
  | { readonly ok: false; readonly code: number; readonly message: string };

/** The body of a call; see xmlrpc.com/spec. */
export function formatCall(method: string, parameters: readonly (string | boolean)[]): string {
  const params = parameters.map((parameter) =>
    typeof parameter === 'string'
      ? `<param><value><string>${escaped(parameter)}</string></value></param>`
      : `<param><value><boolean>${parameter ? 1 : 0}</boolean></value></param>`,
  );
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params.join('')}</params></methodCall>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** Reads the body of an answer; undefined for what is none. */
export function parseAnswer(xml: string): XmlRpcAnswer | undefined {
  const top: Element = { name: '', children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  let broken = false;
  parser.on('error', () => {
    broken = true;
  });
  parser.on('opentag', ({ name }) => {
    const element: Element = { name, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    open.at(-1)!.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  if (broken) return undefined;
  const response = child(top, 'methodResponse');
  const fault = read(child(child(response, 'fault'), 'value'));
  if (fault !== undefined) {
    const { faultCode, faultString } = fault as { faultCode?: unknown; faultString?: unknown };
    return { ok: false, code: Number(faultCode), message: String(faultString) };
  }
  const value = read(child(child(child(response, 'params'), 'param'), 'value'));
  return value === undefined ? undefined : { ok: true, value };
}

function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((one) => one.name === name);
}

function read(value: Element | undefined): XmlRpcValue | undefined {
  if (!value) return undefined;
  const typed = value.children[0];
  // A value without a type is a string.
  if (!typed) return value.text;
  switch (typed.name) {
    case 'int':
    case 'i4':
    case 'double':
      return Number(typed.text);
    case 'boolean':
      return typed.text.trim() === '1';
    case 'array':
      return (child(typed, 'data')?.children ?? []).map((one) => read(one) ?? '');
    case 'struct':
      return Object.fromEntries(
        typed.children.map((member) => [
          child(member, 'name')?.text ?? '',
          read(child(member, 'value')) ?? '',
        ]),
      );
    default:
      return typed.text;
  }
}
