/** A field of a ready mapping: a JSON path, a fixed text, or several of them of which the first that gives something counts. */
type Field = string | { readonly literal: string } | readonly (string | { readonly literal: string })[];

interface Condition {
  readonly path: string;
  readonly is: string | readonly string[];
}

/** An entry of a mapping file without its secret, as it stands in the file. */
export interface ReadyMapping {
  readonly verify: { readonly scheme: string } & Readonly<Record<string, unknown>>;
  readonly items?: string;
  readonly accept_if?: readonly Condition[];
  readonly resolved_if?: readonly Condition[];
  readonly ticket: {
    readonly id: Field;
    readonly text: Field;
    readonly subject: Field;
    readonly requester?: Field;
    readonly channel: Field;
    readonly metadata?: Readonly<Record<string, Field>>;
  };
  readonly max_bytes: number;
}

/** Largest webhook about one ticket, in bytes: the text of the ticket, and all that products write around it. */
export const ONE_TICKET_BYTES = 256 * 1024;
