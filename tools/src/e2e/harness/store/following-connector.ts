import { connect } from 'node:net';
import { AbstractConnector } from 'ioredis';

/** How long a connection that is ended may stay open, in milliseconds. */
const DISCONNECT_MS = 200;

/** Connects the tool's own client, at every connect anew, to the server of now. @param portOf - on 127.0.0.1 */
export function followingConnector(portOf: () => number): new () => AbstractConnector {
  return class extends AbstractConnector {
    constructor() {
      super(DISCONNECT_MS);
    }

    override async connect(): ReturnType<AbstractConnector['connect']> {
      this.connecting = true;
      this.stream = connect({ host: '127.0.0.1', port: portOf() });
      return this.stream;
    }
  };
}
