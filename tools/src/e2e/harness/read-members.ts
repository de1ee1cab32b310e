import type { HttpClient } from './http-client';

/** All members of an incident over HTTP, in order of arrival; those of the pages before an error, if there is one. */
export async function readMembers(client: Pick<HttpClient, 'send'>, incidentId: string): Promise<readonly string[]> {
  const members: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await client.send('GET', `/incidents/${incidentId}/members${query}`);
    if (status !== 200) break;
    const page = (body ?? {}) as {
      readonly members?: readonly { readonly ticket_id: string }[];
      readonly next_cursor?: string | null;
    };
    members.push(...(page.members ?? []).map(({ ticket_id }) => ticket_id));
    cursor = page.next_cursor ?? null;
  }
  return members;
}
