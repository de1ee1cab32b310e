/** Bytes of a file that {@link findStandIn} needs: JSON is validated by its reader, so the beginning is enough. */
export const HEAD_BYTES = 512;

/**
 * Finds content that servers and proxies sometimes send with status 200 instead of the file: a login page, or the pointer that git
 * stores in place of a large file.
 * @param head - the first bytes
 * @returns a description of that content, or undefined
 */
export function findStandIn(path: string, contentType: string | null, head: Uint8Array): string | undefined {
  const start = Buffer.from(head).toString('latin1').trimStart();
  const page = /^text\/html\b/i.test(contentType ?? '') || /^<(?:!doctype|html|head|body|\?xml)/i.test(start);
  if (page) return 'a web page';
  if (start.startsWith('version https://git-lfs.github.com/')) return 'a Git LFS pointer';
  if (path.endsWith('.json') && !start.startsWith('{')) return 'something that is not JSON';
  return undefined;
}
