import { startRedisServer } from '@smart-support/testing';
import { describeConformanceOn } from './spec-support/conformance';
import { asDocumentedUser } from './spec-support/documented-rights';

describeConformanceOn('a Redis whose user has the documented rights only', async () => {
  const server = await startRedisServer();
  return { ...(await asDocumentedUser(server)), stop: () => server.stop() };
});
