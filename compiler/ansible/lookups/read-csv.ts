import { steps } from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';

/** The rows of a CSV text, as Python's csv.reader reads it in the excel dialect. */
export function readCsv(text: string, delimiter: string): string[][] {
  if ([...delimiter].length !== 1)
    throw new AnsibleError('csvfile: "delimiter" must be a 1-character string');
  steps(text.length >> 1);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let started = false;
  const endRow = (): void => {
    if (started || row.length > 0 || cell !== '') row.push(cell);
    rows.push(row);
    row = [];
    cell = '';
    started = false;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === '') {
      quoted = true;
      started = true;
    } else if (char === delimiter) {
      row.push(cell);
      cell = '';
      started = true;
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at + 1] === '\n') at++;
      endRow();
    } else cell += char;
  }
  if (started || row.length > 0 || cell !== '') endRow();
  return rows;
}
