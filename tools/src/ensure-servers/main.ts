import { ensureServers } from './ensure-servers';
import { versionText } from './version';

/** `nx run tools:ensure-servers`: the servers that tests and tools start, installed where that needs no password. */
for (const server of ensureServers((line) => console.error(line))) {
  if (server.ready) console.log(`${server.program} ${versionText(server.version)}`);
  else {
    console.error(server.reason);
    process.exitCode = 1;
  }
}
