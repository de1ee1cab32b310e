import express from 'express';
import { Redis } from 'ioredis';

/**
 * The minimum for comparison with the gateway: listens on `PORT`, reads a ticket's JSON without validation and answers `STATUS` with `ANSWER`, one ticket
 * as the gateway answers it. With `REDIS_URL` it pushes the ticket to a list first. Run as a process: `node bare-server.js`.
 */
const { PORT, ANSWER = '{}', STATUS = '200', REDIS_URL } = process.env;
const answer = JSON.parse(ANSWER) as Record<string, unknown>;
const redis = REDIS_URL === undefined ? undefined : new Redis(REDIS_URL);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/ticket', express.json({ limit: 65_536 }), async (request, response) => {
  const ticket = request.body as { readonly text: string };
  await redis?.lpush('tickets', JSON.stringify(ticket));
  response.status(Number(STATUS)).setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(redis ? ANSWER : JSON.stringify({ ...answer, text: ticket.text }));
});

app.listen(Number(PORT), '127.0.0.1', () => console.log(JSON.stringify({ msg: 'listening' })));
