import type { HttpAnswer } from './http-client';

/** The answer for one ticket. */
export interface TicketAnswer {
  /** As the ticket would have got it by itself; 0 without an answer. */
  readonly status: number;
  readonly trouble: string | undefined;
  /** In an answer of 200: where the ticket stands and who has it. */
  readonly ticketStatus: string | undefined;
  readonly agent: string | undefined;
}

/**
 * Reads the answer to a request, one for each of its tickets.
 * @param count - tickets in the request: 1 by `POST /ticket`, more by `POST /tickets`
 */
export function readAnswers({ status, body, trouble }: HttpAnswer, count: number): readonly TicketAnswer[] {
  const results = isObject(body) && Array.isArray(body['results']) ? body['results'] : [];
  if (count === 1 || status !== 207)
    return Array.from({ length: count }, () => ({ status, trouble, ...standing(status === 200 ? body : undefined) }));
  return Array.from({ length: count }, (_, index) => {
    const result: unknown = results[index];
    if (!isObject(result)) return { status: 0, trouble: 'no result in the batch', ...standing(undefined) };
    return { status: Number(result['status_code']), trouble: undefined, ...standing(result['body']) };
  });
}

function standing(ticket: unknown): Pick<TicketAnswer, 'ticketStatus' | 'agent'> {
  const field = (name: string): string | undefined => {
    const value = isObject(ticket) ? ticket[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return { ticketStatus: field('status'), agent: field('assigned_agent') };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
