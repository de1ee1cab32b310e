import { createHash } from 'node:crypto';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request for one file in place of the hub; `visit` counts from 1. */
export type Answer = (request: IncomingMessage, response: ServerResponse, visit: number) => void;

/** A recorded request. */
export interface Visited {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
export const gitBlob = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
/** The hub has a separate hash of large files. */
const isLarge = (path: string): boolean => path.includes('.onnx');

/** An HTTP server on a free port with the part of the hub's API that our client uses. For specs. */
export class FakeHub {
  readonly files = new Map<string, Buffer>();
  /** Path of a file to another answer. */
  readonly answers = new Map<string, Answer>();
  readonly visited: Visited[] = [];
  /** Whether it lists the hashes of its files; a simple mirror does not. */
  listsFiles = true;
  pageSize = 1000;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#serve(request, response));
  }

  static async start(files: Readonly<Record<string, Buffer | string>>): Promise<FakeHub> {
    const hub = new FakeHub();
    for (const [path, content] of Object.entries(files)) hub.files.set(path, Buffer.from(content));
    await new Promise<void>((resolve) => hub.#server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Paths of the requested files, in order. */
  get downloads(): readonly string[] {
    return this.visited.filter(({ method, path }) => method === 'GET' && path.startsWith('/')).map(({ path }) => path);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const path = /^\/[^/]+\/[^/]+\/resolve\/[^/]+\/(?<path>.+)$/.exec(url.pathname)?.groups?.['path'];
    const method = request.method ?? 'GET';
    const name = path ?? url.pathname.slice(1);
    this.visited.push({
      method,
      path: path === undefined ? `api:${url.pathname}` : `/${path}`,
      headers: request.headers,
    });
    const visit = this.visited.filter((each) => each.method === 'GET' && each.path === `/${name}`).length;
    const answer = this.answers.get(path === undefined ? 'listing' : name);
    if (answer && method === 'GET') answer(request, response, visit);
    else if (path === undefined) this.#list(url, response);
    else this.send(name, request, response);
  }

  /** The correct answer to a request for a file or a range of it. */
  send(path: string, request: IncomingMessage, response: ServerResponse): void {
    const content = this.files.get(path);
    if (!content) return void response.writeHead(404).end('Entry not found');
    const etag = `"${gitBlob(content)}"`;
    response.setHeader('x-repo-commit', COMMIT).setHeader('etag', etag);
    if (isLarge(path)) response.setHeader('x-linked-etag', `"${sha256(content)}"`);
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start > 0 && request.headers['if-range'] === etag) {
      const range = `bytes ${start}-${content.byteLength - 1}/${content.byteLength}`;
      const rest = content.subarray(start);
      response.writeHead(206, { 'content-range': range, 'content-length': rest.byteLength }).end(rest);
    } else {
      response.writeHead(200, { 'content-length': content.byteLength });
      response.end(request.method === 'HEAD' ? undefined : content);
    }
  }

  /** Sends the beginning of a file and breaks the connection after some bytes. */
  cut(path: string, after: number, response: ServerResponse): void {
    const content = this.files.get(path) ?? Buffer.alloc(0);
    response.writeHead(200, { 'content-length': content.byteLength, etag: `"${gitBlob(content)}"` });
    response.write(content.subarray(0, after), () => response.destroy());
  }

  #list(url: URL, response: ServerResponse): void {
    if (!this.listsFiles) return void response.writeHead(404).end();
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const entries = [...this.files].map(([path, content]) => ({
      type: 'file',
      path,
      size: content.byteLength,
      oid: isLarge(path) ? '0'.repeat(40) : gitBlob(content),
      ...(isLarge(path) && { lfs: { oid: sha256(content), size: content.byteLength, pointerSize: 134 } }),
    }));
    const next = start + this.pageSize;
    if (next < entries.length)
      response.setHeader('link', `<${url.origin}${url.pathname}?recursive=true&cursor=${next}>; rel="next"`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ type: 'directory', path: 'onnx', oid: 'x' }, ...entries.slice(start, next)]));
  }
}
