import express from 'express';

/**
 * What any Express server must do at the least: read the ticket's JSON and answer the bytes that the gateway would.
 * The answer comes from `ANSWER`, one ticket as the gateway gave it; the text is the request's own.
 * Run as a process: `node bare-server.js`.
 */
const answer = JSON.parse(process.env['ANSWER'] ?? '{}') as Record<string, unknown>;

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/ticket', express.json({ limit: 65_536 }), (request, response) => {
  const { text } = request.body as { readonly text: string };
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ ...answer, text }));
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 }));
});
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
