/** What a ticket looks like without being read: length, and shares of marks, capitals, digits, line breaks and quotes. */
export function surfaceOf(text: string): number[] {
  const words = text.split(/\s+/).filter(Boolean).length;
  const perRoot = (pattern: RegExp): number => count(text, pattern) / Math.sqrt(Math.max(words, 1));
  const perCharacter = (pattern: RegExp): number => count(text, pattern) / Math.max(text.length, 1);
  return [
    Math.log(1 + words),
    perRoot(/!/g),
    perRoot(/\?/g),
    perRoot(/\n/g),
    perRoot(/>/g),
    perCharacter(/\p{Lu}/gu),
    perCharacter(/\d/g),
  ];
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
