import type { ApiKey, Config, KeyDomain } from '@smart-support/config';
import type { Logger, Metrics } from '@smart-support/telemetry';
import type { HookReceiver } from '@smart-support/ticket-hooks';
import { RateLimits } from './access/rate-limits';
import type { Engine } from './engine';

/** What the gateway's routes work with. They own none of it. */
export interface GatewayDependencies {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** The address that it listens at. */
  readonly host: string;
  /** The keys that open the API; without them it is open to every caller that reaches it. */
  readonly apiKeys: readonly ApiKey[] | undefined;
  /** Trust domains of keys; each of the others has one of its own. */
  readonly keyDomains: readonly KeyDomain[] | undefined;
  /** What callers may do in a minute. */
  readonly rateLimits: RateLimits;
  /** Proxies whose `X-Forwarded-For` is trusted; none if left out. */
  readonly trustedProxies: readonly string[] | undefined;
  /** Origins whose pages may call the API from a browser; none if left out. */
  readonly corsOrigins: '*' | readonly string[] | undefined;
  /** Sources of webhooks that become tickets, by name. */
  readonly hooks: ReadonlyMap<string, HookReceiver>;
  /** Whether the operator has switched the models off. */
  readonly modelFallback: boolean;
  /** Whether injected faults are honoured. */
  readonly faultsInjected: boolean;
  /** Version that `GET /health` shows. */
  readonly version: string;
  /** Whether the process takes new work; `GET /readyz` answers 503 otherwise. */
  readonly isReady: () => boolean;
}

/** Adds the settings that the routes show. */
export function gatewayDependencies(
  config: Config,
  parts: Pick<GatewayDependencies, 'engine' | 'metrics' | 'logger' | 'hooks' | 'version' | 'isReady'>,
): GatewayDependencies {
  const { access, http, models, faultInjection } = config;
  return {
    ...parts,
    host: http.host,
    apiKeys: access.keys,
    keyDomains: access.keyDomains,
    rateLimits: new RateLimits(config, parts.engine.countTogether),
    trustedProxies: access.trustedProxies,
    corsOrigins: access.corsOrigins,
    modelFallback: models.fallback,
    faultsInjected: faultInjection.allowed && faultInjection.file !== undefined,
  };
}
