export { parseFaults, type Faults } from './faults';
export { followFaults, type FaultsFollower, type FollowFaultsOptions } from './follow-faults';
