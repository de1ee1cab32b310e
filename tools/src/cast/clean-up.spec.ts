import { CleanUp } from './clean-up';

describe('cleaning up', () => {
  it('ends what was started last first, once', async () => {
    const ended: string[] = [];
    const cleanUp = new CleanUp();
    for (const name of ['redis', 'gateway', 'workers']) cleanUp.add(() => void ended.push(name));
    await Promise.all([cleanUp.run(), cleanUp.run()]);
    expect(ended).toEqual(['workers', 'gateway', 'redis']);
  });

  it('goes on when one thing cannot be ended, and says so', async () => {
    const complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    let ended = false;
    const cleanUp = new CleanUp();
    cleanUp.add(() => {
      ended = true;
    });
    cleanUp.add(() => Promise.reject(new Error('it will not go')));
    await cleanUp.run();
    expect(ended).toBe(true);
    expect(complaints).toHaveBeenCalledWith('Cleaning up:', 'it will not go');
    complaints.mockRestore();
  });

  it('ends at once what is started while everything is being ended', async () => {
    const cleanUp = new CleanUp();
    await cleanUp.run();
    let ended = false;
    cleanUp.add(() => {
      ended = true;
    });
    await cleanUp.run();
    expect(ended).toBe(true);
  });
});
