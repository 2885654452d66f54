/** What every marker begins with; nobody but khp may write it. */
export const SECRET_MARKER = '{{khp:secret:';

/** A marker in a text: `{{khp:secret:N}}`. */
export interface SecretMarker {
  /** Where it begins and what follows it, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Of its entry in the manifest's `secrets`. */
  readonly number: number;
}

export function secretMarker(number: number): string {
  return `${SECRET_MARKER}${number}}}`;
}

/** The markers of a text in order; undefined where it holds the beginning of one that is none. */
export function readSecretMarkers(text: string): SecretMarker[] | undefined {
  const markers: SecretMarker[] = [];
  for (let start = text.indexOf(SECRET_MARKER); start >= 0; ) {
    const digits = /^(0|[1-9]\d{0,5})\}\}/.exec(text.slice(start + SECRET_MARKER.length, start + 24));
    if (!digits) return undefined;
    const end = start + SECRET_MARKER.length + digits[0].length;
    markers.push({ start, end, number: Number(digits[1]) });
    start = text.indexOf(SECRET_MARKER, end);
  }
  return markers;
}

/** A text with something else in the place of each marker. */
export function replaceSecretMarkers(
  text: string,
  markers: readonly SecretMarker[],
  replacement: (marker: SecretMarker) => string,
): string {
  let result = '';
  let at = 0;
  for (const marker of markers) {
    result += text.slice(at, marker.start) + replacement(marker);
    at = marker.end;
  }
  return result + text.slice(at);
}
