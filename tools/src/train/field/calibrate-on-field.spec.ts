import { calibrateOnField, type FieldAnswers, scoreLeavingOneFileOut, scoreOnField } from './calibrate-on-field';

/** Answers of which every `wrongEvery`th is wrong and unsure, the others right and sure. */
const aFile = (name: string, wrongEvery: number): FieldAnswers => ({
  name,
  truth: Array.from({ length: 60 }, () => 0),
  logits: Array.from({ length: 60 }, (_, i) => (i % wrongEvery === 0 ? [0, 0.4, 0] : [3, 0, 0])),
  none: Array.from({ length: 60 }, (_, i) => -5 - i / 100),
});

/** Texts that are no ticket, of which the model knows four in five. */
const noTickets: FieldAnswers = {
  name: 'none',
  truth: Array.from({ length: 50 }, () => -1),
  logits: Array.from({ length: 50 }, () => [4, 0, 0]),
  none: Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? -6 : 2)),
};

describe('calibrating by strangers’ texts', () => {
  it('asks a person about the fewest tickets with which the others are right often enough', () => {
    const files = [aFile('a', 3), aFile('b', 5)];
    const calibration = calibrateOnField([...files, noTickets]);
    for (const file of files) {
      const score = scoreOnField(file, calibration);
      expect(score.accuracyWithoutReview).toBe(1);
      expect(score.reviewed).toBeCloseTo(1 - score.accuracy, 9);
    }
    expect(scoreOnField(noTickets, calibration)).toMatchObject({ reviewed: 0.8, accuracy: NaN });
  });

  it('asks about nothing that need not be asked about where all is right', () => {
    const sure = { ...aFile('a', 3), logits: Array.from({ length: 60 }, () => [3, 0, 0]) };
    expect(scoreOnField(sure, calibrateOnField([sure])).reviewed).toBe(0);
  });

  it('asks about everything where nothing helps', () => {
    const wrong = { ...aFile('a', 3), truth: Array.from({ length: 60 }, () => 2) };
    expect(scoreOnField(wrong, calibrateOnField([wrong])).reviewed).toBe(1);
  });

  it('of a model that knows nothing of other texts chooses by the confidence alone', () => {
    const { none: _none, ...file } = aFile('a', 3);
    expect(calibrateOnField([file]).noneThreshold).toBeNull();
  });

  it('scores a file by the others', () => {
    const [a, b] = scoreLeavingOneFileOut([aFile('a', 3), aFile('b', 5)]);
    expect(a).toMatchObject({ name: 'a', texts: 60 });
    expect(b?.accuracyWithoutReview).toBe(1);
  });
});
