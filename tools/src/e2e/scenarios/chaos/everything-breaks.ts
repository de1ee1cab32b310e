import type { ChaosSetup } from './environment';
import { ChaosRun } from './chaos-run';
import { FaultInjector } from './fault-injector';
import { describeFault, makePlan } from './plan';
import type { RunReport } from './run-report';

/** Tickets arrive and are completed while workers, Redis, the gateway and connections break. */
export async function everythingBreaks(setup: ChaosSetup): Promise<RunReport> {
  const { options } = setup;
  const plan = makePlan(options);
  console.log(`The plan of seed ${options.seed}:\n${plan.map((fault) => `  ${describeFault(fault)}`).join('\n')}\n`);
  const run = await ChaosRun.start(setup, { redisUp: true, throughProxy: true, limitsBacklog: true });
  const { parts, progress, ledger } = run;
  const injector = new FaultInjector({ plan, parts, ledger, print: (line) => progress.printTimed(line) });
  setup.cleanUp.defer(() => injector.stop());
  run.onSent = (sent) => injector.setSentCount(sent);
  const { happened } = injector;
  run.extraLine = () =>
    `kills ${happened['worker-kill']}, stops ${happened['worker-stop']}, Redis ${happened['redis-restart'] + happened.failover + happened.reshard}, ` +
    `gateway ${happened['gateway-kill']}, cuts ${parts.store.proxy?.cutCount ?? 0}`;
  await Promise.all([
    run.sendAll(run.plannedRequests()),
    injector.injectAll(),
    run.plantPoison(options.poison, 'A ticket that will be corrupted'),
  ]);
  return run.conclude({ plan, happened, phases: [] });
}
