import { FetchFailed, explainFileError } from './errors';

const fileError = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'write' });

describe('an error of the file system', () => {
  it.each([
    ['ENOSPC', 'm.onnx could not be written: the disk is full.'],
    ['EROFS', 'm.onnx could not be written: the disk is read-only.'],
    ['EWHAT', 'm.onnx could not be written: the file system reports EWHAT.'],
    ['constructor', 'm.onnx could not be written: the file system reports constructor.'],
  ])('%s becomes one sentence that names the file', (code, sentence) => {
    const explained = explainFileError('m.onnx', fileError(code));
    expect(explained).toBeInstanceOf(FetchFailed);
    expect(explained).toHaveProperty('message', sentence);
  });

  it('passes other errors through', () => {
    const others = [new TypeError('x'), Object.assign(new Error('x'), { code: 'ECONNRESET' }), undefined, 'text'];
    for (const error of others) expect(explainFileError('m.onnx', error)).toBe(error);
  });
});
