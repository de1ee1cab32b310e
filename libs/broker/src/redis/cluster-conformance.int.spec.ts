import { describeConformanceOn } from './spec-support/conformance';

describeConformanceOn('a Redis that is one node of a cluster', { clusterEnabled: true });
