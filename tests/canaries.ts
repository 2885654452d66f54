import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** What every clear text begins with. */
export const CANARY = 'kqCANARY';
export const FORMATS = ['xml', 'json', 'yaml', 'ini', 'properties', 'text'] as const;
export const VAULT = { prod: 'vault password' };

/** Files of variables, with the hosts that see them. */
export const HOSTS = ['a1', 'a2', 'b1', 'c1'] as const;
export type Host = (typeof HOSTS)[number];
export const SCOPES: readonly [file: string, hosts: readonly Host[]][] = [
  ['templates/web/defaults.yml', HOSTS],
  ['inventories/_default.yml', HOSTS],
  ['inventories/t/_default.yml', ['a1', 'a2', 'b1']],
  ['inventories/t/a.yml', ['a1', 'a2']],
  ['inventories/t/b.yml', ['b1']],
  ['inventories/u/c.yml', ['c1']],
  ['inventories/t/a/front.yml', ['a1', 'a2']],
  ['inventories/t/a/first.yml', ['a1']],
  ['inventories/t/a/a2.host.yml', ['a2']],
  ['inventories/u/c/c1.host.yml', ['c1']],
];

export interface Canary {
  readonly name: string;
  readonly file: string;
  readonly hosts: readonly Host[];
  readonly format: (typeof FORMATS)[number];
  readonly kind: 'age' | 'vault';
  clear: string;
}

export const canaries: Canary[] = Array.from({ length: 200 }, (_, index) => {
  const [file, hosts] = SCOPES[index % SCOPES.length]!;
  const format = FORMATS[Math.floor(index / SCOPES.length) % FORMATS.length]!;
  const body = createHash('sha256').update(String(index)).digest('hex').slice(0, 12);
  // INI has no escapes.
  const clear = `${CANARY}${body}${format === 'ini' ? '' : `&<"'\\ ä=:#${index}`}`;
  return { name: `secret_${index}`, file, hosts, format, kind: index % 4 === 3 ? 'vault' : 'age', clear };
});

/** As ansible-vault writes it, with a salt that follows from the text. */
export function vaultOf(clear: string): string {
  const salt = createHash('sha256').update(clear).digest();
  const keys = pbkdf2Sync(VAULT.prod, salt, 10_000, 80, 'sha256');
  const bytes = Buffer.from(clear);
  const padding = 16 - (bytes.length % 16);
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64));
  const data = Buffer.concat([
    cipher.update(bytes),
    cipher.update(Buffer.alloc(padding, padding)),
    cipher.final(),
  ]);
  const mac = createHmac('sha256', keys.subarray(32, 64)).update(data).digest('hex');
  const body = Buffer.from([salt.toString('hex'), mac, data.toString('hex')].join('\n')).toString('hex');
  return `$ANSIBLE_VAULT;1.2;AES256;prod\n${body.match(/.{1,80}/g)!.join('\n')}\n`;
}

const LINES: Record<Canary['format'], (name: string) => string> = {
  xml: (name) => `<p name="${name}">{{ ${name} }}</p>`,
  json: (name) => `"${name}": "{{ ${name} }}",`,
  yaml: (name) => `${name}: "{{ ${name} }}"`,
  ini: (name) => `${name} = {{ ${name} }}`,
  properties: (name) => `${name}={{ ${name} }}`,
  text: (name) => `${name} {{ ${name} }}`,
};

export function templateOf(format: Canary['format']): string {
  const lines = canaries
    .filter((canary) => canary.format === format)
    .map(({ name }) => `{% if ${name} is defined %}\n${LINES[format](name)}\n{% endif %}\n`)
    .join('');
  if (format === 'xml') return `<configuration>\n${lines}</configuration>\n`;
  return format === 'json' ? `{\n${lines}"end": 1 }\n` : lines;
}

/** The beginning of every canary, in every form in which it may lie around. */
function forms(): Buffer[] {
  const bytes = Buffer.from(CANARY);
  const base64 = [0, 1, 2].map((skip) => {
    const text = Buffer.concat([Buffer.alloc(skip), bytes]).toString('base64');
    return text.slice([0, 2, 3][skip], Math.floor(((skip + bytes.length) * 8) / 6));
  });
  const hex = bytes.toString('hex');
  const url = hex.replace(/../g, '%$&');
  const texts = [
    CANARY,
    ...base64,
    hex,
    hex.toUpperCase(),
    url,
    url.replace(/%../g, (part) => part.toUpperCase()),
  ];
  return texts.map((text) => Buffer.from(text, 'latin1'));
}

export const FORMS = forms();
export const holdsCanary = (bytes: Buffer) => FORMS.some((form) => bytes.includes(form));
