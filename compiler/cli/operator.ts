import { type Person, readPerson } from '../git/identity.ts';
import type { Repository } from '../git/repository.ts';
import { UsageError } from './console.ts';

/** Who runs this command, as git knows it: operations are written down under this name. */
export async function operator(repository: Repository): Promise<Person> {
  const person = await readPerson(repository);
  if (person) return person;
  throw new UsageError('git does not know who you are: set user.name and user.email');
}
