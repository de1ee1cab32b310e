import { DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import { setting } from './setting';
import { keyNames, nameList, number, oneOf, secondsAsMs, senderPatterns, wholeNumber } from './setting-kinds';

const { storm } = DEFAULT_BROKER_OPTIONS;

/** Settings of storms: which tickets are one incident, and which count for it. Groups of `SETTINGS_TABLE`. */
export const STORM_SETTINGS = {
  storm: {
    windowMs: setting(secondsAsMs(1, 86_400), {
      name: 'STORM_WINDOW_SECONDS',
      default: String(storm.windowMs / 1000),
      meaning: 'Similar tickets that arrive within so many seconds count together.',
    }),
    ticketThreshold: setting(wholeNumber(1, 10_000), {
      name: 'STORM_TICKET_THRESHOLD',
      default: String(storm.ticketThreshold),
      meaning:
        'Strictly more requesters of similar tickets than this, the newcomer included (tickets without a requester count as one each), open a Master Incident.',
    }),
    similarity: setting(number(0, 1), {
      name: 'STORM_SIMILARITY',
      default: String(storm.similarity),
      meaning: 'Two tickets are similar tickets if the cosine of their embeddings is strictly above this.',
    }),
    baselineSimilarity: setting(number(0, 1), {
      name: 'STORM_BASELINE_SIMILARITY',
      default: String(storm.baselineSimilarity),
      meaning: 'The same for the words of tickets (TF-IDF), where one of the two has no embedding.',
    }),
    quietMs: setting(secondsAsMs(1, 604_800), {
      name: 'STORM_QUIET_SECONDS',
      default: String(storm.quietMs / 1000),
      meaning:
        'Seconds without a new member after which an incident is quiet and takes in no more; similar tickets of a rejected one may open another after as many without any, and after two hours at most.',
    }),
    reopenMs: setting(secondsAsMs(1, 2_592_000), {
      name: 'STORM_REOPEN_SECONDS',
      default: String(storm.reopenMs / 1000),
      meaning:
        'Seconds after the latest member of a quiet incident within which a new burst about the same reopens it; a later one opens a new incident that names it, and single tickets are compared with it no more.',
    }),
  },
  bursts: {
    mode: setting(oneOf(['auto', 'report', 'open', 'off']), {
      name: 'STORM_SUSPECTED',
      default: DEFAULT_BROKER_OPTIONS.bursts.mode,
      meaning:
        'What becomes of a burst of tickets about one trouble in words too different for STORM_SIMILARITY: report lists it and notifies subscribers; auto makes a Master Incident of one with more than STORM_TICKET_THRESHOLD requesters in one window if the mean probability that they report a failure is at least one half; open makes one of any with so many; off looks for none.',
    }),
    falseAlarmsPerMonth: setting(number(0.001, 1000), {
      name: 'STORM_FALSE_ALARMS_PER_MONTH',
      default: String(DEFAULT_BROKER_OPTIONS.bursts.falseAlarmsPerMonth),
      meaning: 'False suspected incidents that are acceptable in a month.',
    }),
  },
  machines: {
    channels: setting(nameList, {
      name: 'STORM_MACHINE_CHANNELS',
      default: 'alert,alerts,alerting,alertmanager,monitor,monitoring,grafana,nagios,prometheus,zabbix',
      meaning:
        'Channels of tickets that programs send: each counts by itself, under any requester, by what it is about without hosts and numbers, and one that says that all is well again never counts.',
    }),
    senders: setting(senderPatterns, {
      name: 'STORM_MACHINE_SENDERS',
      default: 'alert@*,alerts@*,alerting@*,alertmanager@*,monitor@*,monitoring@*,grafana@*,nagios@*,zabbix@*',
      meaning: 'Requesters whose tickets programs send, as those of STORM_MACHINE_CHANNELS.',
    }),
  },
  vouched: {
    channels: setting(nameList, {
      name: 'STORM_VOUCHED_CHANNELS',
      default: '',
      meaning:
        'Channels whose callers vouch for requester: with this or STORM_VOUCHED_KEYS set, a burst by requesters for whom too few vouch stays suspected, and with both set it takes one of the keys and one of the channels, because a caller names its channel itself; empty for any channel.',
    }),
    keys: setting(keyNames, {
      name: 'STORM_VOUCHED_KEYS',
      default: '',
      meaning:
        'Names of API keys whose callers vouch for requester, as STORM_VOUCHED_CHANNELS, each one of API_KEYS (a worker does not check that) with a role that sends tickets, or the key that stands for a source of HOOKS_FILE (see operations); empty for any key, or none.',
    }),
  },
  escapes: {
    novelSignals: setting(nameList, {
      name: 'STORM_NOVEL_SIGNALS',
      default:
        'exposure_misuse,exposure_leak,exposure_court,exposure_authority,exposure_lawyer,harm_danger,harm_vulnerable',
      meaning:
        'Urgency signals by which a similar ticket is linked to its incident but still routed, if fewer than half of the founders of the incident say the same.',
    }),
    alwaysRoutedSignals: setting(nameList, {
      name: 'STORM_ALWAYS_ROUTED_SIGNALS',
      default: 'harm_danger,exposure_leak,exposure_court',
      meaning:
        'Urgency signals by which a ticket is routed in any incident, also where its founders have it: danger to persons, a leak of personal data, a court; one that waits for an agent goes on waiting when its incident opens.',
    }),
  },
} as const;
