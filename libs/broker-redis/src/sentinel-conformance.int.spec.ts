import { startRedisWithSentinels } from '@smart-support/testing';
import { describeConformanceOn } from './spec-support/conformance';

describeConformanceOn(
  'a master with two replicas behind sentinels, each write confirmed by a replica',
  startRedisWithSentinels,
  1,
);
