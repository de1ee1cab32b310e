import express from 'express';
import { Redis } from 'ioredis';

/**
 * The least that a server must do which only puts tickets on a list: read the JSON, push it, answer the bytes that the gateway would.
 * It validates nothing. The answer comes from `ANSWER`, the list is in the Redis at `REDIS_URL`. Run as a process.
 */
const redis = new Redis(process.env['REDIS_URL'] ?? '');
const answer = process.env['ANSWER'] ?? '{}';

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/ticket', express.json({ limit: 65_536 }), async (request, response) => {
  await redis.lpush('tickets', JSON.stringify(request.body));
  response.status(202).setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(answer);
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 }));
});
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  redis.disconnect();
});
