/** A path as git fast-import takes it. Throws where it is none (empty parts, `.`, `..`, NUL). */
export function importPath(path: string): string {
  const broken = path.includes('\0') || path.split('/').some((part) => ['', '.', '..'].includes(part));
  if (broken) throw new Error(`not a path of a tree: ${JSON.stringify(path)}`);
  if (!/["\\\n]/.test(path)) return path;
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
