import { CleanUp } from './clean-up';

describe('cleaning up', () => {
  it('ends what was started last first, once', async () => {
    const ended: string[] = [];
    const cleanUp = new CleanUp();
    for (const name of ['redis', 'gateway', 'workers']) cleanUp.defer(() => void ended.push(name));
    await Promise.all([cleanUp.dispose(), cleanUp.dispose()]);
    expect(ended).toEqual(['workers', 'gateway', 'redis']);
  });

  it('continues when one step fails, and prints the error', async () => {
    const complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    let ended = false;
    const cleanUp = new CleanUp();
    cleanUp.defer(() => {
      ended = true;
    });
    cleanUp.defer(() => Promise.reject(new Error('it will not go')));
    await cleanUp.dispose();
    expect(ended).toBe(true);
    expect(complaints).toHaveBeenCalledWith('Cleaning up:', 'it will not go');
    complaints.mockRestore();
  });

  it('ends at once what is started while everything is being ended', async () => {
    const cleanUp = new CleanUp();
    await cleanUp.dispose();
    let ended = false;
    cleanUp.defer(() => {
      ended = true;
    });
    await cleanUp.dispose();
    expect(ended).toBe(true);
  });
});
