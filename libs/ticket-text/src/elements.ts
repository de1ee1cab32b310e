const words = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Elements that begin and end a line. */
const BLOCKS = words(`
  address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption figure footer form
  h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre search section summary table tbody tfoot
  thead tr ul caption`);

/** Elements whose contents stand apart from what is beside them, in the same line. */
const CELLS = words('td th');

/** Elements whose contents are not shown, neither as text nor as markup. */
export const UNREAD = words('script style svg title xml');

/** Elements without contents and without a closing tag. */
export const VOID = new Set(words('area base br col frame hr img input link meta param source track wbr'));

/** Every other element that mail programs and editors write. */
const INLINE = words(`
  a abbr acronym area audio b base basefont bdi bdo big button canvas cite code col colgroup data datalist del dfn em embed
  font frame frameset head i iframe img input ins kbd label link map mark meta meter noframes noscript object optgroup
  output param picture progress q rb rp rt rtc ruby s samp select slot small source span strike strong sub sup template
  textarea time track tt u var video wbr`);

/** What a tag leaves in the text: a line break, a blank or nothing. With `unread`, the contents of its element are left out as well. */
export type Effect = 'line' | 'blank' | 'none' | 'unread';

const EFFECTS = new Map<string, Effect>([
  ...BLOCKS.map((name) => [name, 'line'] as const),
  ...CELLS.map((name) => [name, 'blank'] as const),
  ...UNREAD.map((name) => [name, 'unread'] as const),
  ...INLINE.map((name) => [name, 'none'] as const),
]);

/** Prefixes of the elements that Office adds: `<o:p>`, `<v:shape>`, `<w:WordDocument>`. */
const OFFICE = /^(?:[movwx]|st\d):/;

/**
 * What a tag with this name does, or `undefined` if there is no such element. Markup is written in lower or in upper
 * case: `Map<Object>` and `<Button>` are code.
 */
export function effectOf(name: string): Effect | undefined {
  const lower = name.toLowerCase();
  if (OFFICE.test(lower)) return 'none';
  return name === lower || name === name.toUpperCase() ? EFFECTS.get(lower) : undefined;
}
