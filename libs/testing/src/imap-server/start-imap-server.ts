import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../redis-server/free-port';
import { ProcessReaper } from '../redis-server/process-reaper';
import { ImapServer, type ImapAccount } from './imap-server';

/** Attempts to find a free port: another process may take it first. */
const MOST_TRIES = 10;

const START_MS = 20_000;
const POLL_MS = 10;

/** Where Debian has it, which is not on every user's PATH. */
const IN_DEBIAN = '/usr/sbin/dovecot';
const PROGRAM = existsSync(IN_DEBIAN) ? IN_DEBIAN : 'dovecot';

/** A user without rights, whom mails belong to: dovecot serves none of root. */
const NOBODY = 65_534;

const ACCOUNT: ImapAccount = { user: 'help', password: 'correct-horse' };

/**
 * Starts a real IMAP server, dovecot, on 127.0.0.1, in a temporary directory, with one empty account, and waits until it greets. When the test process dies, the server ends
 * and its directory is removed.
 * @throws Error when no dovecot is installed (the message names the package), or it does not come up within 20 s (the message ends with its log)
 */
export async function startImapServer(): Promise<ImapServer> {
  const directory = await mkdtemp(join(tmpdir(), 'smart-support-imap-'));
  await chmod(directory, 0o755);
  const reaper = new ProcessReaper(directory);
  const mails = join(directory, 'mails');
  mkdirSync(mails);
  if (userInfo().uid === 0) chownSync(mails, NOBODY, NOBODY);
  let launched: Launched | undefined;
  const launch = async (port: number): Promise<void> => {
    launched = await launchOn(port, directory);
    reaper.setProcess(launched.group);
  };
  const end = async (): Promise<void> => {
    await launched?.end();
    reaper.clearProcess();
  };
  const remove = async (): Promise<void> => {
    await end();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    await reaper.close();
  };
  try {
    for (let tries = 1; ; tries += 1) {
      const port = await findFreePort();
      try {
        await launch(port);
        return new ImapServer({ port, mails, ...ACCOUNT, owner: ownerOf(), launch: () => launch(port), end, remove });
      } catch (problem) {
        if (!String(problem).includes('Address already in use') || tries === MOST_TRIES) throw problem;
      }
    }
  } catch (problem) {
    await remove();
    throw problem;
  }
}

const ownerOf = (): number | undefined => (userInfo().uid === 0 ? NOBODY : undefined);

interface Launched {
  /** What `kill` calls it: the process id of the first of them, below zero. */
  readonly group: number;
  end(): Promise<void>;
}

async function launchOn(port: number, directory: string): Promise<Launched> {
  const logFile = join(directory, 'dovecot.log');
  const configFile = join(directory, 'dovecot.conf');
  writeFileSync(configFile, configuration(port, directory));
  const log = openSync(logFile, 'a');
  const before = readFileSync(logFile).length;
  const output = (): string => readFileSync(logFile).toString('utf8', before).trim();
  try {
    const child = spawn(PROGRAM, ['-F', '-c', configFile], {
      stdio: ['ignore', log, log],
      // Its processes are a group of their own, which ends as a whole: without their master they would serve on for seconds.
      detached: true,
    });
    await once(child, 'spawn').catch((problem) => Promise.reject(explainSpawn(problem)));
    const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    const group = -(child.pid ?? 0);
    const end = async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) process.kill(group, 'SIGKILL');
      await ended;
    };
    try {
      await untilItGreets(child, port, output);
      return { group, end };
    } catch (problem) {
      await end();
      throw problem;
    }
  } finally {
    closeSync(log);
  }
}

async function untilItGreets(child: ChildProcess, port: number, output: () => string): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (child.exitCode === null) {
    if (await greets(port)) return;
    if (performance.now() > deadline) break;
    await sleep(POLL_MS);
  }
  throw new Error(`dovecot did not start:\n${output()}`);
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function configuration(port: number, directory: string): string {
  const { uid, gid, username } = userInfo();
  const isRoot = uid === 0;
  const [mailUid, mailGid] = isRoot ? [NOBODY, NOBODY] : [uid, gid];
  // Only root can change the user and the root directory of a process.
  const asOneUser = `
default_internal_user = ${username}
default_login_user = ${username}
default_internal_group = ${isRoot ? '' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
`;
  const { stdout } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  const isOld = stdout?.startsWith('2.3.') ?? false;
  const account = isOld ? settingsOfOld(directory, mailUid, mailGid) : settingsOfNew(directory, mailUid, mailGid);
  return `${account}
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain
auth_failure_delay = 0
base_dir = ${directory}/run
state_dir = ${directory}/run
log_path = ${directory}/dovecot.log
first_valid_uid = 1
mail_max_userip_connections = 100
# No penalty for wrong passwords.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
${isRoot ? '' : asOneUser}`;
}

function settingsOfOld(directory: string, uid: number, gid: number): string {
  return `protocols = imap
disable_plaintext_auth = no
mail_location = maildir:${directory}/mails
passdb {
  driver = static
  args = password=${ACCOUNT.password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${directory}/mails
}`;
}

/** Since 2.4, settings have other names. */
function settingsOfNew(directory: string, uid: number, gid: number): string {
  return `dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {
  imap = yes
}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ${directory}/mails
namespace inbox {
  inbox = yes
}
passdb static {
  password = ${ACCOUNT.password}
}
userdb static {
  fields {
    uid = ${uid}
    gid = ${gid}
    home = ${directory}/mails
  }
}`;
}

function explainSpawn(problem: NodeJS.ErrnoException): Error {
  if (problem.code !== 'ENOENT') return problem;
  return new Error(
    'There is no dovecot on the PATH: install its IMAP server ' +
      '(Debian, Ubuntu: apt-get install dovecot-imapd; Fedora: dnf install dovecot; macOS: brew install dovecot).',
  );
}
