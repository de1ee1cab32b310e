import { metricIn, sumIn } from './gateway-metrics';

const EXPOSITION = `# HELP lag_seconds The p99.
# TYPE lag_seconds gauge
lag_seconds 0.0104
lag_seconds_total 7
# TYPE fallbacks_total counter
fallbacks_total{model="a b",reason="failed"} 2
fallbacks_total{model="a b",reason="open"} 3
`;

describe('a metric', () => {
  it('is found by its whole name', () => {
    expect(metricIn(EXPOSITION, 'lag_seconds')).toBe(0.0104);
    expect(() => metricIn(EXPOSITION, 'lag')).toThrow('does not report lag');
  });

  it('with labels is added up', () => {
    expect(sumIn(EXPOSITION, 'fallbacks_total')).toBe(5);
    expect(sumIn(EXPOSITION, 'fallbacks_total', 'reason="open"')).toBe(3);
    expect(sumIn(EXPOSITION, 'fallbacks')).toBe(0);
  });
});
