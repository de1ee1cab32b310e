import type { Config } from '@smart-support/config';
import { keepConnections, limitConnections } from '@smart-support/runtime';
import { type GatewayDependencies, gatewayDependencies } from './dependencies';
import { createGateway } from './gateway';
import { DrainableServer } from './http/drainable-server';

/** The gateway's HTTP server with the limits of its connections, not listening yet. It is ready until it drains. */
export function createGatewayServer(
  config: Config,
  parts: Pick<GatewayDependencies, 'engine' | 'metrics' | 'logger' | 'hooks' | 'version'>,
): DrainableServer {
  const server = new DrainableServer();
  keepConnections(server.http, config.http.keepAliveMs);
  limitConnections(server.http);
  const isReady = (): boolean => !server.isDraining;
  server.http.on('request', createGateway(gatewayDependencies(config, { ...parts, isReady })));
  return server;
}
