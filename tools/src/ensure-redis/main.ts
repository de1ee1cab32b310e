import { ensureRedis } from './ensure-redis';
import { versionText } from './redis-version';

/** `nx run tools:ensure-redis`: a `redis-server` for tests and tools, installed where that needs no password. */
const redis = ensureRedis((line) => console.error(line));
if (redis.ready) console.log(`redis-server ${versionText(redis.version)}`);
else console.error(redis.reason);
process.exitCode = redis.ready ? 0 : 1;
