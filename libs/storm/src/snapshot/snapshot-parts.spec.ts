import { StormLog, embedding, words } from '../spec-support/storm-log';
import { snapshotFromParts, snapshotParts } from './snapshot-parts';

/** A log with many tickets and some incidents. */
function aBusyLog(): StormLog {
  const log = new StormLog();
  for (let index = 0; index < 3_000; index += 1) {
    log.arrive({ requester: `r${index}`, embedding: embedding((index % 4) * 90, index % 5), words: words([index, 1]) });
  }
  log.append({ kind: 'opened_by_hand', incident_id: 'mine', title: 'Mine', ticket_ids: ['T1', 'T2'] });
  log.append({ kind: 'unlinked', incident_id: 'mine', ticket_id: 'T1' });
  return log;
}

describe('the parts of a snapshot', () => {
  it('join to the same snapshot, and none is long', () => {
    const snapshot = aBusyLog().detector.snapshot();
    const parts = [...snapshotParts(snapshot)];
    expect(snapshotFromParts(parts)).toEqual(JSON.parse(JSON.stringify(snapshot)));
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(part.length).toBeLessThan(70_000);
  });

  it.each([
    ['nothing', []],
    ['another format', ['{"format":1}']],
    ['no JSON', ['{']],
    ['no object', ['null']],
  ])('that are %s are refused', (_what, parts) => {
    expect(() => snapshotFromParts(parts)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });
});
