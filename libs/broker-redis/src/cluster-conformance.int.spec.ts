import { startRedisCluster } from '@smart-support/testing';
import { describeConformanceOn } from './spec-support/conformance';

describeConformanceOn('a cluster of six nodes, each write confirmed by a replica', startRedisCluster, 1);
