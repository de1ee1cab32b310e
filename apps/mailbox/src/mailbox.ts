import type { TimerClock } from '@smart-support/contracts';
import type { Logger, Metrics } from '@smart-support/telemetry';
import type { MailFolder } from './folder/mail-folder';
import { GatewayClient, type SendCall, Stopped } from './gateway/gateway-client';
import { AutomaticMailLimit } from './mail/automatic-mail-limit';
import { readMail } from './mail/read-mail';
import { takeMail } from './mail/take-mail';
import { ticketIdOf } from './mail/ticket-of-mail';
import { pause } from './pause';

/** Bounds of the wait before a folder is opened again, in milliseconds. */
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** After so many failures to read a mail, only its header is read; after so many more it is marked as refused, so that it stops no other one. */
const MOST_FAILURES = 3;

/** Mails of which failures are remembered. */
const MOST_FAILING = 1_000;

/** What {@link Mailbox} works with. */
export interface MailboxOptions {
  readonly openFolder: () => Promise<MailFolder>;
  readonly send: SendCall;
  /** How long it waits for an announcement before it looks for mails, in milliseconds. */
  readonly pollMs: number;
  readonly clock: TimerClock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'mails'>;
}

/**
 * Makes tickets of the mails of a folder, one after the other in the order of their arrival. A mail is marked once the gateway has answered, and no other state is kept: after
 * whatever end, the next process begins with the first mail that bears no mark, and what was taken already is taken once.
 */
export class Mailbox {
  private readonly stopping = new AbortController();
  private readonly gateway: GatewayClient;
  private readonly automaticMails = new AutomaticMailLimit();
  /** By `<validity of the folder> <uid>`. */
  private readonly failures = new Map<string, number>();
  private folder: MailFolder | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: MailboxOptions) {
    const { send, clock, logger } = options;
    this.gateway = new GatewayClient({ send, clock, logger, stop: this.stopping.signal });
  }

  /** Whether it takes mails now. */
  get isReady(): boolean {
    return this.folder !== undefined && !this.gateway.isWaiting && !this.stopping.signal.aborted;
  }

  /** How the folder and the gateway are doing. */
  get report(): { readonly imap: 'up' | 'down'; readonly gateway: 'up' | 'waiting' } {
    return { imap: this.folder ? 'up' : 'down', gateway: this.gateway.isWaiting ? 'waiting' : 'up' };
  }

  /** Begins to take mails. */
  start(): void {
    this.ended = this.run();
  }

  /** Finishes the mail in flight, unless it waits for the gateway, and closes the folder. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { clock, logger } = this.options;
    const { signal } = this.stopping;
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        const folder = await this.options.openFolder();
        this.folder = folder;
        logger.info({}, 'the folder is open');
        tries = 0;
        await this.serve(folder);
      } catch (error) {
        if (error instanceof Stopped) break;
        // Its absence is logged once.
        if (tries === 0) logger.error({ err: error, ...imapProblem(error) }, 'the folder is away');
        else logger.debug({ err: error, ...imapProblem(error) }, 'the folder is still away');
      } finally {
        const { folder } = this;
        this.folder = undefined;
        await folder?.close();
      }
      await pause(clock, Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(tries, 10)), signal);
    }
  }

  /** Returns when the mailbox stops. @throws what the folder throws, Stopped */
  private async serve(folder: MailFolder): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      for (const uid of await folder.unmarked()) {
        if (signal.aborted) return;
        await this.take(folder, uid);
      }
      await folder.waitForMail(this.options.pollMs, signal);
    }
  }

  private async take(folder: MailFolder, uid: number): Promise<void> {
    const { logger, metrics } = this.options;
    const name = `${folder.validity} ${uid}`;
    const failures = this.failures.get(name) ?? 0;
    if (failures >= 2 * MOST_FAILURES) {
      await folder.mark(uid, 'refused');
      this.failures.delete(name);
      metrics.mails.countMail('refused');
      logger.error({ uid }, 'a mail cannot be read, and is marked as refused');
      return;
    }
    this.countFailure(name, failures);
    const fetched = await folder.read(uid, failures >= MOST_FAILURES);
    const mail = fetched && (await readMail(fetched));
    this.failures.delete(name);
    if (!mail) return;
    const outcome = await takeMail(mail, { gateway: this.gateway, automaticMails: this.automaticMails });
    await folder.mark(uid, outcome === 'refused' ? 'refused' : 'taken');
    metrics.mails.countMail(outcome);
    const fields = { uid, ticket_id: ticketIdOf(mail.key), outcome };
    if (outcome === 'refused') logger.error(fields, 'a mail was refused by the gateway');
    else if (outcome === 'automatic')
      logger.warn(fields, 'one of too many automatic mails of a sender was marked and not sent');
    else logger.info(fields, 'a mail was taken');
  }

  /** Counted before a mail is read: one that breaks the connection is the one that was being read. */
  private countFailure(name: string, before: number): void {
    if (this.failures.size >= MOST_FAILING) this.failures.clear();
    this.failures.set(name, before + 1);
  }
}

/** What the server says, which the message of an error of the client does not repeat. */
function imapProblem(error: unknown): { readonly problem?: string } {
  const { authenticationFailed, responseText } = error as { authenticationFailed?: unknown; responseText?: unknown };
  if (authenticationFailed === true) return { problem: 'the server refuses user or password' };
  return typeof responseText === 'string' ? { problem: responseText } : {};
}
