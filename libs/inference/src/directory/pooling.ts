import { type JsonObject, invalidModel } from './json-file';

/** How the vectors of a text's tokens become the one of the text. */
export type Pooling = 'mean' | 'cls' | 'max';

const SWITCHES: Readonly<Record<string, Pooling>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
};

/**
 * Reads `1_Pooling/config.json` of sentence-transformers; without it the mean is taken.
 * @throws SmartSupportError `invalid_model` for another way of pooling, or for several at once
 */
export function poolingOf(poolingFile: string, config: JsonObject | undefined): Pooling {
  if (!config) return 'mean';
  const named = config['pooling_mode'];
  const on =
    typeof named === 'string'
      ? [`pooling_mode_${named}_tokens`]
      : Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const known = on.map((key) => SWITCHES[key] ?? SWITCHES[key.replace(/_tokens$/, '_token')]);
  const [pooling] = known;
  if (on.length === 0) return 'mean';
  if (known.length === 1 && pooling) return pooling;
  throw invalidModel(`${poolingFile} asks for ${on.join(', ')}; expected one of mean, cls or max.`);
}
