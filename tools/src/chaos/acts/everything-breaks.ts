import { FaultDirector } from '../faults';
import { describeFault, makePlan } from '../plan';
import type { RunReport } from '../report/run-report';
import { type ActSetup, Performance } from './performance';

/** Tickets come in and are completed while workers, Redis, the gateway and connections break. */
export async function everythingBreaks(setup: ActSetup): Promise<RunReport> {
  const { options } = setup;
  const plan = makePlan(options);
  console.log(`The plan of seed ${options.seed}:\n${plan.map((fault) => `  ${describeFault(fault)}`).join('\n')}\n`);
  const performance = await Performance.open(setup, { redisUp: true, throughProxy: true, holdsBack: true });
  const { stage, progress, ledger } = performance;
  const director = new FaultDirector({ plan, stage, ledger, tell: (what) => progress.tell(what) });
  setup.cleanUp.add(() => director.end());
  performance.onSent = (sent) => director.progress(sent);
  const { happened } = director;
  performance.extraLine = () =>
    `kills ${happened['worker-kill']}, stops ${happened['worker-stop']}, Redis ${happened['redis-restart'] + happened.failover + happened.reshard}, ` +
    `gateway ${happened['gateway-kill']}, cuts ${stage.proxy?.made ?? 0}`;

  const parcels = performance.parcels();
  await Promise.all([
    performance.send(parcels),
    director.direct(),
    performance.plantPoison(options.poison, 'A ticket that is about to be spoilt'),
  ]);
  return performance.conclude({ plan, happened, phases: [] });
}
