/** One instruction of a Dockerfile, its continuation lines joined. */
interface Instruction {
  /** In capitals, for example `RUN`. */
  readonly name: string;
  readonly rest: string;
}

/** Settings of the last stage of a Dockerfile, which all containers start with. */
export interface ImageSettings {
  /** Variables that every container starts with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Numeric user and group of the process. */
  readonly user: { readonly uid: number; readonly gid: number };
}

function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const joined = lines.join('\n').replaceAll('\\\n', ' ').split('\n');
  return joined
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const end = line.search(/\s|$/);
      return { name: line.slice(0, end).toUpperCase(), rest: line.slice(end).trim() };
    });
}

/**
 * Reads the settings that the check needs: `ENV` in the form `NAME=value` without quotes, and `USER` as numbers.
 * @throws Error when the last stage names no user by numbers, or gives a variable in another form
 */
export function readImageSettings(dockerfile: string): ImageSettings {
  const all = instructionsOf(dockerfile);
  const last = all.slice(all.findLastIndex(({ name }) => name === 'FROM') + 1);
  const rest = (wanted: string): readonly string[] =>
    last.filter(({ name }) => name === wanted).map((instruction) => instruction.rest);

  const user = /^(?<uid>\d+):(?<gid>\d+)$/.exec(rest('USER').at(-1) ?? '')?.groups;
  if (!user) throw new Error('The last stage must name its user by numbers, as in "USER 1000:1000".');
  return {
    environment: Object.fromEntries(
      rest('ENV')
        .flatMap((line) => line.split(/\s+/))
        .map(readVariable),
    ),
    user: { uid: Number(user['uid']), gid: Number(user['gid']) },
  };
}

function readVariable(text: string): readonly [string, string] {
  const [name, value, ...more] = text.split('=');
  if (!name || value === undefined || more.length > 0 || /["'$\\]/.test(value)) {
    throw new Error(`This check reads variables in the form NAME=value only, not "${text}".`);
  }
  return [name, value];
}
