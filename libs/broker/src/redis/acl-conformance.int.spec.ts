import { describeConformanceOn } from './spec-support/conformance';
import { asDocumentedUser } from './spec-support/documented-rights';

describeConformanceOn('a Redis whose user has the documented rights only', {}, asDocumentedUser);
