import { isSmartSupportError } from '@smart-support/contracts';
import { COMMANDS, type Call, type Command } from './commands/command-table';
import { ALL_SCENES, type Scene } from './spec-support/command-scenes';
import { RawCommands } from './spec-support/raw-commands';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();

/** A fresh domain in which everything is ready for a command. */
async function ready({ prepare }: Scene): Promise<readonly [Domain, Call<Command>]> {
  const domain = newDomain();
  return [domain, await prepare(new RawCommands(domain), domain)];
}

/** Puts something else into a key, runs a command, takes it away again, and says how that went. */
async function damageAndMend(command: Command, scene: Scene, key: string): Promise<string> {
  const [domain, args] = await ready(scene);
  await domain.damage(key);
  const before = await domain.dump();
  const reply = await domain.run(command, ...args).catch((error: unknown) => error as Error);
  if (reply instanceof Error) {
    if (!isSmartSupportError(reply, 'corrupt')) return `failed: ${reply.message}`;
    expect(await domain.dump()).toEqual(before);
    await domain.mend(key);
    await domain.run(command, ...args);
    expect(await domain.audit()).toEqual([]);
    return 'refused as corrupt';
  }
  const check = scene.copes?.[key];
  if (!check) return `answered ${JSON.stringify(reply)}`;
  await check(reply, domain);
  expect((await domain.dump())[key]?.[0]).toBe(scene.givenUp?.includes(key) ? undefined : 'stream');
  if (scene.givenUp?.includes(key)) return 'coped';
  await domain.mend(key);
  await new RawCommands(domain).sweep();
  expect(await domain.audit()).toEqual([]);
  // Whatever was put aside has come back by itself.
  expect((await domain.dump())['tickets:quarantined']).toBeUndefined();
  return 'coped';
}

describe('a key that holds something else', () => {
  it('is tested for every command', () => {
    expect(new Set(ALL_SCENES.map(([command]) => command))).toEqual(new Set(Object.keys(COMMANDS)));
  });

  it.each(ALL_SCENES)('keeps "%s" %s from changing anything, whichever key it is', async (command, _name, scene) => {
    const [domain, args] = await ready(scene);
    const keys = await domain.keysTouchedBy(() => domain.run(command, ...args));
    expect(keys).not.toEqual([]);
    expect(await domain.audit()).toEqual([]);
    const outcomes: Record<string, string> = {};
    for (const key of keys) outcomes[key] = await damageAndMend(command, scene, key);
    expect(outcomes).toEqual(
      Object.fromEntries(keys.map((key) => [key, scene.copes?.[key] ? 'coped' : 'refused as corrupt'])),
    );
    // No exception that nothing calls for.
    expect(Object.keys(scene.copes ?? {}).filter((key) => !keys.includes(key))).toEqual([]);
  });
});
