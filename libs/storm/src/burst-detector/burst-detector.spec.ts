import type { ArrivedEntry } from '../log/storm-entry';
import { words } from '../spec-support/storm-log';
import { type QuantisedVector, quantise } from '../vectors/quantised-vector';
import { type KnownIncidents, BurstDetector } from './burst-detector';
import type { SeedReference } from './seed-reference';

const LENGTH = 64;
const HOUR = 3_600_000;
const WINDOW = 300_000;
const RULES = { falseAlarmsPerMonth: 1, ticketThreshold: 10 };
const NO_INCIDENTS: KnownIncidents = {
  isMember: () => false,
  isMemberOrOfRejected: () => false,
  suspectedIncidentOf: () => null,
};

/** Vectors in all directions, and paraphrases: vectors around a common one, at cosines of some 0.7 to each other. */
function aSource(seed: number) {
  let state = seed + 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const anything = (): Float64Array => Float64Array.from({ length: LENGTH }, random);
  const trouble = anything();
  return {
    anything: () => quantise(anything()),
    paraphrase: () => {
      const other = anything();
      return quantise(trouble.map((value, index) => value + 0.65 * (other[index] ?? 0)));
    },
  };
}

/** A burst detector, and tickets that arrive one second after each other. */
class Scene {
  nowMs = 1_000 * HOUR;
  count = 0;
  model = 'spec';
  readonly source = aSource(7);
  readonly detector: BurstDetector;

  constructor(seed: SeedReference = { model: '', vectors: [] }) {
    this.detector = new BurstDetector(WINDOW, RULES, seed);
  }

  arrive(vector: QuantisedVector, requester: string | null = null, incidents: KnownIncidents = NO_INCIDENTS) {
    return this.detector.observe(this.entryOf(vector, requester), incidents);
  }

  /** A ticket whose entry is written so long after it was received. */
  receivedLate(lateMs: number): void {
    const entry = this.entryOf(this.source.anything());
    this.detector.observe({ ...entry, received_ms: entry.received_ms - lateMs }, NO_INCIDENTS);
  }

  entryOf(vector: QuantisedVector, requester: string | null = null): ArrivedEntry {
    this.nowMs += 1_000;
    return {
      kind: 'arrived',
      id: `${this.nowMs}-0`,
      at_ms: this.nowMs,
      ticket_id: `T${(this.count += 1)}`,
      received_ms: this.nowMs,
      requester,
      embedding: { model: this.model, numbers: vector.numbers },
      words: words(),
      severe_signal: null,
      failure: 0,
      identifiers: '',
      is_machine: false,
    };
  }

  /** A normal day, too long ago to be part of a burst. */
  learn(count: number): void {
    for (let index = 0; index < count; index += 1) this.arrive(this.source.anything());
    this.nowMs += 2 * HOUR;
  }

  /** How many paraphrases it takes. */
  untilFound(most: number): number | null {
    for (let reports = 1; reports <= most; reports += 1) {
      this.arrive(this.source.anything());
      if (this.arrive(this.source.paraphrase())) return reports;
    }
    return null;
  }
}

