import { MAX_BATCH_TICKETS, isSmartSupportError } from '@smart-support/contracts';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { HookAction, HookReceiver } from '@smart-support/ticket-hooks';
import type { IRouter, Request, Response } from 'express';
import { publicId } from '../access/trust-domain';
import type { GatewayDependencies } from '../dependencies';
import { readWebhook } from '../http/body';
import { clientOf, setCaller } from '../http/caller';
import { sendJson, sendJsonList } from '../http/json';
import { HttpProblem, methodNotAllowed } from '../http/problem';
import { type ReadTicket, refuseTooLarge } from './ticket-answers';
import { TicketIntake } from './ticket-intake';

/** What a webhook, or one item of it, is answered. */
interface HookAnswer {
  readonly status: number;
  readonly body: object;
  readonly location?: string;
}

/** An action whose ticket, if it opens one, is admitted. */
type Admitted = Exclude<HookAction, { action: 'open' }> | { readonly action: 'open'; readonly ticket: ReadTicket };

/** Stands in the history of a ticket that its source completed. */
const RESOLVED = 'its source says that it is over';

/** `POST /hooks/<source>`: tickets from webhooks of other products. */
export function hookRoutes(router: IRouter, deps: GatewayDependencies): void {
  const { engine, rateLimits, hooks, logger } = deps;
  const intake = new TicketIntake(deps);

  /** @throws HttpProblem 401 if the webhook does not come from its source, 429 if too many of one client did not */
  const requireGenuine = async (
    { source, verify }: HookReceiver,
    body: Buffer,
    request: Request,
    response: Response,
  ) => {
    if (verify(request.headers, body, Date.now())) return;
    // Counted for its client, so that forged webhooks neither use up the rate limit of a source nor flood the log, where they are lines of level debug.
    await rateLimits.request(request, response, () => undefined);
    logger.debug({ source: source.name, client: clientOf(request) }, 'a webhook was refused');
    throw new HttpProblem(401, 'This webhook does not come from its source.');
  };

  /** @param response - of an action that came by itself */
  const admit = async (request: Request, action: HookAction, response?: Response): Promise<Admitted> => {
    if (response) await rateLimits.ticket(request, response, () => undefined);
    else await rateLimits.ticketOfBatch(request);
    if (action.action !== 'open') return action;
    refuseTooLarge(action.input);
    return { action: 'open', ticket: await intake.admit(request, action.input, response) };
  };

  const resolve = async (id: string, source: string): Promise<HookAnswer> => {
    const { tickets } = engine.serving;
    try {
      return { status: 200, body: (await tickets.cancel(id, { by: keyOf(source), note: RESOLVED })).ticket };
    } catch (error) {
      if (isSmartSupportError(error, 'not_found')) return ignored(id, 'There is no ticket with this id.');
      if (!isSmartSupportError(error, 'transition_not_allowed')) throw error;
      if ((await tickets.get(id))?.ticket.status !== 'dead') {
        throw new HttpProblem(503, 'The ticket is being worked on. Sending the webhook again completes it.', {
          retryAfter: 1,
          ticketId: id,
        });
      }
      return ignored(id, 'The ticket is among the dead letters, where it stays.');
    }
  };

  const answer = async ({ source }: HookReceiver, admitted: Admitted): Promise<HookAnswer> => {
    switch (admitted.action) {
      case 'ignore':
        return { status: 204, body: { status: 'ignored', message: admitted.why } };
      case 'resolve':
        return resolve(publicId(source.domain, admitted.id), source.name);
      case 'open':
        return intake.submit(admitted.ticket).catch(ignoreConflict);
    }
  };

  const sendOne = async (request: Request, response: Response, receiver: HookReceiver, action: HookAction) => {
    const { status, body, location } = await answer(receiver, await admit(request, action, response));
    if (location !== undefined) response.setHeader('Location', location);
    if (status === 204) response.status(204).end();
    else sendJson(response, status, body);
  };

  const sendSeveral = async (
    request: Request,
    response: Response,
    receiver: HookReceiver,
    actions: readonly HookAction[],
  ) => {
    if (actions.length > MAX_BATCH_TICKETS) {
      throw new HttpProblem(413, `A webhook takes at most ${MAX_BATCH_TICKETS} items; this one has more.`);
    }
    const results = await intake.resultsOf(actions, {
      admit: (action) => admit(request, action),
      answer: (admitted) => answer(receiver, admitted),
    });
    await rateLimits.afterBatch(request, response);
    // Senders look at the status alone. What was taken is recognised when it comes again.
    if (results.some(({ status }) => status >= 500 || status === 429)) {
      throw new HttpProblem(503, 'Not all items of this webhook could be taken. Sending it again is safe.', {
        retryAfter: 5,
      });
    }
    if (results.every(({ status }) => status === 204)) response.status(204).end();
    else
      await sendJsonList(
        response,
        207,
        'results',
        results.map(({ json }) => json),
      );
  };

  router
    .route('/hooks/:source')
    .post(async (request, response) => {
      const receiver = hooks.get(request.params.source);
      if (!receiver) throw new HttpProblem(404, 'There is no source of webhooks with this name.');
      const { source } = receiver;
      const payload = await readWebhook(request, source.max_bytes, (body) =>
        requireGenuine(receiver, body, request, response),
      );
      setCaller(request, { role: 'ingest', source: { key: keyOf(source.name), domain: source.domain } });
      await eventLoopTurn();
      const actions = receiver.read(payload);
      const [only] = actions;
      if (source.items || !only) await sendSeveral(request, response, receiver, actions);
      else await sendOne(request, response, receiver, only);
    })
    .all(methodNotAllowed('POST'));
}

/** What a source is called where callers with keys are called by their key. */
const keyOf = (source: string): string => `hooks.${source}`;

function ignored(ticketId: string, message: string): HookAnswer {
  return { status: 202, body: { status: 'ignored', ticket_id: ticketId, message } };
}

/** A later webhook about a ticket has another text than the first. Its sender would repeat it for ever if that were an error. */
function ignoreConflict(error: unknown): HookAnswer {
  const { status, ticketId } = error instanceof HttpProblem ? error.problem : {};
  if (status !== 409 || ticketId === undefined) throw error;
  return ignored(ticketId, 'This ticket exists with another subject or text, which it keeps.');
}
