import { cutAtHoles, fillHoles, type HoleValues, holdsHole } from '../../ansible/ansible.ts';

/** Whether any text of plain data has a hole. */
export function hasHole(data: unknown): boolean {
  if (typeof data === 'string') return holdsHole(data);
  if (typeof data !== 'object' || data === null) return false;
  return Object.values(data).some(hasHole);
}

/** Plain data with the names of a host in the holes of its texts. */
export function filledJson(data: unknown, values: HoleValues): unknown {
  if (typeof data === 'string') return holdsHole(data) ? fillHoles(cutAtHoles(data), values) : data;
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => filledJson(item, values));
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, filledJson(item, values)]));
}
