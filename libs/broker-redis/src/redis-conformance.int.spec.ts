import { startRedisServer } from '@smart-support/testing';
import { describeConformanceOn } from './spec-support/conformance';

describeConformanceOn('a plain Redis', startRedisServer);
