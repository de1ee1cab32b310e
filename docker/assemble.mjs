/**
 * Lays out what runs in the image, and nothing else, in the folders of the repository.
 *
 * Usage, from the root of a workspace that is installed and built: `node docker/assemble.mjs <directory> [amd64|arm64]`.
 * The directory must not exist yet. Without a processor's name, this machine's is taken.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const APPS = ['apps/gateway', 'apps/worker', 'apps/mailbox'];
const BESIDE_THE_APPS = ['entrypoint.sh', 'health-check.mjs'];

/** What Docker calls a processor, in the words of Node.js. */
const PROCESSORS = { amd64: 'x64', arm64: 'arm64' };

/** Of our own packages, what only compilers and debuggers read. */
const NOT_FOR_RUNNING = /\.(?:ts|map|tsbuildinfo)$/;

/** Each platform's runtime of the models, about 250 MB together. */
const RUNTIMES = /^node_modules\/onnxruntime-node\/bin\/napi-v\d+\/(?<platform>[^/]+)\/(?<processor>[^/]+)/;

const root = realpathSync(process.cwd());

/** The folders of the packages that the apps need at run time, relative to the root: ours, and those of others. */
function neededPackages() {
  const workspaces = APPS.map((app) => `--workspace=${app}`);
  const args = ['ls', '--omit=dev', '--all', '--parseable', ...workspaces];
  const listed = execFileSync('npm', args, { encoding: 'utf8', shell: false }).trim().split('\n');
  // Of ours, npm names the link that stands among the others.
  const folders = [...new Set(listed.map((path) => relative(root, realpathSync(path))))].filter((path) => path !== '');
  const isOurs = (path) => !path.split(sep).includes('node_modules');
  return { ours: folders.filter(isOurs), others: folders.filter((path) => !isOurs(path)) };
}

/** Every file under a path; the path itself if it is a file. */
function filesUnder(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesUnder(join(path, name)));
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
  // Whoever built this, with whatever umask: everybody may read, and run what could be run.
  chmodSync(to, statSync(from).mode & 0o100 ? 0o755 : 0o644);
}

/** Ours: what the package publishes, without its sources; what it reads out of `src`, as the broker its Lua, stays. */
function copyOurs(folder, target) {
  const { name, files = ['dist'] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const published = ['package.json', 'LICENSE', ...files.filter((entry) => !entry.startsWith('!'))];
  published
    .map((entry) => join(folder, entry))
    .filter((path) => existsSync(path))
    .flatMap(filesUnder)
    .filter((file) => !NOT_FOR_RUNNING.test(file))
    .forEach((file) => copy(file, join(target, file)));
  const link = join(target, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(target, folder)), link);
}

/** Of others: the whole package, but packages inside it only where they are needed too. */
function copyOthers(folder, target, processor) {
  readdirSync(folder)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesUnder(join(folder, name)))
    .filter((file) => {
      const runtime = RUNTIMES.exec(file)?.groups;
      return runtime === undefined || (runtime.platform === 'linux' && runtime.processor === processor);
    })
    .forEach((file) => copy(file, join(target, file)));
}

function assemble(target, processor) {
  if (existsSync(target)) throw new Error(`${target} exists already`);
  const { ours, others } = neededPackages();
  ours.forEach((folder) => copyOurs(folder, target));
  others.forEach((folder) => copyOthers(folder, target, processor));
  BESIDE_THE_APPS.forEach((file) => copy(join('docker', file), join(target, file)));

  const unbuilt = ours.filter((folder) => !existsSync(join(target, folder, 'dist')));
  if (unbuilt.length > 0) throw new Error(`not built: ${unbuilt.join(', ')}`);
  const runtime = filesUnder(target).filter((file) =>
    file.endsWith(join('linux', processor, 'onnxruntime_binding.node')),
  );
  if (runtime.length !== 1)
    throw new Error(`expected one runtime of the models for ${processor}, found ${runtime.length}`);
  console.log(`${ours.length} packages of ours and ${others.length} of others for linux on ${processor}`);
}

try {
  const [directory, dockerProcessor] = process.argv.slice(2);
  if (!directory) throw new Error('say where to: node docker/assemble.mjs <directory> [amd64|arm64]');
  const processor = dockerProcessor ? PROCESSORS[dockerProcessor] : process.arch;
  if (!processor)
    throw new Error(`there is no runtime of the models for "${dockerProcessor}", only for amd64 and arm64`);
  assemble(resolve(directory), processor);
} catch (error) {
  console.error(`Nothing to build an image from: ${error.message}`);
  process.exitCode = 1;
}
