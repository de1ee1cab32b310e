export { rankAgents } from './rank-agents';
export { AgentRegistry } from './agent-registry';
export { parseRoster } from './parse-roster';
export { DEMO_ROSTER } from './demo-roster';
