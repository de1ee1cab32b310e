import { only, type OpenScene, type Scene } from './scene';

/** How storms tell requesters apart. */
export function describeRequesters(open: OpenScene): void {
  /** Judges similar tickets, one of each requester. */
  const judged = async (scene: Scene, requesters: readonly string[]): Promise<void> => {
    for (const [index, requester] of requesters.entries()) {
      await scene.accept({ id: `of-${index}`, input: { requester } });
      await scene.commitAsJudged(only(await scene.broker.queue.claim(1)));
    }
  };

  describe('a requester', () => {
    it('counts once in a storm, however the mail address is written', async () => {
      const scene = await open();
      const spellings = [
        'Mara Lind <Mara@Example.com>',
        'mara@example.com',
        ' MARA@EXAMPLE.COM ',
        '<mara@example.com>',
      ];
      await judged(scene, spellings);
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      expect(await scene.storm(['e', 'f'])).toMatchObject({ member_count: 6, requester_count: 3 });
    });

    it('that is empty is none: such tickets count one by one', async () => {
      const scene = await open();
      await judged(scene, ['', ' ', '\t\n']);
      const incident = only((await scene.broker.incidents.list()).incidents);
      expect(incident).toMatchObject({ member_count: 3, requester_count: 3 });
    });
  });
}
