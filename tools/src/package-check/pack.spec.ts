import type { Project } from '../workspace/projects';
import { workspaceDependencies } from './pack';

const project = (name: string, ...dependencies: string[]): Project => ({
  name,
  directory: `/${name}`,
  manifest: {
    name: `@our/${name}`,
    version: '1.0.0',
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1.0.0'])),
  },
});

describe('the packages a library brings along', () => {
  const contracts = project('contracts', 'zod');
  const registry = project('registry', '@our/contracts');
  const broker = project('broker', '@our/registry', 'zod', '@our/contracts');
  const all = [contracts, registry, broker];

  it('are those of the workspace that it needs, directly or through others, each once', () => {
    expect(workspaceDependencies(broker, all)).toEqual([registry, contracts]);
    expect(workspaceDependencies(contracts, all)).toEqual([]);
  });

  it('never include itself, even in a circle', () => {
    const egg = project('egg', '@our/hen');
    const hen = project('hen', '@our/egg');
    expect(workspaceDependencies(egg, [egg, hen])).toEqual([hen]);
  });
});
