import { YamlFailure } from './problem.ts';
import type { Token } from './token.ts';

/** The failure that a token is not what may stand there. */
export function fail(token: Token, message: string, hint?: string): YamlFailure {
  return new YamlFailure({ place: token.place, message, ...(hint ? { hint } : {}) });
}

/** The same, for a token within something that began at another one. */
export function within(
  start: Token,
  token: Token,
  message: string,
  related: string,
  hint?: string,
): YamlFailure {
  return new YamlFailure({
    place: token.place,
    message,
    ...(hint ? { hint } : {}),
    related: { place: start.place, message: related },
  });
}
