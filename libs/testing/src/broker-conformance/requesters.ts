import { only, type OpenHarness, type BrokerHarness } from './broker-harness';

/** How storms distinguish requesters. */
export function describeRequesters(open: OpenHarness): void {
  /** Judges similar tickets, one of each requester. */
  const judged = async (harness: BrokerHarness, requesters: readonly string[]): Promise<void> => {
    for (const [index, requester] of requesters.entries()) {
      await harness.accept({ id: `of-${index}`, input: { requester } });
      await harness.commitAsJudged(only(await harness.broker.queue.claim(1)));
    }
  };

  describe('a requester', () => {
    it('counts once in a storm, however the mail address is written', async () => {
      const harness = await open();
      const spellings = [
        'Mara Lind <Mara@Example.com>',
        'mara@example.com',
        ' MARA@EXAMPLE.COM ',
        '<mara@example.com>',
      ];
      await judged(harness, spellings);
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      expect(await harness.storm(['e', 'f'])).toMatchObject({ member_count: 6, requester_count: 3 });
    });

    it('that is empty is none: such tickets count one by one', async () => {
      const harness = await open();
      await judged(harness, ['', ' ', '\t\n']);
      const incident = only((await harness.broker.incidents.list()).incidents);
      expect(incident).toMatchObject({ member_count: 3, requester_count: 3 });
    });
  });
}
