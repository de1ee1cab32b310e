import { MAX_BODY_BYTES } from '@smart-support/contracts';
import { eventLoopTurn } from '@smart-support/pipeline';
import type { IRouter, Request } from 'express';
import type { GatewayDependencies } from '../dependencies';
import { batchBody, jsonBody, releaseBatch } from '../http/body';
import { sendJson, sendJsonList } from '../http/json';
import { HttpProblem, methodNotAllowed } from '../http/problem';
import { TicketIntake } from './ticket-intake';
import { type ReadTicket, refuseTooLarge } from './ticket-answers';

/** `POST /ticket` and `POST /tickets`. */
export function intakeRoutes(router: IRouter, deps: GatewayDependencies): void {
  const { rateLimits } = deps;
  const intake = new TicketIntake(deps);

  router
    .route('/ticket')
    .post(rateLimits.ticket, jsonBody({ limit: MAX_BODY_BYTES }), async (request, response) => {
      await eventLoopTurn();
      const { status, body, location } = await intake.submit(await intake.admit(request, request.body, response));
      if (location !== undefined) response.setHeader('Location', location);
      sendJson(response, status, body);
    })
    .all(methodNotAllowed('POST'));

  const admitOfBatch = async (request: Request, item: unknown): Promise<ReadTicket> => {
    await rateLimits.ticketOfBatch(request);
    if (item instanceof HttpProblem) throw item;
    refuseTooLarge(item);
    return intake.admit(request, item);
  };

  router.route('/tickets').post(rateLimits.batch, batchBody, async (request, response) => {
    const results = await intake
      .resultsOf(request.body as readonly unknown[], {
        admit: (item) => admitOfBatch(request, item),
        answer: (ticket) => intake.submit(ticket),
      })
      .finally(() => releaseBatch(request));
    await rateLimits.afterBatch(request, response);
    await sendJsonList(
      response,
      207,
      'results',
      results.map(({ json }) => json),
    );
  });
}
