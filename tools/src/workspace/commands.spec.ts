import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listProjects } from './projects';

const ROOT = resolve(__dirname, '../../..');

/** The built programs that a `package.json` runs, as paths of their sources. */
function programsOf(directory: string): readonly string[] {
  const manifest = readFileSync(join(directory, 'package.json'), 'utf8');
  return [...manifest.matchAll(/node ([\w/-]+)\/(?:dist|out-tsc\/[\w-]+)\/([\w/-]+)\.js/g)].map(
    ([, project = '', program = '']) => `${project}/src/${program}.ts`,
  );
}

describe('the commands in package.json', () => {
  it.each([ROOT, ...listProjects(ROOT).map((project) => project.directory)].flatMap(programsOf))(
    'run a program that exists: %s',
    (program) => {
      expect(existsSync(join(ROOT, program))).toBe(true);
    },
  );
});
