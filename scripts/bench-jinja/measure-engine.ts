/** `node measure-engine.ts ENGINE`: a Job as JSON on stdin, the Measurement as JSON on stdout. */
import { readFileSync } from 'node:fs';
import { ENGINES } from './engines.ts';
import { type Job, measure } from './measure.ts';

const compile = ENGINES[process.argv[2] ?? ''];
if (!compile) throw new Error(`no engine ${process.argv[2]}`);
process.stdout.write(JSON.stringify(measure(compile, JSON.parse(readFileSync(0, 'utf8')) as Job)));
