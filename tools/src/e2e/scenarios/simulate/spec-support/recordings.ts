import type { Recording, Sample } from '../recorder/recording';

/** A day without any sample, ticket or incident. */
export function anEmptyRecording(): Recording {
  return {
    ...{ seed: 1, isShort: false, startedAt: '2026-01-05T08:00:00.000Z', machine: 'a machine', lengthMs: 0 },
    ...{ versions: {}, settings: [], scenarios: [], marks: [], samples: [], posts: [], decisions: [] },
    ...{ agents: [], incidents: [], findings: [], numbers: {} },
  };
}

/** A sample of an engine without faults. */
export function aSample(different: Partial<Sample> = {}): Sample {
  return {
    ...{ atMs: 0, mode: 'async', breaker: 'closed', redis: 'up', queued: 0, suppressed: 0, workers: 2 },
    ...{ waiting: { Billing: 0, Technical: 0, Legal: 0 }, loads: {} },
    ...different,
  };
}

/** A day of ten seconds with something for every plot and table. */
export function aRecording(): Recording {
  return {
    ...anEmptyRecording(),
    lengthMs: 10_000,
    versions: { 'Node.js': '20' },
    settings: [{ name: 'LEASE_MS', value: '3000', standard: '30000', why: 'a <reason>' }],
    scenarios: [
      {
        ...{ id: 'office', title: 'office hours', story: 'all day', fromMs: 0, toMs: 10_000, tickets: 2 },
        outcome: 'fine',
      },
      {
        ...{ id: 'verbatim', title: 'verbatim storm', story: '"storm" & more', fromMs: 2000, toMs: 4000, tickets: 1 },
        outcome: 'one incident',
      },
    ],
    marks: [{ atMs: 6000, title: 'resolved', text: 'An operator resolves it.' }],
    samples: [
      aSample({ atMs: 0, loads: { mara: 1 } }),
      aSample({ atMs: 5000, mode: 'sync', redis: 'down', queued: 4, suppressed: 1, workers: 1, loads: { mara: 3 } }),
      aSample({ atMs: 9000, breaker: 'open', waiting: { Billing: 2, Technical: 1, Legal: 0 } }),
    ],
    posts: [
      { atMs: 100, scenario: 'office', waitedMs: 4, status: 202 },
      { atMs: 2100, scenario: 'verbatim', waitedMs: 0.2, status: 202 },
      { atMs: 2200, scenario: 'angry', waitedMs: 1200, status: 503 },
    ],
    decisions: [
      { atMs: 100, tookMs: 0 },
      { atMs: 2100, tookMs: 900 },
    ],
    agents: [{ id: 'mara', name: 'Mara', capacity: 3 }],
    incidents: [
      {
        ...{ id: 'incident-1', status: 'resolved', title: 'Nobody can <pay>', representative_ticket_id: 'verbatim-1' },
        ...{
          member_count: 11,
          requester_count: 11,
          degraded: true,
          held: null,
          doubtful_members: { count: 0, completed: false },
          categories: { Technical: 11 },
          max_urgency: 0.9,
        },
        ...{ opened_at: '2026-01-05T08:00:02.000Z', closed_at: '2026-01-05T08:00:06.000Z' },
        ...{ last_member_at: '2026-01-05T08:00:04.000Z', previous_incident_id: null },
        ...{ scenarios: ['verbatim'], seenFromMs: 2100, seenToMs: 10_000 },
      },
      {
        ...{ id: 'incident-2', status: 'gone', title: 'Map', representative_ticket_id: 'paraphrased-1' },
        ...{ member_count: 3, requester_count: 3, degraded: false, held: null, categories: {}, max_urgency: 0 },
        ...{ doubtful_members: { count: 0, completed: null } },
        ...{ opened_at: null, closed_at: null, last_member_at: '2026-01-05T08:00:03.000Z' },
        ...{ previous_incident_id: null, scenarios: ['paraphrased'], seenFromMs: 3000, seenToMs: 5000 },
      },
    ],
    findings: [
      { name: 'it holds', verdict: 'pass', how: '1 of 1', count: 0, examples: [] },
      { name: 'it does not hold', verdict: 'fail', how: '1 of 2', count: 1, examples: ['office-1: <lost>'] },
    ],
    numbers: { 'tickets sent': 3 },
  };
}
