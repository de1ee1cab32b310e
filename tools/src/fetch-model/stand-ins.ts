/** How much of a file {@link findStandIn} needs: JSON is judged whole by its reader, so a beginning is enough. */
export const HEAD_BYTES = 512;

/**
 * Servers and proxies sometimes answer 200 with something else than the file: a login page, or the pointer that git
 * keeps in place of a large file.
 * @param head - the first bytes
 * @returns what it is instead, or nothing
 */
export function findStandIn(path: string, contentType: string | null, head: Uint8Array): string | undefined {
  const start = Buffer.from(head).toString('latin1').trimStart();
  const page = /^text\/html\b/i.test(contentType ?? '') || /^<(?:!doctype|html|head|body|\?xml)/i.test(start);
  if (page) return 'a web page';
  if (start.startsWith('version https://git-lfs.github.com/')) return 'a Git LFS pointer';
  if (path.endsWith('.json') && !start.startsWith('{')) return 'something that is not JSON';
  return undefined;
}
