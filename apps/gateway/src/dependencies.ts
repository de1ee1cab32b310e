import type { Broker, HealthReport } from '@smart-support/contracts';
import type { Pipeline } from '@smart-support/pipeline';
import type { Logger, Metrics } from '@smart-support/telemetry';

/** What the gateway's routes work with. They own none of it. */
export interface GatewayDependencies {
  readonly pipeline: Pipeline;
  readonly broker: Broker;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Assembles `GET /health`. */
  readonly health: () => Promise<HealthReport>;
  /** Whether the process takes new work; `GET /readyz` answers 503 otherwise. */
  readonly isReady: () => boolean;
}
