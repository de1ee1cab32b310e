import { hash } from 'node:crypto';
import type { Config } from '@smart-support/config';
import { type TicketInput, requesterKey } from '@smart-support/contracts';
import { machineTest } from '@smart-support/pipeline';
import type { Request, RequestHandler, Response } from 'express';
import { HttpProblem } from '../http/problem';
import { type Caller, callerName } from '../http/caller';
import { type Allowance, type CountTogether, RateLimiter } from './rate-limiter';

/** Tickets, and other requests, a minute of one key where nothing else is set. */
const PER_KEY = 6000;

/** What callers may do in a minute. */
export class RateLimits {
  private readonly tickets: RateLimiter | undefined;
  private readonly requests: RateLimiter | undefined;
  private readonly requesters: RateLimiter | undefined;
  private readonly isMachine: ReturnType<typeof machineTest>;

  /** @param countTogether - left out where there is no shared store */
  constructor(
    { limits, access, machines }: Pick<Config, 'limits' | 'access' | 'machines'>,
    countTogether: CountTogether | undefined,
  ) {
    const limiter = (policy: string, perMinute: number): RateLimiter | undefined =>
      perMinute > 0 ? new RateLimiter(policy, perMinute, countTogether) : undefined;
    // Without keys one address may stand for many callers, and each of them may do everything as it is.
    const perCaller = access.keys === undefined ? 0 : PER_KEY;
    this.tickets = limiter('tickets', limits.ticketsPerMinute ?? perCaller);
    this.requests = limiter('requests', limits.requestsPerMinute ?? perCaller);
    this.requesters = limiter('requester', limits.requesterPerMinute);
    this.isMachine = machineTest(machines);
  }

  /** Counts a request that sends no tickets. Refuses with 429. */
  readonly request: RequestHandler = async (request, response, next) => {
    if (this.requests) requireGranted(response, this.requests, await this.requests.take(callerName(request)));
    next();
  };

  /** Counts one ticket before its body is read. Refuses with 429. */
  readonly ticket: RequestHandler = async (request, response, next) => {
    if (this.tickets) requireGranted(response, this.tickets, await this.tickets.take(callerName(request)));
    next();
  };

  /** Counts a batch as one request, and admits it if a ticket is left. Refuses with 429. */
  readonly batch: RequestHandler = async (request, response, next) => {
    if (this.requests) refuseUnlessGranted(this.requests, await this.requests.take(callerName(request)));
    if (this.tickets) requireGranted(response, this.tickets, await this.tickets.look(callerName(request)));
    next();
  };

  /** Counts one ticket of a batch. @throws HttpProblem 429 */
  async ticketOfBatch(request: Request): Promise<void> {
    if (this.tickets) refuseUnlessGranted(this.tickets, await this.tickets.take(callerName(request)));
  }

  /** Sets the headers of the limits after a batch. */
  async afterBatch(request: Request, response: Response): Promise<void> {
    if (this.tickets) setLimitHeaders(response, this.tickets, await this.tickets.look(callerName(request)));
  }

  /**
   * Counts one ticket of its requester; those of programs and without a requester are not counted.
   * @param response - of a single ticket, to get the headers of the limits
   * @throws HttpProblem 429
   */
  async requester(input: TicketInput, caller: Caller | undefined, response?: Response): Promise<void> {
    const requester = requesterKey(input.requester);
    if (!this.requesters || requester === null || this.isMachine(input)) return;
    const name = `${caller?.source.domain ?? ''}:${hash('sha256', requester, 'base64url')}`;
    const allowance = await this.requesters.take(name);
    if (response) setLimitHeaders(response, this.requesters, allowance);
    refuseUnlessGranted(this.requesters, allowance);
  }
}

function requireGranted(response: Response, limiter: RateLimiter, allowance: Allowance): void {
  setLimitHeaders(response, limiter, allowance);
  refuseUnlessGranted(limiter, allowance);
}

/** By the headers of draft-ietf-httpapi-ratelimit-headers-11. */
function setLimitHeaders(response: Response, { policy, perMinute }: RateLimiter, allowance: Allowance): void {
  response.appendHeader('RateLimit-Policy', `"${policy}";q=${perMinute};w=60`);
  response.appendHeader('RateLimit', `"${policy}";r=${allowance.remaining};t=${allowance.resetsInSeconds}`);
}

function refuseUnlessGranted({ policy, perMinute }: RateLimiter, { isGranted, resetsInSeconds }: Allowance): void {
  if (isGranted) return;
  const whose = policy === 'requester' ? 'this requester' : 'this caller';
  const what = policy === 'requests' ? 'requests' : 'tickets';
  throw new HttpProblem(429, `No more than ${perMinute} ${what} a minute are taken of ${whose}.`, {
    retryAfter: resetsInSeconds,
  });
}
