import type { Logger, Metrics } from '@smart-support/telemetry';
import type { Engine } from './engine';

/** What the gateway's routes work with. They own none of it. */
export interface GatewayDependencies {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Version that `GET /health` tells. */
  readonly version: string;
  /** Whether the process takes new work; `GET /readyz` answers 503 otherwise. */
  readonly isReady: () => boolean;
}
