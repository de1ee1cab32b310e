import { FaultInjector } from './fault-injector';
import { describeFault, makePlan } from './plan';
import type { RunReport } from './run-report';
import { type ChaosSetup, ChaosRun } from './chaos-run';

/** Tickets come in and are completed while workers, Redis, the gateway and connections break. */
export async function everythingBreaks(setup: ChaosSetup): Promise<RunReport> {
  const { options } = setup;
  const plan = makePlan(options);
  console.log(`The plan of seed ${options.seed}:\n${plan.map((fault) => `  ${describeFault(fault)}`).join('\n')}\n`);
  const performance = await ChaosRun.start(setup, { redisUp: true, throughProxy: true, holdsBack: true });
  const { stage, progress, ledger } = performance;
  const director = new FaultInjector({ plan, stage, ledger, tell: (what) => progress.tell(what) });
  setup.cleanUp.defer(() => director.stop());
  performance.onSent = (sent) => director.setSentCount(sent);
  const { happened } = director;
  performance.extraLine = () =>
    `kills ${happened['worker-kill']}, stops ${happened['worker-stop']}, Redis ${happened['redis-restart'] + happened.failover + happened.reshard}, ` +
    `gateway ${happened['gateway-kill']}, cuts ${stage.proxy?.cutCount ?? 0}`;

  const parcels = performance.parcels();
  await Promise.all([
    performance.send(parcels),
    director.injectAll(),
    performance.plantPoison(options.poison, 'A ticket that is about to be spoilt'),
  ]);
  return performance.conclude({ plan, happened, phases: [] });
}
