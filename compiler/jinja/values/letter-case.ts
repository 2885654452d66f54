import { titleChar } from './text.ts';

/** The small letter of a character inside a word; a sigma at its end has a form of its own. */
function lowerChar(char: string, rest: string): string {
  if (char !== 'Σ') return char.toLowerCase();
  return /^\p{Case_Ignorable}*\p{Cased}/u.test(rest) ? 'σ' : 'ς';
}

/** Python's str.title: words of letters, each with a big first letter. */
export function title(self: string): string {
  let inWord = false;
  let out = '';
  let at = 0;
  for (const char of self) {
    const cased = /\p{Lowercase}|\p{Uppercase}|\p{Lt}/u.test(char);
    if (!cased) out += char;
    else out += inWord ? lowerChar(char, self.slice(at + char.length)) : titleChar(char);
    inWord = cased;
    at += char.length;
  }
  return out;
}

/** Python's str.swapcase. */
export function swapCase(self: string): string {
  let out = '';
  let at = 0;
  for (const char of self) {
    at += char.length;
    const inWord = char === 'Σ' && /\p{Cased}\p{Case_Ignorable}*$/u.test(self.slice(0, at - 1));
    if (/\p{Lowercase}/u.test(char)) out += char.toUpperCase();
    else out += inWord ? lowerChar(char, self.slice(at)) : char.toLowerCase();
  }
  return out;
}
