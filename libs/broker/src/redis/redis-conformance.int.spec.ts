import { describeConformanceOn } from './spec-support/conformance';

describeConformanceOn('a plain Redis', {});