describe('a burst detector', () => {
  it('finds a burst of paraphrases that the rule of storms does not find, after a few of them', () => {
    const scene = new Scene();
    scene.learn(900);
    const reports = scene.untilFound(20);
    expect(reports).toBeGreaterThanOrEqual(6);
    expect(reports).toBeLessThanOrEqual(9);
  });

  it('returns the newcomer and the tickets similar to it, and the similarity above which others belong to them', () => {
    const scene = new Scene();
    scene.learn(900);
    let burst = null;
    while (!burst) burst = scene.arrive(scene.source.paraphrase());
    expect(burst.ticketIds.at(-1)).toBe(`T${scene.count}`);
    expect(burst.ticketIds.length).toBeGreaterThanOrEqual(6);
    expect(burst.similarity).toBeGreaterThanOrEqual(0.55);
    expect(burst.similarity).toBeLessThan(0.9);
  });

  it('raises no more false alarms than allowed', () => {
    const scene = new Scene();
    scene.learn(900);
    const raised = Array.from({ length: 2_000 }, () => scene.arrive(scene.source.anything())).filter(Boolean);
    // One in a month is put up with, and these are the tickets of two small ones.
    expect(raised.length).toBeLessThanOrEqual(2);
  });

  it('tests a limited number of tickets a second, and still finds a burst in dense traffic', () => {
    const scene = new Scene();
    scene.learn(900);
    const burst = Array.from({ length: 200 }, () => {
      scene.nowMs -= 990;
      return scene.arrive(scene.source.paraphrase());
    });
    expect(burst.filter(Boolean).length).toBeGreaterThan(0);
    expect(burst.filter(Boolean).length).toBeLessThan(45);
  });

  it('that learns the tickets another one has tested continues as that one', () => {
    const scene = new Scene();
    scene.learn(900);
    const entries = Array.from({ length: 12 }, () => scene.entryOf(scene.source.paraphrase()));
    for (const entry of entries.slice(0, -1)) scene.detector.learn(entry, NO_INCIDENTS);
    const burst = scene.detector.observe(entries.at(-1)!, NO_INCIDENTS);
    expect(burst?.ticketIds).toEqual(entries.map(({ ticket_id }) => ticket_id));
  });

  it('keeps its window when a ticket arrives in the middle of a burst that was received long before', () => {
    const scene = new Scene();
    scene.learn(900);
    for (let index = 0; index < 6; index += 1) scene.arrive(scene.source.paraphrase());
    scene.receivedLate(600_000);
    expect(scene.untilFound(3)).not.toBeNull();
  });

  it('compares tickets of one model and one length only', () => {
    const scene = new Scene();
    scene.learn(900);
    for (let index = 0; index < 8; index += 1) {
      scene.model = 'another';
      expect(scene.arrive(scene.source.paraphrase())).toBeNull();
      scene.model = 'spec';
      expect(scene.arrive(quantise([1, 2, 3]))).toBeNull();
    }
  });

  it('continues with the window of another one', () => {
    const first = new Scene();
    first.learn(900);
    const burst = Array.from({ length: 5 }, () => first.entryOf(first.source.paraphrase()));
    for (const entry of burst) first.detector.observe(entry, NO_INCIDENTS);
    const other = new Scene();
    other.detector.restore(first.detector.snapshot());
    for (const entry of burst) other.detector.recall(entry);
    other.nowMs = first.nowMs;
    other.count = first.count;
    expect(other.untilFound(5)).not.toBeNull();
  });

  it('finds no burst in what people write every day', () => {
    const scene = new Scene();
    for (let index = 0; index < 900; index += 1) {
      scene.arrive(index % 3 === 0 ? scene.source.paraphrase() : scene.source.anything());
    }
    scene.nowMs += 2 * HOUR;
    for (let index = 0; index < 300; index += 1) {
      expect(scene.arrive(index % 3 === 0 ? scene.source.paraphrase() : scene.source.anything())).toBeNull();
    }
  });

  it('requires as many similar tickets as the latest rules say, as long as it uses the seed reference', () => {
    const { anything } = aSource(3);
    const scene = new Scene({ model: 'spec', vectors: Array.from({ length: 1_000 }, anything) });
    scene.detector.adoptRules({ windowMs: WINDOW, ticketThreshold: 30 });
    expect(scene.untilFound(14)).toBeNull();
    scene.detector.adoptRules({ windowMs: WINDOW, ticketThreshold: 10 });
    expect(scene.untilFound(2)).toBe(1);
  });

  it('counts one requester once, however often they write', () => {
    const scene = new Scene();
    scene.learn(900);
    for (let index = 0; index < 60; index += 1) {
      expect(scene.arrive(scene.source.paraphrase(), 'angry@example.org')).toBeNull();
      scene.arrive(scene.source.anything());
    }
  });

  it('excludes members of incidents, and suspects no second incident of them', () => {
    const scene = new Scene();
    scene.learn(900);
    const isMember = (id: string): boolean => Number(id.slice(1)) > 900;
    const incidents: KnownIncidents = { isMember, isMemberOrOfRejected: isMember, suspectedIncidentOf: () => null };
    for (let index = 0; index < 60; index += 1) {
      expect(scene.arrive(scene.source.paraphrase(), null, incidents)).toBeNull();
    }
  });

  it('requires more tickets than the threshold as long as it has the seed reference only', () => {
    const { anything } = aSource(3);
    const scene = new Scene({ model: 'spec', vectors: Array.from({ length: 2_000 }, anything) });
    let burst = null;
    while (!burst) burst = scene.arrive(scene.source.paraphrase());
    expect(burst.ticketIds.length).toBeGreaterThan(RULES.ticketThreshold);
    expect(burst.ticketIds.length).toBeLessThan(20);
  });

  it('has no reference at first, and finds nothing then', () => {
    expect(new Scene().untilFound(60)).toBeNull();
  });

  it('continues from the snapshot of another one', () => {
    const first = new Scene();
    first.learn(900);
    const other = new Scene();
    other.detector.restore(
      JSON.parse(JSON.stringify(first.detector.snapshot())) as ReturnType<BurstDetector['snapshot']>,
    );
    other.nowMs = first.nowMs;
    const reports = other.untilFound(20);
    expect(reports).toBeGreaterThanOrEqual(6);
    expect(reports).toBeLessThanOrEqual(9);
  });

  it('returns the common matters of the last days once an hour, after some steps', () => {
    const scene = new Scene();
    const daily = scene.source.anything();
    for (let index = 0; index < 600; index += 1) scene.arrive(index % 4 === 0 ? daily : scene.source.anything());
    const surveyed = (): number[] =>
      Array.from({ length: 60 }, () => scene.detector.surveyCommonMatters(scene.nowMs, 0.9)).flatMap(
        (matters) => matters?.matters.map(({ tickets }) => tickets) ?? [],
      );
    expect(surveyed()).toEqual([]);
    scene.nowMs += 2 * HOUR;
    expect(surveyed()).toEqual([150]);
    expect(surveyed()).toEqual([]);
    scene.nowMs += HOUR;
    expect(surveyed()).toEqual([150]);
  });

  it('finds a burst of failure reports in a new service with the eleventh, and continues the same incident', () => {
    const scene = new Scene();
    const report = () => ({ ...scene.entryOf(scene.source.paraphrase()), failure: 0.9 });
    const bursts = Array.from({ length: 11 }, () => scene.detector.observe(report(), NO_INCIDENTS));
    expect(bursts.slice(0, 10)).toEqual(Array(10).fill(null));
    expect(bursts[10]).toMatchObject({ incidentId: null });
    const held = new Set(bursts[10]?.ticketIds);
    expect(held.size).toBe(11);
    const isMember = (id: string): boolean => held.has(id);
    const known = {
      isMember,
      isMemberOrOfRejected: isMember,
      suspectedIncidentOf: (id: string) => (held.has(id) ? 'maybe' : null),
    };
    const next = scene.detector.observe(report(), known);
    expect(next).toMatchObject({ incidentId: 'maybe' });
    expect(next?.ticketIds).toHaveLength(12);
    for (const id of next?.ticketIds ?? []) held.add(id);
    expect(scene.detector.observe({ ...report(), failure: 0 }, known)).toBeNull();
  });

  it('keeps members of an incident out of the reference, also once the incident has forgotten them', () => {
    const scene = new Scene();
    const held = new Set<string>();
    const incidents: KnownIncidents = {
      isMember: (id) => held.has(id),
      isMemberOrOfRejected: (id) => held.has(id),
      suspectedIncidentOf: () => null,
    };
    for (let index = 0; index < 15; index += 1) scene.arrive(scene.source.anything(), null, incidents);
    for (let index = 0; index < 10; index += 1) scene.arrive(scene.source.paraphrase(), null, incidents);
    // It opens with the next one.
    for (let index = 16; index <= 60; index += 1) held.add(`T${index}`);
    while (scene.count < 60) scene.arrive(scene.source.paraphrase(), null, incidents);
    held.clear();
    scene.nowMs += 2 * HOUR;
    scene.arrive(scene.source.anything(), null, incidents);
    const reference = scene.detector.snapshot().reference.map(({ ticket_id }) => ticket_id);
    expect(new Set(reference)).toEqual(new Set([...Array.from({ length: 15 }, (_, index) => `T${index + 1}`), 'T61']));
  });

  it('does not count members of an incident as a sudden burst', () => {
    const scene = new Scene();
    scene.learn(900);
    const held = new Set<string>();
    const isHeld = (id: string): boolean => held.has(id);
    const incidents: KnownIncidents = {
      isMember: isHeld,
      isMemberOrOfRejected: isHeld,
      suspectedIncidentOf: () => null,
    };
    // Every sixth ticket is about one matter, before and after an incident about it.
    const steady = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        scene.arrive(at % 6 === 0 ? scene.source.paraphrase() : scene.source.anything(), null, incidents),
      );
    steady(600);
    for (let report = 0; report < 40; report += 1) {
      held.add(`T${scene.count + 1}`);
      scene.arrive(scene.source.paraphrase(), null, incidents);
    }
    expect(steady(60).filter(Boolean)).toEqual([]);
  });

  it('ignores tickets without an embedding', () => {
    const scene = new Scene();
    const entry = { ...blank, embedding: null } as ArrivedEntry;
    expect(scene.detector.observe(entry, NO_INCIDENTS)).toBeNull();
  });
});

const blank: ArrivedEntry = {
  kind: 'arrived',
  id: '1-0',
  at_ms: 1,
  ticket_id: 'T',
  received_ms: 1,
  requester: null,
  embedding: null,
  words: words(),
  severe_signal: null,
  failure: 0,
  identifiers: '',
  is_machine: false,
};
