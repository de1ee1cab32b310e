import type { PackageManifest, Project } from '../workspace/projects';
import { findCompanions } from './companions';

const project = (name: string, manifest: Partial<PackageManifest> = {}): Project => ({
  name,
  directory: `/${name}`,
  manifest: { name: `@our/${name}`, version: '1.0.0', ...manifest },
});

const contracts = project('contracts');
const broker = project('broker', { dependencies: { '@our/contracts': '1.0.0' } });
const fakes = project('fakes', { private: true });
const pipeline = project('pipeline', {
  dependencies: { '@our/contracts': '1.0.0', zod: '4.0.0' },
  devDependencies: { '@our/broker': '1.0.0', '@our/fakes': '1.0.0' },
});
const stranger = project('stranger');
const all = [contracts, broker, fakes, pipeline, stranger];

describe('what an example asks to install beside its library', () => {
  it('is nothing when the library brings all it shows', () => {
    expect(findCompanions(['@our/pipeline', '@our/contracts', 'zod'], pipeline, all)).toEqual([]);
  });

  it('are other packages of ours, known as development dependencies', () => {
    expect(findCompanions(['@our/broker', '@our/pipeline'], pipeline, all)).toEqual([broker]);
  });

  it('must be built before: a package that is not listed is refused', () => {
    expect(() => findCompanions(['@our/pipeline', '@our/stranger'], pipeline, all)).toThrow('devDependencies');
  });

  it('must be there for the user: a private package is refused', () => {
    expect(() => findCompanions(['@our/pipeline', '@our/fakes'], pipeline, all)).toThrow('not published');
  });

  it('cannot be told from an example of something else', () => {
    expect(() => findCompanions(['@our/broker'], pipeline, all)).toThrow('does not use @our/pipeline');
  });
});
