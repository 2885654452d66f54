import { git, type Repository } from './repository.ts';
import { GitError } from './run-git.ts';

/** A person or a program, as git names it. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** What git says where neither its settings nor the environment name a person, or a name is empty. */
const NOT_TOLD = /auto-detection is disabled|empty ident name|unable to auto-detect/;

/** Who works here, as git itself would write it into a commit; undefined where git is not told (user.name, user.email). */
export async function readPerson(repository: Repository): Promise<Person | undefined> {
  const environment: Record<string, string> = {};
  for (const name of ['GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'EMAIL']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  try {
    const args = ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'];
    const { stdout } = await git(repository, args, { remote: true, environment });
    const match = /^(.*) <(.*)> \d+ [+-]\d{4}\n$/.exec(stdout.toString('utf8'));
    return match ? { name: match[1]!, email: match[2]! } : undefined;
  } catch (error) {
    if (error instanceof GitError && NOT_TOLD.test(error.stderr)) return undefined;
    throw error;
  }
}
