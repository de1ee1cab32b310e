import type { EventReport, WebhookObserver } from '../src';

/** Records the calls of an observer, as `delivered T-1`, and their arguments. */
export class RecordingObserver implements WebhookObserver {
  readonly reports: string[] = [];
  readonly given: unknown[][] = [];
  readonly delivered = this.note('delivered');
  readonly retryScheduled = this.note('retryScheduled');
  readonly givenUp = this.note('givenUp');
  readonly endpointGone = this.note('endpointGone');
  readonly recordedOnly = this.note('recordedOnly');

  error(error: unknown): void {
    this.reports.push(`error ${(error as { readonly code?: string }).code ?? String(error)}`);
  }

  /** How many reports begin with this. */
  count(what: string): number {
    return this.reports.filter((report) => report.startsWith(what)).length;
  }

  private note(what: string) {
    return (report: EventReport, ...more: unknown[]): void => {
      this.reports.push(`${what} ${report.id}`);
      this.given.push([report, ...more]);
    };
  }
}
