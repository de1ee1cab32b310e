import type { EventReport, WebhookObserver } from '../src';

/** What an observer was told, as `delivered T-1`, and everything that it was given. */
export class RecordingObserver implements WebhookObserver {
  readonly told: string[] = [];
  readonly given: unknown[][] = [];
  readonly delivered = this.note('delivered');
  readonly putOff = this.note('putOff');
  readonly givenUp = this.note('givenUp');
  readonly endpointGone = this.note('endpointGone');
  readonly recordedOnly = this.note('recordedOnly');

  error(error: unknown): void {
    this.told.push(`error ${(error as { readonly code?: string }).code ?? String(error)}`);
  }

  /** How often something was told. */
  count(what: string): number {
    return this.told.filter((told) => told.startsWith(what)).length;
  }

  private note(what: string) {
    return (report: EventReport, ...more: unknown[]): void => {
      this.told.push(`${what} ${report.id}`);
      this.given.push([report, ...more]);
    };
  }
}
