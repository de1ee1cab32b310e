import { decode } from 'html-entities';
import { MarkupReader } from './markup-reader';
import { joinPieces } from './pieces';

/**
 * What a person reads of a text, for everything that compares or understands texts. HTML tags, comments, style sheets and
 * scripts are taken out and entities are decoded. An element that stands on a line of its own ends up on a line of its
 * own; other white space becomes one blank.
 *
 * In a text without markup only entities are decoded; a text without `<` and `&` is returned as it is. What only looks like
 * a tag is no markup: `a < b`, `List<String>`, `<bo@example.com>`, `the <b> tag`, `it shows <!-- for {name}`. Markup that was escaped as a whole
 * (`&lt;p&gt;`) is taken out too; amid real markup it was written to be read and stays, so the result is no safe HTML.
 *
 * @returns never longer than `text`; `''` if there is nothing to read. Takes time linear in the length of `text`
 */
export function readableText(text: string): string {
  if (!text.includes('<') && !text.includes('&')) return text;
  const readable = withoutMarkup(text);
  if (readable !== undefined) return readable;
  const decoded = decodeEntities(text);
  return decoded === text ? text : (withoutMarkup(decoded) ?? decoded);
}

/** The text without its markup, or `undefined` if nothing in it is certainly markup. */
function withoutMarkup(text: string): string | undefined {
  if (!text.includes('<')) return undefined;
  const pieces = new MarkupReader(text).read();
  return pieces && joinPieces(pieces, decodeEntities);
}

/** Only entities that end in a semicolon: `?a=1&copy=2` is part of an address. */
function decodeEntities(text: string): string {
  return text.includes('&') ? decode(text, { level: 'html5', scope: 'strict' }).toWellFormed() : text;
}
