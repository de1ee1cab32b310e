import { z } from 'zod';
import type { Expectation } from './digest';
import { FetchFailed, NotOnServer } from './errors';
import { type Hub, connectionError } from './hub';
import { type Patience, withRetries } from './retries';

/** Size and hashes of files, by path. */
export type Listing = ReadonlyMap<string, Expectation>;

const LARGE = /^(?:sha256:)?(?<sha256>[0-9a-f]{64})$/;
const GIT_BLOB = /^[0-9a-f]{40}$/;
const MAX_PAGES = 100;

const size = z.number().int().nonnegative();
const entriesSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    oid: z.string().optional(),
    size: size.optional(),
    /** Of large files: what git holds is a pointer to them, so the entry's own hash is not that of the content. */
    lfs: z.object({ oid: z.string(), size: size.optional() }).nullish(),
  }),
);

type Entry = z.infer<typeof entriesSchema>[number];

/**
 * Loads the sizes and hashes of a repository's files.
 * @returns undefined when the server has no such endpoint, as simple mirrors
 * @throws FetchFailed when the server cannot be reached or refuses access
 */
export async function loadListing(
  hub: Hub,
  { repository, revision }: { readonly repository: string; readonly revision: string },
  patience: Patience,
  signal?: AbortSignal,
): Promise<Listing | undefined> {
  const listing = new Map<string, Expectation>();
  let url: URL | undefined = hub.listingUrl(repository, revision);
  for (let page = 0; url; page += 1) {
    if (page === MAX_PAGES) throw new FetchFailed(`The list of ${repository} has more than ${MAX_PAGES} pages.`);
    const found = await loadPage(hub, url, patience, signal);
    if (!found) return undefined;
    for (const entry of found.entries) if (entry.type === 'file') listing.set(entry.path, expectationOf(entry));
    url = found.next;
  }
  return listing;
}

async function loadPage(
  hub: Hub,
  url: URL,
  patience: Patience,
  signal: AbortSignal | undefined,
): Promise<{ readonly entries: readonly Entry[]; readonly next: URL | undefined } | undefined> {
  return withRetries('The list of files', patience, async () => {
    try {
      const { response } = await hub.request('The list of files', url, { signal });
      const text = await response.text().catch((error: unknown) => {
        throw connectionError(error, signal, 'the connection broke');
      });
      const entries = entriesSchema.safeParse(parseJson(text));
      if (!entries.success) return undefined;
      return { entries: entries.data, next: nextPage(hub, url, response.headers.get('link')) };
    } catch (error) {
      if (error instanceof NotOnServer) return undefined;
      throw error;
    }
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nextPage(hub: Hub, from: URL, link: string | null): URL | undefined {
  const target = /<(?<target>[^<>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.groups?.['target'];
  if (target === undefined || !URL.canParse(target, from.href)) return undefined;
  const url = new URL(target, from);
  return hub.owns(url) ? url : undefined;
}

function expectationOf({ oid, size: bytes, lfs }: Entry): Expectation {
  if (lfs) return { bytes: lfs.size ?? bytes, sha256: LARGE.exec(lfs.oid)?.groups?.['sha256'] };
  return { bytes, gitBlob: oid !== undefined && GIT_BLOB.test(oid) ? oid : undefined };
}
